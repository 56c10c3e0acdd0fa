"""The columns of one file, found by name: letter case and order do not matter, and a lacking one is reported."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from incidents.loading.errors import LoadError, did_you_mean
from incidents.loading.profiles.cell_values import CellValue, TextReader

if TYPE_CHECKING:
    from incidents.loading.profiles.keys import FileKeys

FEW = 5
"""Columns that are named where most lack: then it is another file."""


class HeaderColumns:
    """What the names in a profile stand for in one file: columns, the profile's cells, the pieces of a list.

    Names that the file lacks are collected while a profile is bound; `complete` then raises LoadError for all.
    """

    def __init__(self, header: Sequence[str], file: FileKeys, cells: Mapping[str, CellValue]) -> None:
        self.header = [name.strip() for name in header]
        self.missing, self.decimal = frozenset(file.missing), file.decimal
        self._file, self._cells = file, cells
        self._pieces: dict[str, int] = {}
        self._read: set[int] = set()
        self._index: dict[str, int] = {}
        self._twice: set[str] = set()
        for index, name in enumerate(self.header):
            if self._index.setdefault(name.casefold(), index) != index:
                self._twice.add(name.casefold())
        self._lacking: dict[str, str] = {}
        self._needed: set[str] = set()
        self._used: set[str] = set()

    def text(self, name: str, key: str, *, needed: bool = True) -> TextReader:
        """Return what reads the text of a column, of a piece of a list, or of a cell of the profile.

        `key` is the full name of the profile's key that needs it. A column that is not needed is empty where the file
        lacks it: one that only feeds `extra` or a sentence.
        """
        folded = name.casefold()
        if name in self._pieces:
            index = len(self.header) + self._pieces[name]
            self._read.add(index)
            return itemgetter(index)
        if name in self._cells:
            return self._cells[name].bind(self)
        self._used.add(folded)
        if folded in self._index:
            self._read.add(self._index[folded])
            return itemgetter(self._index[folded])
        if folded not in self._file.optional:
            self._lacking.setdefault(name, key)
            if needed and not key.startswith("incident.extra."):
                self._needed.add(name)
        return lambda cells: ""

    def has(self, name: str) -> bool:
        """Tell whether the file has a column, a list a piece or the profile a cell of this name."""
        return name.casefold() in self._index or name in self._cells or name in self._pieces

    @property
    def left_empty(self) -> list[str]:
        """The columns that the file lacks and that are not needed."""
        return [name for name in self._lacking if name not in self._needed]

    def with_pieces(self, pieces: Sequence[str]) -> HeaderColumns:
        """Return the same columns followed by the pieces of an item, for rows that have them at their end."""
        longer = self.unread_copy()
        longer._pieces = {piece: index for index, piece in enumerate(pieces)}
        return longer

    def unread_copy(self) -> HeaderColumns:
        """Return the same columns, to learn from its `read` which of them something bound to it reads."""
        copied = copy.copy(self)
        copied._read = set()
        return copied

    def have_read(self, indexes: Iterable[int]) -> None:
        """Count columns as asked for here that were asked for on a copy."""
        self._read.update(indexes)

    @property
    def reads_rows(self) -> bool:
        """Tell whether anything but pieces has been asked for."""
        return any(index < len(self.header) for index in self._read)

    @property
    def read(self) -> list[int]:
        """The indexes of the columns that have been asked for."""
        return sorted(self._read)

    def complete(self) -> None:
        """Raise LoadError for all columns that are needed and not there, or there twice."""
        faults = [
            f"  {name}: the file has no such column{did_you_mean(name, self.header)} (needed for {key})"
            for name, key in self._lacking.items()
            if name in self._needed
        ]
        faults += [f"  {name}: the file has this column twice" for name in sorted(self._twice & self._used)]
        if len(faults) > FEW and len(self._lacking) > len(self._used) / 2:
            said = f"  {len(self._lacking)} of {len(self._used)} columns that it reads are not there."
            hint = "Is it the right file? `manage.py profile FILE` tells which profile fits."
            faults = [f"{said} {hint}", *faults[:FEW], "  …"]
        if faults:
            raise LoadError("\n".join(["The file does not fit the profile:", *faults]))

    def unread(self) -> list[str]:
        """Return the columns that the profile neither reads nor lists as ignored."""
        known = self._used.union(self._file.ignored)
        return [name for name in self.header if name and name.casefold() not in known]
