"""Which texts of an incident an editor has confirmed for its level of disclosure.

A confirmation is of one text at one level: once the text or the level changes, it counts no more. It keeps the reason,
the editor and the time, so that somebody else can check it later.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from incidents.models import Incident

CONFIRMABLE = ("summary",)
"""Fields of free text that are withheld from a generalised document unless they are confirmed."""


class Confirmation(NamedTuple):
    """Why, by whom and when a text was confirmed, for which levels, and whether that still counts."""

    reason: str
    author: str
    at: datetime
    place: str
    date: str
    counts: bool


def confirmed_texts(incident: Incident) -> frozenset[str]:
    """Names of the fields whose present text is confirmed for the present level of disclosure."""
    known = incident.text_confirmations or {}
    return frozenset(name for name in CONFIRMABLE if name in known and _still_counts(incident, name, known[name]))


def confirm_text(incident: Incident, name: str, *, reason: str, author: str, at: datetime) -> None:
    """Note on the instance, without saving it, that the present text of a field may be published at its level."""
    if name not in CONFIRMABLE:
        raise ValueError(f"“{name}” is no text that can be confirmed. Use: {', '.join(CONFIRMABLE)}.")
    note = {**_level(incident), "digest": _digest(getattr(incident, name))}
    note |= {"reason": reason, "author": author, "at": at.isoformat(timespec="seconds")}
    incident.text_confirmations = {**(incident.text_confirmations or {}), name: note}


def take_back(incident: Incident, name: str) -> None:
    """Remove the confirmation of a text from the instance, without saving it."""
    kept = {key: note for key, note in (incident.text_confirmations or {}).items() if key != name}
    incident.text_confirmations = kept or None


def confirmation_of(incident: Incident, name: str) -> Confirmation | None:
    """The latest confirmation of a text, also one that counts no more; None if it was never confirmed."""
    note = (incident.text_confirmations or {}).get(name)
    if note is None:
        return None
    return Confirmation(
        reason=note["reason"],
        author=note["author"],
        at=datetime.fromisoformat(note["at"]),
        place=note["place"],
        date=note["date"],
        counts=_still_counts(incident, name, note),
    )


def version_of(incident: Incident, name: str) -> str:
    """Token of the present text and level, which changes when a confirmation of them would count no more."""
    return "-".join((*_level(incident).values(), _digest(getattr(incident, name))))


def _still_counts(incident: Incident, name: str, note: dict[str, Any]) -> bool:
    expected = {**_level(incident), "digest": _digest(getattr(incident, name))}
    return all(note.get(key) == value for key, value in expected.items())


def _level(incident: Incident) -> dict[str, str]:
    return {"place": incident.place_disclosure, "date": incident.date_disclosure}


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
