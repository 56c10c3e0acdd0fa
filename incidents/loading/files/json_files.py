"""JSON: an object a line, or a FeatureCollection or list read an object at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

import orjson

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits
from incidents.loading.files.flattening import Flat, feature
from incidents.loading.files.streams import numbered_lines
from incidents.text_checks import storable

_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_PLAIN = re.compile(rb"[^\s,\]}:]*+(?=[\s,\]}:])")
"""A value that is neither text nor nested, with what ends it."""

_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|%s)*+([{}\[\]])' % _TEXT.pattern, re.DOTALL)
"""The next bracket, with all before it; one within a text is none."""

_NO_NUMBER = re.compile(rb"[:\[,]\s*(NaN|-?Infinity)\b")
_SPACE = b" \t\r\n"
_PIECE = 2**16
FEATURES = "features"
ENVELOPES = ("data", "results", "items", "records", "rows")
"""What servers call the list of rows in their answers."""

Note = Callable[[str], None]
_WORLD = re.compile(r"CRS84|EPSG:+(?:[\d.]*:)?4326$", re.IGNORECASE)


def lines(stream: IO[bytes]) -> Iterator[tuple[int, Flat]]:
    """Yield the objects of a file with one a line; raises LoadError naming the line that is none."""
    return ((number, _flat(raw, f"line {number}")) for number, raw in numbered_lines(stream) if raw.strip())


def document(stream: IO[bytes], name: str, note: Note) -> Iterator[tuple[int, Flat]]:
    """Yield the features of a FeatureCollection, or the objects of a list, each with its line."""
    return ((line, _flat(raw, f"line {line}")) for line, raw in objects(stream, name, note))


def objects(stream: IO[bytes], name: str, note: Note | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield the same as text; raises LoadError where the document is not whole."""
    scanner = _Scanner(stream, name)
    if scanner.opening() == b"[":
        yield from scanner.items()
        return
    found = ""
    for key in scanner.members():
        if key == FEATURES or (key in ENVELOPES and scanner.at_objects()):
            if found:
                raise LoadError(f'{name} has two lists of rows, "{found}" and "{key}"; save the one that is meant.')
            if note and key != FEATURES:
                note(f'the rows are the list "{key}" of the document')
            found = key
            yield from scanner.items(inside=True)
            continue
        value = scanner.parsed()
        if key == "crs" and value and not _WORLD.search(str(_name_of(value))):
            raise LoadError(f"{name}: coordinates in {_name_of(value)}; save them as longitude and latitude (WGS 84).")
    if not found:
        lists = ", ".join(ENVELOPES)
        raise LoadError(
            f'{name} is no list and no FeatureCollection: it has no "features" (nor a list of objects called {lists}). '
            "One object a line: .ndjson"
        )


def is_document(first: Any) -> bool:
    """Tell whether the object on a file's first line is the whole document, and not the first of many."""
    if not isinstance(first, dict):
        return False
    return FEATURES in first or any(_is_objects(first.get(name)) for name in ENVELOPES)


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _name_of(crs: Any) -> Any:
    return crs.get("properties", {}).get("name", crs) if isinstance(crs, dict) else crs


def _flat(raw: bytes, where: str) -> Flat:
    try:
        record = loaded(raw)
    except orjson.JSONDecodeError as error:
        hint = _byte(raw) or _number(raw)
        raise LoadError(f"{where}: {hint or f'no valid JSON: {error}'}.") from None
    if not isinstance(record, dict):
        raise LoadError(f"{where}: an object is expected, {{…}}, not {str(record)[:40]!r}.")
    try:
        return feature(record, where)
    except orjson.JSONEncodeError:
        raise LoadError(f"{where} holds lists that are nested too deep.") from None


def loaded(raw: bytes) -> Any:
    """Return what JSON says, with NUL in place of halves of surrogate pairs, so that only their rows are refused.

    Raises JSONDecodeError of orjson.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error):
            raise
        try:
            return _storable(json.loads(raw))
        except (ValueError, RecursionError):
            raise error from None


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {storable(name): _storable(each) for name, each in value.items()}
    if isinstance(value, list):
        return list(map(_storable, value))
    return storable(value) if isinstance(value, str) else value


def _byte(raw: bytes) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} of it is not UTF-8 (0x{raw[error.start]:02x})"
    return ""


def _number(raw: bytes) -> str:
    # Python's json writes these, though no other program reads them.
    found = _NO_NUMBER.search(raw)
    return f"no valid JSON: {found[1].decode()} is no number there; write null" if found else ""


class _Scanner:
    """Cuts the objects of a list out of a JSON document without holding it in memory."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = stream, name
        self._text, self._at, self._line = b"", 0, 1

    def opening(self) -> bytes:
        """Return the bracket that the document begins with."""
        self._more()
        self._text = self._text.removeprefix(b"\xef\xbb\xbf")
        mark = self._peek()
        if mark not in (b"{", b"["):
            raise LoadError(f"{self._name} is no JSON document.")
        self._at += 1
        return mark

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that has been opened; the caller reads each value."""
        while (mark := self._peek()) != b"}":
            if mark == b",":
                self._at += 1
                continue
            key = self.parsed()
            if not isinstance(key, str) or self._peek() != b":":
                raise self._wrong('a key and ":"')
            self._at += 1
            yield key

    def items(self, *, inside: bool = False) -> Iterator[tuple[int, bytes]]:
        """Yield the objects of a list; `inside`: its bracket is still to come."""
        if inside:
            if self._peek() != b"[":
                raise self._wrong("a list")
            self._at += 1
        while (mark := self._peek()) != b"]":
            if mark == b",":
                self._at += 1
            else:
                line = self._line + self._text.count(b"\n", 0, self._at)
                yield line, self.value()
        self._at += 1

    def at_objects(self) -> bool:
        """Tell whether a list of objects comes next, of which there is at least one."""
        if self._peek() != b"[":
            return False
        while not (rest := self._text[self._at + 1 :].lstrip(_SPACE)):
            self._more()
        return rest.startswith(b"{")

    def parsed(self) -> Any:
        """Return the value that comes next."""
        try:
            return orjson.loads(self.value())
        except orjson.JSONDecodeError as error:
            raise self._wrong(f"a value ({error})") from None

    def value(self) -> bytes:
        """Return the text of the value that comes next, whole."""
        mark = self._peek()
        self._forget()
        end = self._nested() if mark in (b"{", b"[") else self._end_of(_TEXT if mark == b'"' else _PLAIN)
        value, self._at = self._text[:end], end
        return value

    def _nested(self) -> int:
        depth, at = 0, 0
        while True:
            match = _BRACKET.match(self._text, at)
            if match is None:
                self._more()
                continue
            at = match.end()
            depth += 1 if match[1] in b"{[" else -1
            if depth > 2 * file_limits.MAX_DEPTH:
                raise LoadError(f"line {self._line}: nested more than {2 * file_limits.MAX_DEPTH} levels deep.")
            if not depth:
                return at

    def _end_of(self, form: re.Pattern[bytes]) -> int:
        while not (match := form.match(self._text)):
            self._more()
        return match.end()

    def _peek(self) -> bytes:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at : self._at + 1]
            self._forget()
            self._more()

    def _forget(self) -> None:
        self._line += self._text.count(b"\n", 0, self._at)
        self._text, self._at = self._text[self._at :], 0

    def _more(self) -> None:
        if len(self._text) > file_limits.MAX_LINE:
            raise LoadError(
                f"line {self._line}: an object longer than {file_limits.MAX_LINE // 2**20} MB: no file of rows."
            )
        piece = self._stream.read(max(_PIECE, len(self._text) // 2))
        if not piece:
            raise self._wrong("more: the file is cut off")
        self._text += piece

    def _wrong(self, expected: str) -> LoadError:
        return LoadError(f"{self._name}: after line {self._line} no valid JSON, expected {expected}.")
