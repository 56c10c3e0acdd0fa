"""Where a profile takes a value from: a column, a constant, a template, or the first rule whose conditions hold.

Each is read from TOML once (`incidents.loading.profiles.syntax`), bound to the columns of a file once, then reads
every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from incidents.loading.errors import BadCell
from incidents.loading.files.flattening import split_list
from incidents.loading.profiles.cell_types import TEXT, CellType, one_line, whole
from incidents.loading.profiles.patterns import Pattern
from incidents.loading.slugs import fingerprint

if TYPE_CHECKING:
    from incidents.loading.profiles.header import HeaderColumns

Cells = Sequence[str]
Reader = Callable[[Cells], Any]
TextReader = Callable[[Cells], str]
CACHE_SIZE = 20_000
"""Different texts whose value a column keeps at a time; most columns have far fewer."""

REFUSE = object()
"""Stands for: a text that is not among the listed ones is wrong."""

_COMMA = (Pattern("[file] decimal", r"^([+-]?[0-9]*),([0-9]+)$"), r"\1.\2")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]*)?")
_FIELD = re.compile(r"\{([^{}]*)\}")


class CellValue(Protocol):
    """Where a value comes from."""

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what reads the value from the cells of a row; it raises BadCell."""


@dataclass(frozen=True, slots=True)
class ConstantValue:
    """The same value for every row."""

    value: Any

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what gives the value."""
        value = self.value
        return lambda cells: value


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """A column's text, read as its type; of several columns the first that says something."""

    key: str
    columns: tuple[str, ...]
    type: CellType
    values: Mapping[str, Any] | None = None
    otherwise: Any = REFUSE
    missing: frozenset[str] = frozenset()
    zero: frozenset[str] = frozenset()
    required: bool = False
    replace: tuple[tuple[Pattern, str], ...] = ()

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what reads the first of the columns that says something."""
        readers = [self._reader(column, columns) for column in self.columns]
        if len(readers) == 1 and not self.required:
            return readers[0]

        def read(cells: Cells) -> Any:
            for each in readers:
                if (value := each(cells)) not in (None, ""):
                    return value
            if self.required:
                article = "an" if self.type.name[0] in "aeio" else "a"
                raise BadCell(self.columns[0], "", f"{article} {self.type.name}: it cannot be empty")
            return self.type.empty

        return read

    def _reader(self, column: str, columns: HeaderColumns) -> Reader:
        decimal = columns.decimal
        text_of = self._replaced(columns.text(column, self.key), decimal)
        missing, empty = columns.missing | self.missing, self.type.empty

        def value_of(text: str) -> Any:
            if text in missing or whole(text, decimal) in missing:
                return empty
            if text.casefold() in self.zero:
                return 0
            return self.convert(column, text, decimal)

        if self.type.words and self.values is None:
            return lambda cells: value_of(text_of(cells))
        remembered = lru_cache(CACHE_SIZE)(value_of)
        return lambda cells: remembered(text_of(cells))

    def _replaced(self, text_of: TextReader, decimal: str) -> TextReader:
        """Return what reads the text after what the profile replaces in it."""
        replace = (*self.replace, _COMMA) if self.type.fraction and decimal == "," else self.replace
        if not replace:
            return text_of

        def read(cells: Cells) -> str:
            text = text_of(cells)
            for pattern, by in replace:
                text = pattern.sub(by, text)
            return text

        return read

    def convert(self, column: str, text: str, decimal: str = ".") -> Any:
        """Return the value of a text that says something; raises BadCell."""
        if self.values is not None:
            for spelling in (text, whole(text, decimal)):
                if (folded := spelling.casefold()) in self.values:
                    return self.values[folded]
            if self.otherwise is REFUSE:
                raise BadCell(column, text, f"one of {', '.join(self.values)}")
            return self.otherwise
        try:
            return self.type.read(text)
        except ValueError as error:
            if (number := whole(text, decimal)) != text:
                return self.convert(column, number)
            raise BadCell(column, text, str(error)) from None


@dataclass(frozen=True, slots=True)
class TemplateValue:
    """Text with `{names}`; `{a|b|"c"}` is the first of a, b and the words c that says something."""

    key: str
    text: str
    type: CellType = TEXT

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what fills the template in, and reads that as the type; it raises BadCell.

        A template of one field is that text as it is; in a sentence each field is one line.
        """
        fold = str if _FIELD.fullmatch(self.text) else one_line
        names = [name.strip() for field in _FIELD.findall(self.text) for name in field.split("|")]
        needed = not any(columns.has(name) for name in names if name[:1] != '"')
        fill, type_ = self.bind_folded(columns, fold, needed=needed), self.type

        def read(cells: Cells) -> Any:
            text = fill(cells)
            try:
                return type_.read(text) if text.strip() else type_.empty
            except ValueError as error:
                raise BadCell(self.first, text, str(error)) from None

        return read

    @property
    def first(self) -> str:
        """The first name between braces: the column to look at when the whole is wrong."""
        return next(iter(_FIELD.findall(self.text)), "").split("|")[0].strip()

    def bind_folded(
        self, columns: HeaderColumns, fold: Callable[[str], str], *, required: bool = False, needed: bool = True
    ) -> TextReader:
        """Return what fills the template in with folded texts; if `required`, BadCell where one is empty.

        Unless they are `needed`, the file may lack columns.
        """
        parts = [
            self._first(piece, columns, fold, required=required, needed=needed) if number % 2 else _always(piece)
            for number, piece in enumerate(_FIELD.split(self.text))
            if number % 2 or piece
        ]
        return lambda cells: "".join([part(cells) for part in parts])

    def _first(
        self, field: str, columns: HeaderColumns, fold: Callable[[str], str], *, required: bool, needed: bool
    ) -> TextReader:
        words = [name.strip() for name in field.split("|")]
        readers = [
            _always(each.strip('"')) if each[:1] == '"' else columns.text(each, self.key, needed=needed)
            for each in words
        ]
        decimal = columns.decimal

        def read(cells: Cells) -> str:
            for reader in readers:
                text = whole(reader(cells), decimal)
                if text not in columns.missing and (folded := fold(text)):
                    return folded
            if required:
                raise BadCell(words[0], "", f"a value: {self.key} is made of it")
            return ""

        return read


@dataclass(frozen=True, slots=True)
class FingerprintValue:
    """Sixteen digits that stand for what some columns say together, whatever their letter case and spaces."""

    key: str
    columns: tuple[str, ...]

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what takes the fingerprint."""
        readers = [_not_missing(columns.text(column, self.key), columns) for column in self.columns]
        return lambda cells: fingerprint("\x1f".join([_normalised(text_of(cells)) for text_of in readers]))


@dataclass(frozen=True, slots=True)
class RulesValue:
    """The value of the first rule whose conditions hold: each is a pattern to be found in a text."""

    key: str
    rules: tuple[tuple[tuple[tuple[str, Pattern], ...], CellValue], ...]
    empty: Any

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what tries the rules in order."""
        decimal = columns.decimal

        def condition(name: str, pattern: Pattern) -> Callable[[Cells], Any]:
            text_of, search = _not_missing(columns.text(name, self.key), columns), pattern.search

            def holds(cells: Cells) -> Any:
                text = text_of(cells)
                return search(text) or ((number := whole(text, decimal)) != text and search(number))

            return holds

        bound = [([condition(*each) for each in conditions], value.bind(columns)) for conditions, value in self.rules]

        def read(cells: Cells) -> Any:
            for conditions, value in bound:
                if all(holds(cells) for holds in conditions):
                    return value(cells)
            return self.empty

        return read


@dataclass(frozen=True, slots=True)
class ListValue:
    """The items that a column lists, each read as the column would be; none where it says nothing."""

    column: ColumnValue
    separator: str

    def bind(self, columns: HeaderColumns) -> Reader:
        """Return what reads the list."""
        column, missing = self.column.columns[0], columns.missing | self.column.missing
        text_of, convert, separator = columns.text(column, self.column.key), self.column.convert, self.separator
        decimal = columns.decimal

        def read(cells: Cells) -> list[Any]:
            text = text_of(cells)
            items = [] if text in missing else split_list(text, separator)
            return list(dict.fromkeys([convert(column, item, decimal) for item in items if item not in missing]))

        return read


def first_column(value: CellValue) -> str:
    """Return the column to look at when a value is wrong, "" if it comes from no single one."""
    return value.columns[0] if isinstance(value, ColumnValue) else ""


def _normalised(text: str) -> str:
    """Return a text without what editions of a file differ in: letter case, spaces, zeros that end a number."""
    text = whole(text)
    return repr(float(text)) if _NUMBER.fullmatch(text) else " ".join(text.casefold().split())


def _not_missing(text_of: TextReader, columns: HeaderColumns) -> TextReader:
    """Return what reads a text, empty where it is one of those that say nothing in this file."""
    missing, decimal = columns.missing, columns.decimal
    if missing == {""}:
        return text_of
    return lambda cells: "" if whole(text := text_of(cells), decimal) in missing or text in missing else text


def _always(text: str) -> TextReader:
    return lambda cells: text
