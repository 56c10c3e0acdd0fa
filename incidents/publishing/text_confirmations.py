"""Which texts of an incident an editor has confirmed for its level of disclosure.

A confirmation is of one text at one level: once the text or the level changes, it counts no more. It keeps the reason,
the editor and the time, so that somebody else can check it later.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from incidents.models import Incident

CONFIRMABLE = ("summary",)
"""Fields of free text that are withheld from a generalised document unless they are confirmed."""


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


def _still_counts(incident: Incident, name: str, note: dict[str, Any]) -> bool:
    expected = {**_level(incident), "digest": _digest(getattr(incident, name))}
    return all(note.get(key) == value for key, value in expected.items())


def _level(incident: Incident) -> dict[str, str]:
    return {"place": incident.place_disclosure, "date": incident.date_disclosure}


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
