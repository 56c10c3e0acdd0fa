"""Messages for database errors that retrying does not fix."""

from __future__ import annotations

from django.db import DatabaseError

FULL, READ_ONLY = "53100", "25006"
"""PostgreSQL's codes (SQLSTATE); SQLite's errors have texts alone."""

WORDS = {
    FULL: "The disk of the server is full. Nothing was saved. The operator of the server must free disk space first.",
    READ_ONLY: "The database is read-only at the moment. Nothing was saved. Contact the operator of the server.",
}
TEXTS = {
    FULL: ("disk is full", "no space left on device"),
    READ_ONLY: ("readonly database", "read-only transaction"),
}


def reason(error: Exception) -> str | None:
    """Message for a database error that retrying does not fix; None for other errors."""
    if not isinstance(error, DatabaseError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    text = str(error).lower()
    for code, words in WORDS.items():
        if state == code or any(part in text for part in TEXTS[code]):
            return words
    return None
