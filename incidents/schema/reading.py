"""How values are taken out of documents where every row pays for it: those of one object by one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any


class _Absent(dict[str, Any]):
    """What stands for an object that is null: all that is in it is null."""

    def __missing__(self, key: str) -> None:
        return None


ABSENT = _Absent()


def taker(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Function that takes these members out of an object."""
    if len(names) == 1:
        name = names[0]
        return lambda part: (part[name],)
    return itemgetter(*names)
