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

EFFECTS = Vocabulary(
    "effect",
    "What a publication did to an incident within a query, as `changes/` with filters returns it.",
    Term("entered", "Entered", "It matches the query now and did not before. Store its document."),
    Term("changed", "Changed", "It matches the query as before, with another document. Store it."),
    Term("left", "Left", "It is public, but does not match the query any more. Delete the copy."),
    Term("ended", "Ended", "It is not public any more; `change` says why. Delete the copy."),
)
