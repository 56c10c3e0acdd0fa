"""The snapshot of a response: the head of the ledger, or a requested earlier publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeGuard

import orjson
from django.utils import timezone

from incidents.ledger.content import stamp
from incidents.query.entries import database, fetch
from incidents.query.release_lookup import AsOf, release_names
from incidents_api.parameters.errors import InvalidParametersError, parameter_error

UNKNOWN_TOTAL = 1_000_000
"""Incidents that a process counts with until it has heard how many there are."""


class Beside(Protocol):
    """An expression for a list of keys, or NULL."""

    @property
    def sql(self) -> str:
        """With %s for each parameter."""

    @property
    def params(self) -> tuple[Any, ...]:
        """In order."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reader may see: publications up to `at`; `head` and `redacted` make it known to caches."""

    at: int
    head: int
    redacted: int
    totals: dict[str, int]
    """Kind → number of public records then; empty for a time before a redaction, which no longer has as many."""
    pinned: bool
    """No later publication can change what `as_of` names."""
    keys: list[int] | None = None
    """Keys that were read in the same statement."""

    @property
    def is_now(self) -> bool:
        """True if the current state is requested, so that live rows are read."""
        return self.at == self.head

    def total(self, kind: str) -> int | None:
        """Number of public records of a kind, if the ledger has it."""
        return self.totals.get(kind)


@dataclass(slots=True)
class _LastHeard:
    total: int = UNKNOWN_TOTAL
    head: int = 0
    redacted: int = 0


_last_heard = _LastHeard()


def last_total() -> int:
    """Approximate number of incidents, as this process last read it; used to choose a query plan."""
    return _last_heard.total


def last_head() -> int:
    """Latest publication that this process has read; 0 if none."""
    return _last_heard.head


def last_state() -> tuple[int, int]:
    """Latest publication that this process has read, and the last redaction before it; 0 if none."""
    return _last_heard.head, _last_heard.redacted


def forget_state() -> None:
    """Forget the latest publication, for tests that take publications back."""
    _last_heard.head = _last_heard.redacted = 0


def newest(seq: int, redacted: int, totals: Any, keys: list[int] | None = None) -> Moment:
    """Moment of the head, from its database row."""
    parsed = _parsed(totals)
    _last_heard.total, _last_heard.head, _last_heard.redacted = parsed.get("incident", 0), seq, redacted
    return Moment(seq, seq, redacted, parsed, pinned=False, keys=keys)


def read_moment(asked: AsOf | None, probe: Beside | None = None) -> Moment:
    """Moment of `as_of` (a publication, a time, a day or a release), in one query.

    A day means its last moment in UTC. Raises InvalidParametersError for what is still to come, for a day that is not
    over and for an unknown release. What is asked `probe` it is read with it. A time since the latest publication is
    not pinned: one that is being made may yet turn out to be of that time.
    """
    connection = database()
    as_of = _end_of(asked) if _is_day(asked) else asked
    if isinstance(as_of, datetime):
        named = "SELECT max(seq) FROM ledger_publication WHERE published_at <= %s"
        params: list[Any] = [connection.ops.adapt_datetimefield_value(as_of)]
    elif isinstance(as_of, str):
        named, params = "SELECT seq FROM ledger_release WHERE name = %s", [as_of]
    else:
        named, params = "SELECT seq FROM ledger_publication WHERE seq = %s", [as_of or 0]
    probed = probe.sql if probe else "NULL"
    rows = fetch(
        connection,
        # Not a join: SQLite, told of one publication when it last took statistics, would look through all of them.
        f"SELECT {probed} AS probe, seq, redacted, totals, ({named}), "
        f"(SELECT totals FROM ledger_publication WHERE seq = ({named})) FROM ledger_head WHERE id = 1",
        [*(probe.params if probe else ()), *params, *params],
        prepared=True,
    )
    ((found_beside, head, redacted, totals, found, totals_then),) = rows
    keys: list[int] | None = orjson.loads(found_beside) if isinstance(found_beside, str) else found_beside
    if as_of is None:
        return newest(head, redacted, totals, keys)
    if isinstance(as_of, str) and found is None:
        raise no_such_release(as_of)
    _last_heard.head, _last_heard.redacted = head, redacted
    if isinstance(as_of, datetime) and _is_to_come(as_of, a_day=_is_day(asked)):
        raise _not_yet(asked, as_of, head)
    at = _at(as_of, head, found)
    known = _parsed(totals_then) if at >= redacted and found is not None else {}
    return Moment(at, head, redacted, known, pinned=not isinstance(as_of, datetime) or at < head, keys=keys)


def _is_day(asked: AsOf | None) -> TypeGuard[date]:
    return isinstance(asked, date) and not isinstance(asked, datetime)


def _is_to_come(at: datetime, *, a_day: bool) -> bool:
    now = timezone.now()
    return at > now or (a_day and at == now)  # in its last microsecond something may still be published


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def _at(as_of: AsOf, head: int, found: int | None) -> int:
    if isinstance(as_of, int):
        if as_of > head:
            raise _still_to_come(str(as_of), f"Publication {as_of} does not exist yet; the latest is {head}.", head)
        return as_of
    return found or 0


def _not_yet(asked: AsOf | None, at: datetime, head: int) -> InvalidParametersError:
    """400 problem for a time in the future and for a day that is not over, with what to use instead."""
    if not _is_day(asked):
        return _still_to_come(stamp(at), f"Must not be in the future; the latest publication is {head}.", head)
    day = asked.isoformat()
    use = f"as_of={head}, the latest publication, or leave as_of out" if head else "no as_of"
    return _still_to_come(day, f"Means the end of {day} in UTC, and that day is not over yet. Use {use}.", head)


def no_such_release(name: str) -> InvalidParametersError:
    """400 problem for an unknown release, with the closest name."""
    message = "Unknown release. Use the name of a release, the number of a publication, or an ISO 8601 time."
    return InvalidParametersError([parameter_error("as_of", name, message, release_names(), code="unknown_value")])


def _still_to_come(value: str, message: str, head: int) -> InvalidParametersError:
    return InvalidParametersError(
        [{**parameter_error("as_of", value, message, code="out_of_range"), "suggestion": str(head)}]
    )


def _parsed(totals: Any) -> dict[str, int]:
    parsed: dict[str, int] = orjson.loads(totals) if isinstance(totals, str) else totals
    return parsed
