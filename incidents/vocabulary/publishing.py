"""What editors and publications do to a record."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

EDITORIAL_STATUSES = Vocabulary(
    "editorial_status",
    "How far the editors are with a working record. It says nothing about what is published.",
    Term("draft", "Draft", "Being written."),
    Term("in_review", "In review", "A second person reads it."),
    Term("ready", "Ready", "May be published."),
    Term("rejected", "Rejected", "Will not be published."),
)

CHANGES = Vocabulary(
    "change",
    "What a publication did to a record.",
    Term("added", "Added", "The record is public for the first time, or again after a withdrawal."),
    Term("changed", "Changed", "A new revision takes the place of the one before."),
    Term("withdrawn", "Withdrawn", "The record is no longer held to be right; the reason says why."),
    Term("merged", "Merged", "The record was one with another, its target."),
    Term("redacted", "Redacted", "The content was taken out of all history, for safety."),
)
