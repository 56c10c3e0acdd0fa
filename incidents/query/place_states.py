"""The states of the public places that this process knows."""

from __future__ import annotations

from collections import OrderedDict

import orjson

from incidents.query.entries import database
from incidents.query.places import PublicPlaces

KEPT_STATES = 8

MOST_STEPS = 200
"""Publications since the last known state that are looked through for changes of places."""


class States:
    """The states of the public places that this process knows, by publication and last redaction."""

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[int, int], PublicPlaces] = OrderedDict()
        """By publication and last redaction."""

    def at(self, at: int, redacted: int) -> PublicPlaces:
        """Return the places as of a publication; `redacted` is the last redaction."""
        key = (at, redacted)
        if (known := self.known.get(key)) is not None:
            return known
        earlier = max((seq for seq, last in self.known if last == redacted and seq < at), default=None)
        places = self.known[earlier, redacted] if earlier is not None and _are_same(earlier, at) else PublicPlaces(at)
        self.known[key] = places
        if len(self.known) > KEPT_STATES:
            self.known.popitem(last=False)
        return places

    def forget(self) -> None:
        """Forget all of them."""
        self.known.clear()


def _are_same(earlier: int, later: int) -> bool:
    """Tell whether no publication after one and up to another changed a place; no if that is long to tell."""
    if later - earlier > MOST_STEPS:
        return False
    with database().cursor() as cursor:
        cursor.execute("SELECT counts FROM ledger_publication WHERE seq > %s AND seq <= %s", [earlier, later])
        told = [orjson.loads(counts) if isinstance(counts, str) else counts for (counts,) in cursor.fetchall()]
    return not any(
        number for counts in told for change, number in counts.get("location", {}).items() if change != "unchanged"
    )


states = States()
"""What this process knows; tests that take publications back forget it."""
