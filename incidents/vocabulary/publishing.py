"""What editors and publications do to a record."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

EDITORIAL_STATUSES = Vocabulary(
    "editorial_status",
    "Editing status of a working record. It does not show what is published.",
    Term("draft", "Draft", "Work in progress."),
    Term("in_review", "In review", "Being reviewed by a second person."),
    Term("ready", "Ready", "Ready to publish."),
    Term("rejected", "Rejected", "Will not be published."),
)

CHANGES = Vocabulary(
    "change",
    "What a publication did to a record.",
    Term("added", "Added", "The record was published for the first time, or again after a withdrawal."),
    Term("changed", "Changed", "A new revision replaced the previous one."),
    Term("withdrawn", "Withdrawn", "The record is no longer considered correct; see the reason."),
    Term("merged", "Merged", "The record was a duplicate of its target."),
    Term("redacted", "Redacted", "The content was removed from the whole history, for safety."),
)
