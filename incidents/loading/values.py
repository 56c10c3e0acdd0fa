"""How a profile says where a value comes from: a column, a constant, a template, or the first rule to hold.

Each is read from TOML once (`incidents.loading.grammar`), bound to the columns of a file once, then reads every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from incidents.loading.coerce import TEXT, Kind
from incidents.loading.errors import BadCell

Cells = Sequence[str]
Reader = Callable[[Cells], Any]
REMEMBERED = 20_000
"""Different texts whose value a column keeps at a time; most columns have far fewer."""

REFUSE = object()
"""Stands for: a text that is not among the listed ones is wrong."""

_FIELD = re.compile(r"\{([^{}]*)\}")


class Names(Protocol):
    """What the names in a profile stand for in one file."""

    missing: frozenset[str]

    def text(self, name: str, key: str) -> Callable[[Cells], str]:
        """Return what reads the text of a column; `key` is the profile key that needs it."""


class Value(Protocol):
    """Where a value comes from."""

    def bind(self, names: Names) -> Reader:
        """Return what reads the value from the cells of a row; it raises BadCell."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every row."""

    value: Any

    def bind(self, names: Names) -> Reader:
        """Return what gives the value."""
        value = self.value
        return lambda cells: value


@dataclass(frozen=True, slots=True)
class Column:
    """A column's text, read as its kind; of several columns the first that says something."""

    key: str
    columns: tuple[str, ...]
    kind: Kind
    values: Mapping[str, Any] | None = None
    otherwise: Any = REFUSE
    missing: frozenset[str] = frozenset()
    required: bool = False

    def bind(self, names: Names) -> Reader:
        """Return what reads the first of the columns that says something."""
        readers = [(column, self._reader(column, names)) for column in self.columns]
        if len(readers) == 1 and not self.required:
            return readers[0][1]

        def read(cells: Cells) -> Any:
            for _, each in readers:
                if (value := each(cells)) not in (None, ""):
                    return value
            if self.required:
                raise BadCell(self.columns[0], "", f"{_article(self.kind.name)}: it cannot be empty")
            return self.kind.empty

        return read

    def _reader(self, column: str, names: Names) -> Reader:
        text_of, missing, remembered = (
            names.text(column, self.key),
            names.missing | self.missing,
            dict[str, Any](),
        )
        if self.kind is TEXT and self.values is None:
            return lambda cells: "" if (text := text_of(cells)) in missing else TEXT.read(text)

        def read(cells: Cells) -> Any:
            text = text_of(cells)
            try:
                return remembered[text]
            except KeyError:
                if len(remembered) > REMEMBERED:
                    remembered.clear()
                value = remembered[text] = self.kind.empty if text in missing else self.convert(column, text)
                return value

        return read

    def convert(self, column: str, text: str) -> Any:
        """Return the value of a text that says something; raises BadCell."""
        if self.values is not None:
            value = self.values.get(text.casefold(), self.otherwise)
            if value is REFUSE:
                raise BadCell(column, text, f"one of {', '.join(self.values)}")
            return value
        try:
            return self.kind.read(text)
        except ValueError as error:
            raise BadCell(column, text, str(error)) from None


@dataclass(frozen=True, slots=True)
class Template:
    """Text with `{names}`; `{a|b|"c"}` is the first of a, b and the words c that says something."""

    key: str
    text: str

    def bind(self, names: Names) -> Reader:
        """Return what fills the template in."""
        fill = self.bind_with(names, str)
        return lambda cells: TEXT.read(fill(cells))

    @property
    def first(self) -> str:
        """The first name between braces: the column to look at when the whole is wrong."""
        return next(iter(_FIELD.findall(self.text)), "").split("|")[0].strip()

    def bind_with(self, names: Names, fold: Callable[[str], str], *, whole: bool = False) -> Callable[[Cells], str]:
        """Return what fills the template in with folded texts; if `whole`, BadCell where one is empty."""
        literals = _FIELD.split(self.text)
        parts: list[Callable[[Cells], str]] = []
        for number, piece in enumerate(literals):
            if number % 2:
                parts.append(self._first(piece, names, fold, whole))
            elif piece:
                parts.append(lambda cells, piece=piece: piece)  # type: ignore[misc]
        return lambda cells: "".join([part(cells) for part in parts])

    def _first(self, field: str, names: Names, fold: Callable[[str], str], whole: bool) -> Callable[[Cells], str]:
        words = [name.strip() for name in field.split("|")]
        readers = [_quoted(word) if word.startswith('"') else names.text(word, self.key) for word in words]

        def read(cells: Cells) -> str:
            for reader in readers:
                text = reader(cells)
                if text not in names.missing and (folded := fold(text)):
                    return folded
            if whole:
                raise BadCell(words[0], "", f"a value: {self.key} is made of it")
            return ""

        return read


@dataclass(frozen=True, slots=True)
class Rules:
    """The value of the first rule whose conditions hold: each is a pattern to be found in a text."""

    key: str
    rules: tuple[tuple[tuple[tuple[str, re.Pattern[str]], ...], Value], ...]
    empty: Any

    def bind(self, names: Names) -> Reader:
        """Return what tries the rules in order."""
        bound = [
            (
                [(names.text(name, self.key), pattern.search) for name, pattern in conditions],
                value.bind(names),
            )
            for conditions, value in self.rules
        ]

        def read(cells: Cells) -> Any:
            for conditions, value in bound:
                if all(search(text_of(cells)) for text_of, search in conditions):
                    return value(cells)
            return self.empty

        return read


@dataclass(frozen=True, slots=True)
class Items:
    """The items that a column lists, each read as the column would be; none where it says nothing."""

    column: Column
    separator: str

    def bind(self, names: Names) -> Reader:
        """Return what reads the list."""
        column, missing = self.column.columns[0], names.missing | self.column.missing
        text_of, convert, separator = names.text(column, self.column.key), self.column.convert, self.separator

        def read(cells: Cells) -> list[Any]:
            text = text_of(cells)
            items = [] if text in missing else [item.strip() for item in text.split(separator)]
            return list(dict.fromkeys([convert(column, item) for item in items if item not in missing]))

        return read


def _quoted(word: str) -> Callable[[Cells], str]:
    text = word.strip('"')
    return lambda cells: text


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def first_column(value: Value) -> str:
    """Return the column to look at when a value is wrong, "" if it comes from no single one."""
    return value.columns[0] if isinstance(value, Column) else ""
