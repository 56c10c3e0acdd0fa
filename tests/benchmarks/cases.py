"""What is asked: each case as many different addresses, so that no answer can come from a cache."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from urllib.parse import urlencode

from tests.benchmarks.data import FIRST_DAY, LAST_DAY, Data

LIST = "/api/v1/incidents/"
VARIANTS = 200
COUNTS = 5_000
"""More than the server's cache of counts holds: a count is measured, not remembered."""

DEEP = 200_000
CODED_FIELD, OWN_FIELD = "event_subtype=", "attr.violence="
SUBTYPES = ("state_based", "non_state", "one_sided")


@dataclass(frozen=True)
class Case:
    """One kind of question; `theirs` are the baseline's addresses where they differ."""

    name: str
    title: str
    ours: list[str]
    theirs: list[str] = field(default_factory=list)

    @property
    def baseline(self) -> list[str]:
        return self.theirs or self.ours


def address(**parameters: object) -> str:
    """Return the address of a list."""
    return f"{LIST}?{urlencode({name: str(value) for name, value in parameters.items()}, safe=',:')}"


def window(random: Random, shortest: int, longest: int) -> dict[str, object]:
    """Return a window of time."""
    days = random.randint(shortest, longest)
    first = FIRST_DAY + timedelta(random.randint(0, (LAST_DAY - FIRST_DAY).days - days))
    return {"date_after": first, "date_before": first + timedelta(days)}


def box(random: Random, data: Data, number: int, degrees: float | None = None) -> dict[str, object]:
    """Return a box around some incident, from a town to half the country."""
    row = data.row(random.randrange(number))
    half = degrees or math.exp(random.uniform(math.log(0.05), math.log(2.5)))
    longitude, latitude = float(row["longitude"]), float(row["latitude"])
    corners = (longitude - half, latitude - half, longitude + half, latitude + half)
    return {"bbox": ",".join(f"{corner:.4f}" for corner in corners)}


def record_id(data: Data, number: int) -> str:
    """Return the public id of a row."""
    return f"ucdp-ged-{data.row(number)['id']}"


def _lists(random: Random, data: Data, number: int) -> list[str]:
    return [address(limit=limit) for limit in range(91, 110)]


def _filters(random: Random, data: Data, number: int) -> list[str]:
    return [address(limit=100, event_subtype=SUBTYPES[at % 3], **window(random, 30, 720)) for at in range(VARIANTS)]


def _own_fields(random: Random, data: Data, number: int) -> list[str]:
    """As `_filters`, by the field that the benchmark's own profile declares for the same codes."""
    return [path.replace(CODED_FIELD, OWN_FIELD) for path in _filters(Random(f"filter {number}"), data, number)]


def _boxes(random: Random, data: Data, number: int) -> list[str]:
    return [address(limit=100, **box(random, data, number), **window(random, 30, 1440)) for _ in range(VARIANTS)]


def _items(random: Random, data: Data, number: int) -> list[str]:
    return [f"{LIST}{record_id(data, random.randrange(number))}/" for _ in range(10 * VARIANTS)]


def _words(random: Random, data: Data, number: int) -> list[str]:
    words = data.words(VARIANTS)
    random.shuffle(words)
    return [address(limit=100, q=word) for word in words]


def _counts(random: Random, data: Data, number: int) -> list[str]:
    asked = (address(event_subtype=random.choice(SUBTYPES), **window(random, 30, 1440)) for _ in range(COUNTS))
    return [each.replace(LIST, f"{LIST}count/") for each in asked]


MADE: dict[str, tuple[str, Callable[[Random, Data, int], list[str]]]] = {
    "list": ("list of 100", _lists),
    "filter": ("type + dates", _filters),
    "own": ("own field + dates", _own_fields),
    "bbox": ("box + dates", _boxes),
    "item": ("item", _items),
    "search": ("word search", _words),
    "count": ("count of type + dates", _counts),
}
NAMES = ("list", "filter", "own", "bbox", "deep", "item", "search", "count")


def make(data: Data, number: int, names: tuple[str, ...]) -> list[Case]:
    """Return the cases of these names for so many incidents; a deep page needs a walk and is made elsewhere."""
    made = []
    for name in names:
        if name in MADE:
            title, addresses = MADE[name]
            ours = addresses(Random(f"{name} {number}"), data, number)
            made.append(Case(name, title, ours, [path.replace(OWN_FIELD, CODED_FIELD) for path in ours]))
    return made


def depth(number: int) -> int:
    """Return how deep the deep page lies, in whole thousands."""
    return min(DEEP, max(1000, number * 8 // 10 // 1000 * 1000))


def today() -> date:
    """Return the day, in UTC like everything else here."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date()
