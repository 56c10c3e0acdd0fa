"""What reports claim, and how incidents stand to each other."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

STANCES = Vocabulary(
    "stance",
    "Whether the report affirms, denies or doubts the value.",
    Term("asserts", "Asserts", "The report, or the source that it relays, states the value."),
    Term("denies", "Denies", "The report, or the source that it relays, denies the value."),
    Term("doubts", "Doubts", "The report states the value with doubt."),
)

CLAIM_FIELDS = Vocabulary(
    "claim_field",
    "What a claim is about. The first codes correspond to fields of the incident.",
    Term("date", "Date", "When it happened: an ISO date or interval."),
    Term("location", "Place", "Where it happened."),
    Term("event_type", "Event type", "What kind of act it was."),
    Term("actor", "Actor", "Who did it, or who was affected."),
    Term("killed", "Killed", "How many people died."),
    Term("injured", "Injured", "How many people were wounded."),
    Term("target", "Target", "What was attacked or hit."),
    Term("damage", "Damage", "What was damaged or put out of use."),
    Term("effect", "Effect", "Consequences of the incident."),
    Term("motive", "Motive", "Motive for the act."),
    Term("count", "Number", "A number of people or things other than casualties."),
    Term("other", "Other", "Another topic."),
)

RELATIONS = Vocabulary(
    "relation",
    "Relation of one incident to another, read from this record to the related one.",
    Term("part_of", "Part of", "This incident is part of the other."),
    Term("has_part", "Has part", "The other incident is part of this one."),
    Term("same_episode", "Same episode", "Both belong to the same course of events."),
    Term("retaliation_for", "Retaliation for", "Reported to be a response to the other."),
    Term("retaliated_by", "Retaliated by", "The other is reported to be a response to this one."),
    Term("possible_duplicate", "Possible duplicate", "May be the same incident, reported differently."),
)

INVERSE_RELATIONS = {
    "part_of": "has_part",
    "has_part": "part_of",
    "same_episode": "same_episode",
    "retaliation_for": "retaliated_by",
    "retaliated_by": "retaliation_for",
    "possible_duplicate": "possible_duplicate",
}
