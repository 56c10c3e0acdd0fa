"""What a coded value is, and what the coded values of one field are together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One coded value; `acled`, `ucdp` and `gtd` name the nearest code of those datasets, "" where there is none."""

    code: str
    label: str
    definition: str
    acled: str = ""
    ucdp: str = ""
    gtd: str = ""
    parent: str = ""


class Vocabulary(Mapping[str, Term]):
    """The coded values of one field, in order; where `ordered`, the earlier term is the more precise one."""

    def __init__(self, name: str, definition: str, *terms: Term, ordered: bool = False) -> None:
        self.name = name
        self.definition = definition
        self.ordered = ordered
        self._terms = {term.code: term for term in terms}
        if len(self._terms) != len(terms):
            raise ValueError(f"{name}: a code occurs twice")

    def __getitem__(self, code: str) -> Term:
        return self._terms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The pairs of code and label that a Django field takes."""
        return [(term.code, term.label) for term in self._terms.values()]

    def rank(self, code: str) -> int:
        """The position of a code: 0 is the most precise of an ordered vocabulary."""
        return list(self._terms).index(code)

    def at_least(self, code: str) -> list[str]:
        """The codes that are at least as precise as `code`."""
        if not self.ordered:
            raise ValueError(f"{self.name} has no order")
        return list(self._terms)[: self.rank(code) + 1]
