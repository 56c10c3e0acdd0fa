"""The syntax of profiles: TOML tables as pydantic models, and in them the values that cells are read by.

Whatever is wrong is reported by pydantic with its place in the document, all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from incidents.loading.errors import did_you_mean
from incidents.loading.profiles.cell_types import CellType
from incidents.loading.profiles.cell_values import (
    REFUSE,
    CellValue,
    ColumnValue,
    ConstantValue,
    FingerprintValue,
    ListValue,
    Reader,
    RulesValue,
    TemplateValue,
)
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.patterns import IGNORECASE, Pattern, PatternError
from incidents.vocabulary import Vocabulary

VALUE = "[value]"
"""In the place of a fault: what a rule gives if it holds, whose keys stand beside its conditions."""


class LocatedText(str):
    """A text of a TOML document that knows the full name of its key."""

    path: str


class LocatedTable(dict[str, Any]):
    """A table of one."""

    path: str

    def without(self, name: str) -> Any:
        """Return the table without a key."""
        return located({key: value for key, value in self.items() if key != name}, self.path)


class LocatedList(list[Any]):
    """A list of one."""

    path: str


def located(raw: Any, path: str = "") -> Any:
    """Return a TOML document whose parts, keys of tables too, know their full names; items are counted from 1."""
    made: LocatedText | LocatedTable | LocatedList
    if isinstance(raw, str):
        made = LocatedText(raw)
    elif isinstance(raw, dict):
        paths = {name: f"{path}.{name}" if path else name for name in raw}
        made = LocatedTable({located(name, paths[name]): located(each, paths[name]) for name, each in raw.items()})
    elif isinstance(raw, list):
        made = LocatedList(located(each, f"{path}.{number}") for number, each in enumerate(raw, 1))
    else:
        return raw
    made.path = path
    return made


def fault(text: str) -> PydanticCustomError:
    """Return the error for a key of which this is said."""
    return PydanticCustomError("profile", "{text}", {"text": text})


def checked(holds: Callable[[Any], bool], expected: str) -> PlainValidator:
    """Return how the value of a key is checked, as it stands in the document."""

    def validate(raw: Any) -> Any:
        if not holds(raw):
            raise fault(f"has to be {expected}, not {raw!r}")
        return raw

    return PlainValidator(validate)


def one_of(*words: str) -> PlainValidator:
    """Return how a key is checked that has one of a few values."""
    return checked(lambda raw: raw in words, f"one of {', '.join(words)}")


def is_whole(raw: Any, least: int) -> bool:
    """Tell whether a value is a whole number that is not too small."""
    return isinstance(raw, int) and not isinstance(raw, bool) and raw >= least


def is_distance(raw: Any, most: float) -> bool:
    """Tell whether a value is a number of kilometres that is not too large."""
    return isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= most


def code_of(codes: Vocabulary, called: str) -> AfterValidator:
    """Return how a text is checked that has to be a code of a vocabulary, which faults call so."""

    def check(code: str) -> str:
        if code not in codes:
            raise fault(f"is no {called}{did_you_mean(code, codes)}")
        return code

    return AfterValidator(check)


def regular_expression(flags: int = 0, *, shown: bool = False) -> AfterValidator:
    """Return how a text is read as a regular expression; `shown`: a fault shows it, since its key does not."""

    def read(text: LocatedText) -> Pattern:
        try:
            return Pattern(text.path, str(text), flags)
        except PatternError as error:
            raise fault(f"{text[:80]!r} {error}" if shown else str(error)) from None

    return AfterValidator(read)


TEXT_CHECK = checked(lambda raw: isinstance(raw, str), "text in quotes")
Text = Annotated[str, TEXT_CHECK, AfterValidator(str)]
Texts = Annotated[
    tuple[str, ...],
    checked(
        lambda raw: isinstance(raw, list | tuple) and all(isinstance(each, str) for each in raw),
        'a list of texts, for example ["a", "b"]',
    ),
    AfterValidator(lambda texts: tuple(map(str, texts))),
]
Flag = Annotated[bool, checked(lambda raw: isinstance(raw, bool), "true or false")]
Template = Annotated[TemplateValue, TEXT_CHECK, AfterValidator(lambda text: TemplateValue(text.path, str(text)))]
Conditions = dict[str, Annotated[Pattern, TEXT_CHECK, regular_expression(IGNORECASE, shown=True)]]


class Keys(BaseModel):
    """The keys of one table; any other is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, arbitrary_types_allowed=True)

    def bind(self, columns: HeaderColumns, *names: str) -> list[tuple[str, Reader]]:
        """Return what reads the values of some keys, each with its name."""
        return [(name, getattr(self, name).bind(columns)) for name in names]


def either(first: type[Keys], other: type[Keys], key: str) -> PlainValidator:
    """Return how a table is read that has other keys if it has this one."""
    return PlainValidator(
        lambda raw: (other if isinstance(raw, LocatedTable) and raw.get(key) else first).model_validate(raw)
    )


class Wanted(NamedTuple):
    """What a value of a profile is needed for: the type of its cells, and whether none may be empty."""

    type: CellType
    required: bool = False


def cell(type_: CellType, *, required: bool = False) -> PlainValidator:
    """Return how a key is read that says where a value of this type comes from; None stands for a key left out."""
    return PlainValidator(lambda raw: parse_value(raw, Wanted(type_, required)))


def cell_list(type_: CellType) -> PlainValidator:
    """Return how a key is read whose value is a list: the items of one column, or the one value of anything else."""

    def parse(raw: Any) -> CellValue:
        separator = raw.get("separator") if isinstance(raw, LocatedTable) else None
        value = parse_value(raw.without("separator") if separator is not None else raw, Wanted(type_))
        if separator is None:
            return value
        if not isinstance(separator, str) or not separator or not isinstance(value, ColumnValue):
            raise fault("a separator is text, and goes with a column")
        return ListValue(value, separator)

    return PlainValidator(parse)


def parse_value(raw: Any, wanted: Wanted) -> CellValue:
    """Return where a value comes from; raises what pydantic makes faults of."""
    if raw is None:
        return ConstantValue(wanted.type.empty)
    if isinstance(raw, LocatedText):
        return ColumnValue(raw.path, (str(raw),), wanted.type, required=wanted.required)
    if isinstance(raw, LocatedList):
        rules = _RULES.validate_python(raw, context=wanted)
        return RulesValue(raw.path, tuple((tuple(each.when.items()), each.value) for each in rules), wanted.type.empty)
    if isinstance(raw, LocatedTable):
        keys = next((keys for name, keys in _TABLES.items() if name in raw), _ColumnKeys)
        return keys.model_validate(raw, context=wanted).value(raw.path, wanted)
    raise fault(f"has to name a column, or be a table or a list of rules, not {raw!r}")


def _code(raw: Any, info: Any) -> Any:
    """Return what a text of the profile stands for."""
    try:
        return info.context.type.read(str(raw))
    except ValueError as error:
        raise fault(f"is {str(raw)!r}, and has to be {error}") from None


Code = Annotated[Any, PlainValidator(_code)]


class _ConstantKeys(Keys):
    """A table that says where a value comes from; `path` is the full name of the table."""

    constant: Code

    def value(self, path: str, wanted: Wanted) -> CellValue:
        return ConstantValue(self.constant)


class _TemplateKeys(Keys):
    template: Text

    def value(self, path: str, wanted: Wanted) -> CellValue:
        return TemplateValue(path, self.template, wanted.type)


class _FingerprintKeys(Keys):
    fingerprint: Texts

    def value(self, path: str, wanted: Wanted) -> CellValue:
        return FingerprintValue(path, self.fingerprint)


class _ColumnsKeys(Keys):
    columns: Texts
    values: dict[str, Code] | None = None
    otherwise: Annotated[
        Any, PlainValidator(lambda raw, info: _code(raw, info) if raw != "" else info.context.type.empty)
    ] = Field(default=REFUSE, validate_default=False)
    missing: Texts = ()
    zero: Texts = ()
    replace: dict[Annotated[Pattern, TEXT_CHECK, regular_expression()], Text] = {}

    def value(self, path: str, wanted: Wanted) -> CellValue:
        codes = None if self.values is None else {text.casefold(): code for text, code in self.values.items()}
        if self.zero and wanted.type.name not in ("integer", "number"):
            raise fault("zero: is for numbers only")
        return ColumnValue(
            path,
            self.columns,
            wanted.type,
            codes,
            self.otherwise,
            missing=frozenset(self.missing),
            zero=frozenset(map(str.casefold, self.zero)),
            required=wanted.required,
            replace=tuple(self.replace.items()),
        )


class _ColumnKeys(_ColumnsKeys):
    columns: Annotated[tuple[str, ...], TEXT_CHECK, AfterValidator(lambda text: (str(text),))] = Field(alias="column")


_TABLES: dict[str, type[_ConstantKeys | _TemplateKeys | _FingerprintKeys | _ColumnsKeys]] = {
    "constant": _ConstantKeys,
    "template": _TemplateKeys,
    "fingerprint": _FingerprintKeys,
    "columns": _ColumnsKeys,
}
"""By the key that tells them; any other table is about a column."""

VALUE_KEYS = ["column", *(name for keys in _TABLES.values() for name in keys.model_fields)]
"""The keys of all of these."""


class _Rule(Keys):
    """A value with its conditions, in one table."""

    when: Conditions = {}
    value: Annotated[CellValue, PlainValidator(lambda raw, info: parse_value(raw, info.context))] = Field(
        alias="[value]"
    )

    @model_validator(mode="before")
    @classmethod
    def _part(cls, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, LocatedTable):
            return {VALUE: raw}
        return {VALUE: raw.without("when")} | ({"when": raw["when"]} if "when" in raw else {})


_RULES = TypeAdapter(list[_Rule])
