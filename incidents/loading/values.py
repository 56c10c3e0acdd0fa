"""How a profile says where a value comes from: a column, a constant, a template, or the first rule to hold.

Each is read from TOML once (`parse`), bound to the columns of a file once (`bind`), then reads every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from incidents.loading.coerce import TEXT, Kind
from incidents.loading.errors import BadCell
from incidents.loading.keys import Keys

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
                value = remembered[text] = self.kind.empty if text in missing else self._convert(column, text)
                return value

        return read

    def _convert(self, column: str, text: str) -> Any:
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


def parse(keys: Keys, name: str, kind: Kind, *, required: bool = False) -> Value:
    """Read a value of a profile; `required` holds for the key and for each row's cell."""
    if not keys.has(name):
        keys.take(name, required=required)
        return Constant(kind.empty)
    return _parse(keys.take(name), keys.path(name), kind, keys.faults, required=required)


def _parse(raw: Any, path: str, kind: Kind, faults: list[str], *, required: bool) -> Value:
    if isinstance(raw, str):
        return Column(path, (raw,), kind, required=required)
    if isinstance(raw, list):
        rules = [_rule(item, f"{path}.{number}", kind, faults, required) for number, item in enumerate(raw, 1)]
        return Rules(path, tuple(rules), kind.empty)
    if not isinstance(raw, dict):
        faults.append(f"{path}: has to name a column, or be a table or a list of rules, not {raw!r}")
        return Constant(kind.empty)
    keys = Keys(raw, path, faults)
    value = _table(keys, path, kind, required)
    keys.close()
    return value


def _table(keys: Keys, path: str, kind: Kind, required: bool) -> Value:
    if keys.has("constant"):
        return Constant(_checked(keys, "constant", str(keys.take("constant")), kind))
    if keys.has("template"):
        return Template(path, keys.text("template"))
    columns = (keys.text("column"),) if not keys.has("columns") else keys.texts("columns")
    table = keys.take("values")
    values = None
    if isinstance(table, dict):
        values = {text.casefold(): _checked(keys, f"values.{text}", str(code), kind) for text, code in table.items()}
    elif table is not None:
        keys.fault("values", "has to be a table of text = value")
    otherwise: Any = REFUSE
    if keys.has("otherwise"):
        text = keys.text("otherwise")
        otherwise = _checked(keys, "otherwise", text, kind) if text else kind.empty
    return Column(path, columns, kind, values, otherwise, frozenset(keys.texts("missing")), required)


def _checked(keys: Keys, name: str, text: str, kind: Kind) -> Any:
    try:
        return kind.read(text)
    except ValueError as error:
        keys.fault(name, f"is {text!r}, and has to be {error}")
        return kind.empty


def _rule(
    raw: Any, path: str, kind: Kind, faults: list[str], required: bool
) -> tuple[tuple[tuple[str, re.Pattern[str]], ...], Value]:
    if not isinstance(raw, dict):
        return (), _parse(raw, path, kind, faults, required=required)
    when = Keys(raw, path, faults).table("when")
    conditions = []
    for name in when.names():
        text = when.text(name)
        try:
            conditions.append((name, re.compile(text, re.IGNORECASE)))
        except re.error as error:
            when.fault(name, f"{text!r} is no regular expression: {error}")
    rest = {name: value for name, value in raw.items() if name != "when"}
    return tuple(conditions), _parse(rest, path, kind, faults, required=required)


def _quoted(word: str) -> Callable[[Cells], str]:
    text = word.strip('"')
    return lambda cells: text


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
