"""The types of the fields that a dataset brings itself, and the fields that are recommended to all datasets."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

ATTRIBUTE_TYPES = Vocabulary(
    "attribute_type",
    "The type of a field that a dataset brings itself.",
    Term("code", "Code", "One code of the field's own vocabulary."),
    Term("codes", "Codes", "A list of codes of the field's own vocabulary, each at most once."),
    Term("text", "Text", "Free text. It can be searched and shown; it has no parameter of its own."),
    Term("integer", "Whole number", "A whole number between -2,000,000,000 and 2,000,000,000."),
    Term("number", "Number", "A number, whole or not."),
    Term("boolean", "Yes or no", "True or false."),
    Term("date", "Date", "A day as YYYY-MM-DD."),
    Term("time", "Time of day", "A local time as HH:MM or HH:MM:SS, 24 hours."),
    Term("link", "Link", "A web address that begins with https:// or http://."),
    Term(
        "range",
        "Low, best and high",
        "An object of three whole numbers, low, best and high; each is null where it is not reported.",
    ),
)

GENERALISED_ATTRIBUTES = Vocabulary(
    "attribute_generalised",
    "What becomes of a value where the incident is published with a coarser place or date.",
    Term("withhold", "Withhold", "The value is left out, because it may identify the place, the day or a person."),
    Term("keep", "Keep", "The value is published. Only for values that identify nothing."),
)
