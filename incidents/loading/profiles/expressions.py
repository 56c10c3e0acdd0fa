"""How a profile says where a value comes from: a column, a constant, a template, or the first rule to hold.

Each is read from TOML once (`incidents.loading.profiles.parsing`), bound to the columns of a file once, then
reads every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from incidents.loading.errors import BadCell
from incidents.loading.pipeline.slugs import fingerprint
from incidents.loading.profiles.patterns import Pattern
from incidents.loading.profiles.value_types import TEXT, Kind

Cells = Sequence[str]
Reader = Callable[[Cells], Any]
REMEMBERED = 20_000
"""Different texts whose value a column keeps at a time; most columns have far fewer."""

REFUSE = object()
"""Stands for: a text that is not among the listed ones is wrong."""

JSON = "json"
"""Instead of a separator: the cell is a JSON list, as those of JSON and Parquet files are."""

_COMMA = (Pattern("[file] decimal", r"^([+-]?[0-9]*),([0-9]+)$"), r"\1.\2")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]*)?")
_FIELD = re.compile(r"\{([^{}]*)\}")


class Names(Protocol):
    """What the names in a profile stand for in one file."""

    missing: frozenset[str]
    decimal: str

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
    replace: tuple[tuple[Pattern, str], ...] = ()

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
            self._replaced(names.text(column, self.key), names.decimal),
            names.missing | self.missing,
            dict[str, Any](),
        )
        if self.kind.words and self.values is None:
            return lambda cells: self.kind.empty if (text := text_of(cells)) in missing else self.convert(column, text)

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

    def _replaced(self, text_of: Callable[[Cells], str], decimal: str) -> Callable[[Cells], str]:
        """Return what reads the text after what the profile replaces in it."""
        replace = self.replace
        if self.kind.fraction and decimal == ",":
            replace = (*replace, _COMMA)
        if not replace:
            return text_of

        def read(cells: Cells) -> str:
            text = text_of(cells)
            for pattern, by in replace:
                text = pattern.sub(by, text)
            return text

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
    kind: Kind = TEXT

    def bind(self, names: Names) -> Reader:
        """Return what fills the template in, and reads that as the kind; it raises BadCell."""
        fill, kind = self.bind_with(names, str), self.kind

        def read(cells: Cells) -> Any:
            text = fill(cells)
            try:
                return kind.read(text) if text.strip() else kind.empty
            except ValueError as error:
                raise BadCell(self.first, text, str(error)) from None

        return read

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
                parts.append(lambda cells, piece=piece: piece)  # type: ignore[misc]  # mypy knows no default of a lambda that binds a loop's variable
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
class Fingerprint:
    """Sixteen digits that stand for what some columns say together, whatever their letter case and spaces."""

    key: str
    columns: tuple[str, ...]

    def bind(self, names: Names) -> Reader:
        """Return what takes the fingerprint."""
        texts = [names.text(column, self.key) for column in self.columns]
        missing = names.missing

        def read(cells: Cells) -> str:
            said = ["" if (text := text_of(cells)) in missing else _plain(text) for text_of in texts]
            return fingerprint("\x1f".join(said))

        return read


def _plain(text: str) -> str:
    """Return a text without what editions of a file differ in: letter case, spaces, zeros that end a number."""
    return repr(float(text)) if _NUMBER.fullmatch(text) else " ".join(text.casefold().split())


def cut(text: str, separator: str) -> list[str]:
    """Return the items of a list in one cell; `json` is the separator of a JSON list."""
    if separator != JSON:
        return [item.strip() for item in text.split(separator)]
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError:
        items = None
    if not isinstance(items, list):
        return [text]
    return [item if isinstance(item, str) else "" if item is None else orjson.dumps(item).decode() for item in items]


@dataclass(frozen=True, slots=True)
class Rules:
    """The value of the first rule whose conditions hold: each is a pattern to be found in a text."""

    key: str
    rules: tuple[tuple[tuple[tuple[str, Pattern], ...], Value], ...]
    empty: Any

    def bind(self, names: Names) -> Reader:
        """Return what tries the rules in order."""
        bound = [
            (
                [(_said(names.text(name, self.key), names.missing), pattern.search) for name, pattern in conditions],
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
            items = [] if text in missing else cut(text, separator)
            return list(dict.fromkeys([convert(column, item) for item in items if item not in missing]))

        return read


def _said(text_of: Callable[[Cells], str], missing: frozenset[str]) -> Callable[[Cells], str]:
    """Return what reads a text, empty where it is one of those that say nothing in this file."""
    if missing == {""}:
        return text_of
    return lambda cells: "" if (text := text_of(cells)) in missing else text


def _quoted(word: str) -> Callable[[Cells], str]:
    text = word.strip('"')
    return lambda cells: text


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def first_column(value: Value) -> str:
    """Return the column to look at when a value is wrong, "" if it comes from no single one."""
    return value.columns[0] if isinstance(value, Column) else ""
