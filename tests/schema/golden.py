"""The documents that are kept in docs/, and validators made from them."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs"


def golden(version: str = "3.1") -> dict[str, Any]:
    """Return a version of the document as it is kept in the repository."""
    document: dict[str, Any] = json.loads((FOLDER / f"openapi-{version}.json").read_text(encoding="utf-8"))
    return document
