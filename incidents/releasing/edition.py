"""Editions: how the files of a release are written, apart from the records in them.

An edition has everything that a later version of the code may change: the format of documents, the columns and codes of
tables with their definitions (the codebook), and the texts of the descriptive files. A release keeps the edition in
which it was made, and its files are rebuilt in that edition, so columns and texts that are added later do not reach it.
Equal editions are stored once.

What is not in here is code. If a change of code changes files, raise `LAYOUT` and write the files of editions with a
lower number as before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import orjson

from incidents.codebook import NEVER_EMPTY, codebook
from incidents.ledger import shapes
from incidents.ledger.models import ReleaseEdition
from incidents.releasing.texts import TEXTS, Texts
from incidents.tables import POINT, Column, Table
from incidents.vocabulary import Term, Vocabulary

LAYOUT = 2
"""Number of the code that writes the files; 1 is that of version 0.1.0, whose GeoJSON has documents as properties."""

KEYS = {
    "incident": {"dataset": "datasets", "location_id": "locations"},
    "location": {"parent_id": "locations"},
}
"""Kind → columns that hold an id, each with the table that it refers to."""

EARLIER = Path(__file__).parent / "editions"
"""The editions of versions whose releases did not keep theirs, by version."""


@dataclass(frozen=True)
class Edition:
    """One edition, read from its content: a JSON object with the members that `current_edition` gives it."""

    content: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @cached_property
    def _parsed(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.content)
        return parsed

    @property
    def layout(self) -> int:
        """Number of the code that writes the files, see `LAYOUT`."""
        return int(self._parsed["layout"])

    @property
    def shape(self) -> int:
        """Number of the format of documents, see `incidents.ledger.shapes`."""
        return int(self._parsed["shape"])

    @property
    def keys(self) -> Mapping[str, Mapping[str, str]]:
        """Foreign keys, see `KEYS`."""
        keys: Mapping[str, Mapping[str, str]] = self._parsed["keys"]
        return keys

    @property
    def codebook(self) -> dict[str, Any]:
        """The codebook, without datasets' own fields."""
        told: dict[str, Any] = self._parsed["codebook"]
        return told

    @cached_property
    def texts(self) -> Texts:
        """Templates of the descriptive files."""
        return Texts(**self._parsed["texts"])

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by kind, as the codebook defines them."""
        vocabularies = {each["name"]: _vocabulary(each) for each in self.codebook["vocabularies"]}
        return {each["kind"]: _table(each, vocabularies) for each in self.codebook["tables"]}

    def has(self, kind: str, path: str) -> bool:
        """True if documents of this kind have a field, given by its path."""
        return any(
            each["kind"] == kind and any(field["path"] == path for field in each["fields"])
            for each in self.codebook["documents"]
        )

    def stored(self) -> ReleaseEdition:
        """Row of this edition, which is written if it is the first one."""
        return ReleaseEdition.objects.get_or_create(digest=self.digest, defaults={"content": self.content})[0]


def current_edition() -> Edition:
    """Edition of this version of the code, in which new releases are made."""
    content = {
        "layout": LAYOUT,
        "shape": shapes.latest(),
        "keys": KEYS,
        "texts": TEXTS._asdict(),
        "codebook": codebook(),
    }
    return Edition(orjson.dumps(content).decode())


@cache
def earlier_editions() -> tuple[Edition, ...]:
    """Editions of versions whose releases did not keep theirs, oldest first."""
    return tuple(Edition(path.read_text(encoding="utf-8")) for path in sorted(EARLIER.glob("*.json")))


def _vocabulary(told: Mapping[str, Any]) -> Vocabulary:
    terms = (Term(each["code"], each["label"], each["definition"]) for each in told["terms"])
    return Vocabulary(told["name"], told["definition"], *terms, ordered=told["ordered"])


def _table(told: Mapping[str, Any], vocabularies: Mapping[str, Vocabulary]) -> Table:
    columns = tuple(_column(each, vocabularies) for each in told["columns"])
    names = {column.name for column in columns}
    return Table(told["kind"], columns, point=POINT if names >= set(POINT) else None)


def _column(told: Mapping[str, Any], vocabularies: Mapping[str, Vocabulary]) -> Column:
    path, _, gathered = told["path"].partition("[].")
    return Column(
        told["name"],
        tuple(path.split(".")),
        told["type"],
        told["definition"],
        missing="" if told["empty"] == NEVER_EMPTY else told["empty"],
        unit=told["unit"] or "",
        vocabulary=vocabularies[told["vocabulary"]] if told["vocabulary"] else None,
        hxl=told["hxl"] or "",
        gathered=tuple(gathered.split(".")) if gathered else (),
        editable=told["editable"],
    )
