"""Protocols for reporting progress; `incidents.loading.load_report.Report` implements them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Step(Protocol):
    """How far a step is."""

    def reach(self, done: int) -> None:
        """Say how much is done."""


class Teller(Protocol):
    """Receives lines and progress of a long step."""

    def say(self, text: str) -> None:
        """Print one line above the progress bar."""

    def progress(self, what: str, total: int, unit: str = ...) -> AbstractContextManager[Step]:
        """Show how far a step is while it lasts."""
