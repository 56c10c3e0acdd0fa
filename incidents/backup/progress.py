"""Who is told how a long step goes; `incidents.loading.load_report.Report` is one of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Step(Protocol):
    """How far a step is."""

    def reach(self, done: int) -> None:
        """Say how much is done."""


class Teller(Protocol):
    """Who is told what happens."""

    def say(self, text: str) -> None:
        """Print one line above the progress bar."""

    def progress(self, what: str, total: int, unit: str = ...) -> AbstractContextManager[Step]:
        """Show how far a step is while it lasts."""
