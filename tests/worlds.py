"""Records that many tests begin with, made once for all tests in a row that ask for them.

    @world
    def public() -> list[Incident]:
        ...

makes a fixture `public`. Its records are in a transaction that stays open from one test to the next. Each test works in
a savepoint of it and gets a copy of its own of what the function returned. Parameters of the function are other
worlds, on which it builds. Tests that need commits (`transactional_db`) make the records anew.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import Any

import pytest
from django.db import connection, transaction

Maker = Callable[..., Any]
"""A function that makes records."""

_MAKERS: dict[Callable[..., Any], Maker] = {}
"""The makers of all worlds by their fixtures."""


def world(make: Maker, *, autouse: bool = False, copied: bool = True) -> Maker:
    """Return a fixture that gives a test the records that a function makes; `autouse`, every test where it stands.

    What tests only read need not be `copied` for each.
    """

    def fixture(worlds: Worlds, db: None, **bases: Any) -> Any:
        kept = worlds.find(make)
        if kept is None:
            return make(**bases)
        return deepcopy(kept.value) if copied else kept.value

    names = ("db", "worlds", *signature(make).parameters)
    fixture.__signature__ = Signature(  # type: ignore[attr-defined]  # pytest looks there for the fixtures it wants
        [Parameter(name, Parameter.KEYWORD_ONLY) for name in names]
    )
    fixture.__doc__ = make.__doc__
    _MAKERS[fixture] = make
    return pytest.fixture(fixture, name=make.__name__, autouse=autouse)


@dataclass(frozen=True)
class Kept:
    """A world that is in the database, and its transaction."""

    make: Maker
    block: transaction.Atomic
    value: Any


class Worlds:
    """The worlds that are in the database now, each in the transaction of those on which it builds."""

    def __init__(self) -> None:
        self._kept: list[Kept] = []

    def find(self, make: Maker) -> Kept | None:
        """Return a world that is there."""
        return next((each for each in self._kept if each.make is make), None)

    def have(self, asked: tuple[Maker, ...]) -> None:
        """Have these in the database, in this order, and no others."""
        if connection.closed_in_transaction:  # a test has lost the connection, and with it the records
            self._leave(0)
        same = 0
        while same < min(len(asked), len(self._kept)) and self._kept[same].make is asked[same]:
            same += 1
        self._leave(same)
        for make in asked[same:]:
            self._enter(make)

    def _enter(self, make: Maker) -> None:
        values = {each.make.__name__: each.value for each in self._kept}
        block = transaction.atomic()
        block.__enter__()
        try:
            value = make(**{name: deepcopy(values[name]) for name in signature(make).parameters})
            connection.check_constraints()  # now, not at the end of each test
        except BaseException as error:
            block.__exit__(type(error), error, error.__traceback__)
            raise
        self._kept.append(Kept(make, block, value))

    def _leave(self, number: int) -> None:
        while len(self._kept) > number:
            transaction.set_rollback(True)
            self._kept.pop().block.__exit__(None, None, None)


def asked(item: pytest.Item) -> tuple[Maker, ...]:
    """Return the worlds that a test asks for, each after those on which it builds; none if the test needs commits."""
    if is_transactional(item):
        return ()
    definitions = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]  # pytest has no public way

    def below(name: str) -> list[Maker]:
        make = _MAKERS.get(definitions[name][-1].func) if name in definitions else None
        return [*(each for base in signature(make).parameters for each in below(base)), make] if make else []

    return tuple(dict.fromkeys(each for name in definitions for each in below(name)))


def is_transactional(item: pytest.Item) -> bool:
    """Tell whether a test commits what it writes."""
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    return bool(
        (marker and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences")))
        or not {"transactional_db", "live_server", "django_db_reset_sequences"}.isdisjoint(names)
    )


def together(items: list[pytest.Item]) -> None:
    """Put tests of a module that ask for the same worlds next to each other."""
    places: dict[Any, int] = {}
    keys = [(item.path, asked(item)) for item in items]
    for key in keys:
        places.setdefault(key[0], len(places))
        places.setdefault(key, len(places))
    order = sorted(range(len(items)), key=lambda n: (places[keys[n][0]], places[keys[n]]))
    items[:] = [items[n] for n in order]
