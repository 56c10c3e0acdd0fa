"""What a load would do to what is published: for the terminal in short, for a file in full; and some incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import orjson

from incidents.ledger.denormalisation import Document
from incidents.loading.errors import SHOWN, shortened

UNSET = ("revision", "published")
RECORDS_SHOWN = 10
"""Changed records that the terminal shows."""

FIELDS_SHOWN = 8
IDS_SHOWN = 5
WIDE = 2 * SHOWN

Pairs = dict[str, tuple[Any, Any]]


class LoadDifference:
    """Takes every added, changed and withdrawn incident; keeps a few, counts all, and writes all to `file`, if any.

    The file has one JSON object a line: `change`, `id`, and of a changed record `fields` with before and after.
    """

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self._file = file
        self._counts: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()
        self._ids: dict[str, list[str]] = {"added": [], "withdrawn": []}
        self._changes: list[tuple[str, Pairs]] = []

    def take(self, before: Document | None, after: Document) -> None:
        """Take an incident that is published for the first time, or otherwise than before."""
        public_id = str(after["id"])
        if before is None:
            self._keep("added", public_id)
            return
        pairs = differing(before, after)
        self._counts["changed"] += 1
        self._fields.update(list(pairs))
        if len(self._changes) < RECORDS_SHOWN:
            self._changes.append((public_id, pairs))
        fields = {name: list(pair) for name, pair in pairs.items()}
        self._write({"change": "changed", "id": public_id, "fields": fields})

    def withdraw(self, ids: Iterable[str]) -> None:
        """Take incidents that are withdrawn."""
        for public_id in ids:
            self._keep("withdrawn", public_id)

    def finish(self) -> None:
        """Write what waits in memory: to be called before the load is committed, since it may fail."""
        if self._file is not None:
            self._file.flush()

    def lines(self, counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
        """Yield it for the terminal; `counts` are those of the publication, by kind of record."""
        for change, ids in self._ids.items():
            if number := self._counts[change]:
                more = f" and {number - len(ids):,} more" if number > len(ids) else ""
                yield f"{change} {number:,}: {', '.join(ids)}{more}"
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
        changed = self._counts["changed"]
        if changed:
            fields = ", ".join(f"{name} {number:,}" for name, number in self._fields.most_common())
            yield f"changed {changed:,}, by field: {fields}"
        for public_id, pairs in self._changes:
            yield f"  {public_id}"
            for name, (old, new) in list(pairs.items())[:FIELDS_SHOWN]:
                yield f"    {name}: {_shown(old)} → {_shown(new)}"
            if len(pairs) > FIELDS_SHOWN:
                yield f"    and {len(pairs) - FIELDS_SHOWN} more fields"
        if changed > len(self._changes):
            yield f"  and {changed - len(self._changes):,} more (--diff FILE writes all)"

    def _keep(self, change: str, public_id: str) -> None:
        self._counts[change] += 1
        if len(self._ids[change]) < IDS_SHOWN:
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


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return shortened(value if isinstance(value, str) else orjson.dumps(value).decode(), SHOWN)


def sample_lines(incident: Document) -> Iterator[str]:
    """Yield one incident in a few lines, for whoever reads how a profile maps a file; what says nothing has none."""
    date, place, casualties = incident["date"], incident["location"], incident["casualties"]
    subtype = f" / {incident['event_subtype']}" if incident["event_subtype"] else ""
    start, end = date["start"] or "?", date["end"] or "?"
    interval = f"{start if start == end else f'{start} to {end}'} ({date['precision']})"
    yield f"{incident['id']}: {incident['event_type']}{subtype}, {interval}"
    names = dict.fromkeys(place[each] for each in ("name", "admin2", "admin1", "country") if place[each])
    point = f"{place['latitude']}, {place['longitude']}" if place["latitude"] is not None else "no point"
    reports = [[each["source"]["name"], each["published"], each["title"], each["url"]] for each in incident["reports"]]
    for name, text in (
        ("summary", incident["summary"]),
        ("place", f"{', '.join(names) or 'not told'} ({point}; {place['precision']})"),
        ("killed", _figures(casualties["killed"])),
        ("injured", _figures(casualties["injured"])),
        ("actors", ", ".join(f"{each['name']} ({each['role']}, {each['certainty']})" for each in incident["actors"])),
        ("targets", ", ".join(incident["targets"])),
        ("tags", ", ".join(incident["tags"])),
        ("reports", "; ".join(", ".join(text for text in each if text) for each in reports)),
        ("extra", ", ".join(f"{name} = {value}" for name, value in incident["extra"].items())),
    ):
        if text:
            yield f"  {name:<8} {shortened(text, WIDE)}"


def _figures(figures: Mapping[str, int | None]) -> str:
    if all(value is None for value in figures.values()):
        return ""
    return ", ".join(f"{name} {'not told' if value is None else value}" for name, value in figures.items())
