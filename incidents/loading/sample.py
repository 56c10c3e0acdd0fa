"""One incident in a few lines, for whoever reads how a profile maps a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidents.ledger.denormalisation import Document
from incidents.loading.errors import SHOWN

WIDE = 2 * SHOWN


def lines(incident: Document) -> Iterator[str]:
    """Yield the lines; what says nothing has none."""
    subtype = f" / {incident['event_subtype']}" if incident["event_subtype"] else ""
    yield f"{incident['id']}: {incident['event_type']}{subtype}, {_when(incident['date'])}"
    for name, text in (
        ("summary", incident["summary"]),
        ("place", _where(incident["location"])),
        ("killed", _figures(incident["casualties"]["killed"])),
        ("injured", _figures(incident["casualties"]["injured"])),
        ("actors", ", ".join(f"{each['name']} ({each['role']}, {each['certainty']})" for each in incident["actors"])),
        ("targets", ", ".join(incident["targets"])),
        ("tags", ", ".join(incident["tags"])),
        ("reports", "; ".join(map(_report, incident["reports"]))),
        ("extra", ", ".join(f"{name} = {value}" for name, value in incident["extra"].items())),
    ):
        if text:
            yield f"  {name:<8} {text if len(text) <= WIDE else f'{text[: WIDE - 1]}…'}"


def _when(date: dict[str, Any]) -> str:
    start, end = date["start"] or "?", date["end"] or "?"
    return f"{start if start == end else f'{start} to {end}'} ({date['precision']})"


def _where(place: dict[str, Any]) -> str:
    names = [place["name"], place["admin2"], place["admin1"], place["country"]]
    point = f"{place['latitude']}, {place['longitude']}" if place["latitude"] is not None else "no point"
    return f"{', '.join(dict.fromkeys(name for name in names if name)) or 'not told'} ({point}; {place['precision']})"


def _figures(figures: dict[str, int | None]) -> str:
    if all(value is None for value in figures.values()):
        return ""
    return ", ".join(f"{name} {'not told' if value is None else value}" for name, value in figures.items())


def _report(report: dict[str, Any]) -> str:
    told = [report["source"]["name"], report["published"], report["title"], report["url"]]
    return ", ".join(each for each in told if each)
