"""What reports claim, and how incidents stand to each other."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

STANCES = Vocabulary(
    "stance",
    "What the report does with the value.",
    Term("asserts", "Asserts", "The report, or whom it relays, says that it is so."),
    Term("denies", "Denies", "The report, or whom it relays, says that it is not so."),
    Term("doubts", "Doubts", "The report passes it on with doubt."),
)

CLAIM_FIELDS = Vocabulary(
    "claim_field",
    "What a claim is about; the first ones name fields of the incident.",
    Term("date", "Date", "When it happened, an ISO date or interval."),
    Term("location", "Place", "Where it happened."),
    Term("event_type", "Event type", "What kind of act it was."),
    Term("actor", "Actor", "Who did it or to whom it was done."),
    Term("killed", "Killed", "How many people died."),
    Term("injured", "Injured", "How many people were wounded."),
    Term("target", "Target", "What was aimed at or hit."),
    Term("damage", "Damage", "What was damaged or put out of use."),
    Term("effect", "Effect", "What it led to."),
    Term("motive", "Motive", "Why it was done."),
    Term("count", "Number", "A number of people or things that is no casualty figure."),
    Term("other", "Other", "Something else."),
)

RELATIONS = Vocabulary(
    "relation",
    "How one incident stands to another, read from the record to the related one.",
    Term("part_of", "Part of", "Is a part of the other."),
    Term("has_part", "Has part", "Has the other as a part."),
    Term("same_episode", "Same episode", "Both belong to one course of events."),
    Term("retaliation_for", "Retaliation for", "Is said to answer the other."),
    Term("retaliated_by", "Retaliated by", "The other is said to answer it."),
    Term("possible_duplicate", "Possible duplicate", "May be the same incident, told otherwise."),
)

INVERSE_RELATIONS = {
    "part_of": "has_part",
    "has_part": "part_of",
    "same_episode": "same_episode",
    "retaliation_for": "retaliated_by",
    "retaliated_by": "retaliation_for",
    "possible_duplicate": "possible_duplicate",
}
