"""Reads the tables of a profile key by key, and collects everything that is wrong with them, by full key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any


class Keys:
    """One table of a TOML file. What is wrong goes to `faults`; a key that nobody takes is a fault too."""

    def __init__(self, table: dict[str, Any], path: str, faults: list[str]) -> None:
        self._table = dict(table)
        self._known: list[str] = []
        self._path = path
        self.faults = faults

    def path(self, name: str) -> str:
        """Return the full name of a key of this table."""
        return f"{self._path}.{name}" if self._path else name

    def fault(self, name: str, text: str) -> None:
        """Note that a key is wrong."""
        self.faults.append(f"{self.path(name)}: {text}")

    def has(self, name: str) -> bool:
        """Tell whether the table has a key."""
        return name in self._table

    def names(self) -> list[str]:
        """Return the keys that have not been taken yet."""
        return list(self._table)

    def take(self, name: str, *, required: bool = False) -> Any:
        """Return the value of a key as it is, None if there is none."""
        self._known.append(name)
        if name not in self._table and required:
            self.fault(name, "is missing")
        return self._table.pop(name, None)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; required unless there is a default."""
        value = self.take(name, required=default is None)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            self.fault(name, f"has to be text in quotes, not {value!r}")
            return default or ""
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty if there is none."""
        value = self.take(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(name, f'has to be a list of texts, for example ["a", "b"], not {value!r}')
            return ()
        return tuple(value)

    def flag(self, name: str) -> bool:
        """Return true or false, false if there is nothing."""
        value = self.take(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, f"has to be true or false, not {value!r}")
        return value is True

    def line(self, name: str) -> int:
        """Return the number of a line, from 1; 0 if there is none."""
        value = self.take(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            self.fault(name, f"has to be the number of a line, from 1, not {value!r}")
            return 0
        return value or 0

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        """Return one of some words."""
        value = self.text(name, default)
        if value not in allowed:
            self.fault(name, f"has to be one of {', '.join(allowed)}, not {value!r}")
        return value

    def table(self, name: str, *, required: bool = False) -> Keys:
        """Return a table within this one, empty if there is none."""
        value = self.take(name, required=required)
        if value is not None and not isinstance(value, dict):
            self.fault(name, f"has to be a table, [{self.path(name)}], not {value!r}")
            value = None
        return Keys(value or {}, self.path(name), self.faults)

    def tables(self, name: str) -> list[Keys]:
        """Return the tables of a list, [[name]]."""
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(name, f"has to be a list of tables, [[{self.path(name)}]], not {value!r}")
            return []
        return [Keys(item, f"{self.path(name)}.{number}", self.faults) for number, item in enumerate(value, start=1)]

    def close(self) -> None:
        """Note every key that nobody asked for, with the nearest that is known."""
        for name in self._table:
            self.fault(name, f"is not known{nearest(name, self._known)}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean X?` for the nearest known name, or ""."""
    by_folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[found[0]]}?" if found else ""
