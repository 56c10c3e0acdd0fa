"""What is said of a field when it is declared.

A field is declared once, in the module of its kind. The document and its OpenAPI schema, the rows of the index, its
filters, groups, columns of tables, keys of profiles and help texts follow from that, each by the names given here;
`incidents.schema.kinds` reads them. This package knows no database and no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from incidents.vocabulary import Vocabulary

Type = Literal[
    "id",
    "ids",
    "text",
    "words",
    "code",
    "codes",
    "link",
    "integer",
    "number",
    "boolean",
    "date",
    "time",
    "clock",
    "zone",
    "json",
    "mapping",
    "object",
    "objects",
]
"""`ids`, `words`, `codes`: lists of them; `time`: a moment; `clock`: a time of day; `zone`: a time zone; `json`: any
value; `mapping`: names and any values; `object`: the fields of a `Part`; `objects`: a list of such."""

Meaning = Literal["among", "at_least", "at_most", "from", "until", "is", "as_precise", "facet"]
"""Condition of a parameter: `at_least` and `at_most` for numbers, `from` and `until` for dates, `as_precise` for
ordered vocabularies, `facet` for values in the word index."""

Generalised = Literal["keep", "place", "date", "confirm", "make", "withhold"]
"""What a generalised document has of a field; a document is generalised if its disclosure of place or date is not full.

`keep`: the value; `place`, `date`: the value while that is in full; `confirm`: the text if an editor confirmed it for
this level; `make`: what `incidents.publishing.generalise` makes of it; `withhold`: nothing. Objects have no declaration
of their own: each of their fields has one.
"""

TEXTS = ("id", "text", "code", "link", "clock", "zone")
"""Types whose values are texts; where a column cannot be null, "" stands for it."""

LISTS = ("ids", "words", "codes", "objects")

FIRST_SHAPE = 1

EMPTY = "Empty: not known or not told."


@dataclass(frozen=True, slots=True)
class Index:
    """Index of a field: a column of the index, named like the field unless another name is given.

    An index column of a field that came after the first shape may be null in rows of before, so no row is written anew.
    """

    column: str = ""
    length: int = 40
    """Of text, in characters."""
    blank: bool = False
    """It says in Django's words what a column of text allows that is never null: nothing."""
    big: bool = False
    """A whole number may need 64 bits."""
    rank: bool = False
    """The column holds where the code stands in its ordered vocabulary, 0 for the most precise."""
    order: str = ""
    """A column more, which has -1 where the number is null and so puts all records in order."""
    shared: bool = False
    """All kinds that are listed by name have the column, so the index declares it for them together."""
    by_day: str = ""
    """The name of the database index that answers one of its values newest first."""
    by_value: str = ""
    """The name of the database index that answers a range of its values."""
    facet: str = ""
    """Instead of a column: the name of its facets in the word index, for lists and for what few records have."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of lists that filters a field."""

    name: str
    meaning: Meaning
    label: str = ""
    form: Literal["", "id", "origin", "country", "admin1", "admin2", "language"] = ""
    """Of text: what its values look like; `origin`: the country of a record that is at no place."""
    example: Any = None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The column of flat tables that shows a field."""

    name: str
    hxl: str = ""
    empty: str = ""
    """What an empty cell means, where that is not `EMPTY`; a field that is never null has none."""
    unit: str = ""
    description: str = ""
    """Where a cell needs other words than the field's definition."""
    editable: bool = True
    """True if loading a table may change it; otherwise it is derived, or set by the server."""


@dataclass(frozen=True, slots=True)
class ProfileKey:
    """The key of a profile by which files set the field, where the value of a cell is the value of the field."""

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a document."""

    name: str = field(kw_only=False)
    type: Type = field(kw_only=False)
    definition: str = field(default="", kw_only=False)
    vocabulary: Vocabulary | None = None
    part: Part | None = None
    null: bool = False
    """It may be null, which the definition says the meaning of."""
    blank: bool = False
    """It may be an empty text."""
    lowest: int | None = None
    item: str = ""
    """What each item of a list of ids is."""
    since: int = FIRST_SHAPE
    """The shape of documents that has it first; see `incidents.ledger.shapes`."""
    after: str = ""
    """Of a field that came later: the member of the document that it follows."""
    default: Any = None
    """Of a field that came later: what documents of before have."""
    derived: bool = False
    """It is in no stored document: it is added when a document is shown, from what is public at that moment."""
    stored: str = ""
    """The field of the working record that it is taken from; nothing where a function makes it."""
    set_by: tuple[str, ...] = ()
    """Keys of profiles by which a file sets it, beyond that of `profile`."""
    profile: ProfileKey | None = None
    index: Index | None = None
    asked: tuple[Parameter, ...] = ()
    grouped: str = ""
    """Its name in `by=`."""
    ordered: str = ""
    """Its name in `ordering=`, if it has an index column that puts all records in order."""
    column: TableColumn | None = None
    generalised: Generalised = "withhold"

    @property
    def withheld(self) -> Any:
        """Value that stands for a withheld one, of the same shape. Raises ValueError for a field that needs a value."""
        if self.is_list:
            return []
        if self.type == "mapping":
            return {}
        if self.null or self.default is not None:
            return self.default
        if self.vocabulary is not None and self.vocabulary.ordered:
            return list(self.vocabulary)[-1]  # the least precise code
        raise ValueError(f"{self.name} is never null, so it cannot be withheld. Declare what it is generalised to.")

    @property
    def meaning(self) -> str:
        """Definition of the field, otherwise that of its object or its vocabulary."""
        around = self.part or self.vocabulary
        return self.definition or (around.definition if around else "")

    @property
    def is_list(self) -> bool:
        """True for the types whose value is a list."""
        return self.type in LISTS


@dataclass(frozen=True, slots=True)
class Part:
    """An object within documents; `name` is what clients call it."""

    name: str
    definition: str
    fields: tuple[Field, ...]
