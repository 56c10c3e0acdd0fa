"""The point in time that an answer speaks of: the ledger's head, or an earlier publication that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connections
from django.utils import timezone

from incidents.ledger.commit import stamp
from incidents_api.rest.errors import Problem, bad_parameters, parameter_error


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reader may see: publications up to `at`; `head` and `redacted` make it known to caches."""

    at: int
    head: int
    redacted: int
    totals: dict[str, int]
    pinned: bool

    @property
    def is_now(self) -> bool:
        """Tell whether the live rows are what is asked for."""
        return self.at == self.head

    def total(self, kind: str) -> int | None:
        """Return how many records of a kind are public, if the ledger keeps the number."""
        return self.totals.get(kind, 0) if self.is_now else None


def read_moment(as_of: int | datetime | None, using: str = "default") -> Moment:
    """Return the moment that `as_of` names, in one query; raises a 400 problem for one that is still to come."""
    connection = connections[using]
    if isinstance(as_of, datetime):
        found_by_time = "(SELECT max(seq) FROM ledger_publication WHERE published_at <= %s)"
        params = [connection.ops.adapt_datetimefield_value(as_of)]
    else:
        found_by_time, params = "NULL", []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, redacted, totals, {found_by_time} FROM ledger_head WHERE id = 1", params)
        head, redacted, totals, found = cursor.fetchone()
    if as_of is None:
        return Moment(head, head, redacted, _parsed(totals), pinned=False)
    at = _at(as_of, head, found)
    return Moment(at, head, redacted, _parsed(totals) if at == head else {}, pinned=True)


def _at(as_of: int | datetime, head: int, found: int | None) -> int:
    if isinstance(as_of, int):
        if as_of > head:
            raise _still_to_come(str(as_of), f"Publication {as_of} is still to come; the latest is {head}.", head)
        return as_of
    if as_of > timezone.now():
        raise _still_to_come(stamp(as_of), f"Is in the future; the latest publication is {head}.", head)
    return found or 0


def _still_to_come(value: str, message: str, head: int) -> Problem:
    return bad_parameters([{**parameter_error("as_of", value, message), "suggestion": str(head)}])


def _parsed(totals: Any) -> dict[str, int]:
    parsed: dict[str, int] = orjson.loads(totals) if isinstance(totals, str) else totals
    return parsed
