"""What a load would do to what is published: a digest for the terminal, all of it for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import orjson

from incidents.ledger.denormalisation import Document
from incidents.loading.errors import SHOWN

UNSET = ("revision", "published")
RECORDS_TOLD = 10
"""Records of each kind of change that the terminal shows."""

FIELDS_TOLD = 8
IDS_KEPT = 5

Pairs = dict[str, tuple[Any, Any]]


class Difference:
    """Takes every added, changed and withdrawn incident; keeps a few, counts all, and writes all to `file`, if any.

    The file has one JSON object a line: `change`, `id`, and of a changed record `fields` with before and after.
    """

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self._file = file
        self.added = self.changed = self.withdrawn = 0
        self.fields: Counter[str] = Counter()
        self._ids: dict[str, list[str]] = {"added": [], "withdrawn": []}
        self._changes: list[tuple[str, Pairs]] = []

    def take(self, before: Document | None, after: Document) -> None:
        """Take an incident that is published for the first time, or otherwise than before."""
        public_id = str(after["id"])
        if before is None:
            self.added += 1
            self._keep("added", public_id)
            return
        pairs = differing(before, after)
        self.changed += 1
        self.fields.update(list(pairs))
        if len(self._changes) < RECORDS_TOLD:
            self._changes.append((public_id, pairs))
        self._write(
            {"change": "changed", "id": public_id, "fields": {name: list(pair) for name, pair in pairs.items()}}
        )

    def withdraw(self, ids: Iterable[str]) -> None:
        """Take incidents that are withdrawn."""
        for public_id in ids:
            self.withdrawn += 1
            self._keep("withdrawn", public_id)

    def finish(self) -> None:
        """Write what waits in memory: to be called before the load is committed, since it may fail."""
        if self._file is not None:
            self._file.flush()

    def told(self, counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
        """Yield the lines that tell it; `counts` are those of the publication, by kind of record."""
        for change, number in (("added", self.added), ("withdrawn", self.withdrawn)):
            if number:
                yield f"{change} {number:,}: {_some(self._ids[change], number)}"
        yield from self._changed()
        others = [
            f"{kind}s {change} {number:,}"
            for kind, changes in counts.items()
            for change, number in changes.items()
            if kind != "incident" and change != "unchanged" and number
        ]
        if others:
            yield f"besides: {', '.join(others)}"

    def _changed(self) -> Iterator[str]:
        if self.changed:
            fields = ", ".join(f"{name} {number:,}" for name, number in self.fields.most_common())
            yield f"changed {self.changed:,}, by field: {fields}"
        for public_id, pairs in self._changes:
            yield f"  {public_id}"
            for name, (old, new) in list(pairs.items())[:FIELDS_TOLD]:
                yield f"    {name}: {_shown(old)} → {_shown(new)}"
            if len(pairs) > FIELDS_TOLD:
                yield f"    and {len(pairs) - FIELDS_TOLD} more fields"
        if self.changed > len(self._changes):
            yield f"  and {self.changed - len(self._changes):,} more (--diff FILE writes all)"

    def _keep(self, change: str, public_id: str) -> None:
        if len(self._ids[change]) < IDS_KEPT:
            self._ids[change].append(public_id)
        self._write({"change": change, "id": public_id})

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def differing(before: Document, after: Document) -> Pairs:
    """Return the values before and after of all fields in which two documents differ, by dotted path."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return {
        name: (old.get(name), new.get(name))
        for name in {**new, **old}
        if old.get(name) != new.get(name) and name not in UNSET
    }


def _leaves(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if isinstance(each, dict):
            yield from _leaves(each, f"{path}{name}.")
        else:
            yield f"{path}{name}", each


def _some(ids: Sequence[str], number: int) -> str:
    return ", ".join(ids) + (f" and {number - len(ids):,} more" if number > len(ids) else "")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
