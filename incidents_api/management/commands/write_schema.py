"""Write the OpenAPI documents that are kept in docs/, so that a change of the API shows in the diff."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from incidents_api.openapi import VERSIONS, build_document
from incidents_api.rest.renderers import indented

MOST_LINES = 200
"""Lines of difference that are worth showing."""


class Command(BaseCommand):
    """Writes docs/openapi-*.json, or says how they differ from what the code would write."""

    help = "Write the OpenAPI documents in docs/. Warnings of drf-spectacular are errors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 if a file would change.")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs", help="Directory of the files.")

    def handle(self, *args: Any, check: bool, folder: Path, **options: Any) -> None:
        """Write, or compare; raises CommandError."""
        stale = []
        for version in VERSIONS:
            path = folder / f"openapi-{version}.json"
            new = self._document(version)
            old = path.read_text(encoding="utf-8") if path.exists() else ""
            if new == old:
                continue
            if check:
                stale.append(path.name)
                self._show(old, new, path.name)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(new, encoding="utf-8")
                self.stdout.write(f"Wrote {path}")
        if stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. If the change is intended, run: make schema")

    def _document(self, version: str) -> str:
        document = build_document(version)
        if GENERATOR_STATS:
            GENERATOR_STATS.emit_summary()
            raise CommandError(f"OpenAPI {version} would be incomplete: see the warnings above.")
        validate_schema(document)  # type: ignore[no-untyped-call]  # spectacular has no types here
        return indented(document).decode()

    def _show(self, old: str, new: str, name: str) -> None:
        lines = difflib.unified_diff(
            old.splitlines(), new.splitlines(), f"{name} as committed", f"{name} as the code says", lineterm="", n=5
        )
        for number, line in enumerate(lines):
            if number == MOST_LINES:
                self.stdout.write("… and more")
                break
            self.stdout.write(line)
