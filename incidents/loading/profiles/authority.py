"""Which fields a profile sets. A load writes and compares those, and leaves every other field to the editors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from incidents.schema.incident_place import PLACE_KEYS
from incidents.schema.records import set_by, stored_fields

SET_BY: Mapping[str, tuple[str, ...]] = {
    **set_by("incident"),
    "location_id": PLACE_KEYS,
    "attributes": ("fields",),
    "figures_as_coded": ("incident.killed.out_of_order", "incident.injured.out_of_order"),
}
"""Fields of an incident that a file can set (foreign keys with _id), each with the profile keys that set it.

What a profile sets of `extra` are single names in it; see `Authority.extra`.
"""

EDITORS_OWN = frozenset((*stored_fields("incident"), "editorial_status", "note", "text_confirmations")) - {
    "public_id",
    *SET_BY,
}
"""Fields of an incident that no file sets."""

DERIVED = ("date_end", "date_precision")
"""Fields that follow from `date_start` where a profile does not set them, until an editor gives another value."""

BESIDE_DATES = ("time_of_day", "time_zone", "date_remark")
"""Fields that a date of a file can bring along: a row without them leaves them as they are."""


class Authority(NamedTuple):
    """What one profile sets.

    `fields` are names of an incident's fields, `extra` the names in its `extra`. With `actors` and `reports` the
    profile sets the actors and reports that the file lists; those that editors added stay.
    """

    fields: frozenset[str]
    extra: frozenset[str]
    actors: bool
    reports: bool
    attributes: frozenset[str] = frozenset()
    """Names of the dataset's own fields."""

    def sets(self, field: str) -> bool:
        """Tell whether the profile sets a field of an incident."""
        return field in self.fields


def authority_of(
    document: Mapping[str, Any], extra: frozenset[str], attributes: frozenset[str], *, tells_end: bool
) -> Authority:
    """Return what a profile sets: from its TOML document, the names that it puts into `extra`, and its own fields.

    `tells_end` means that what tells the start of an incident tells its end too.
    """
    named = frozenset((*_paths(document), *(["incident.date.end"] if tells_end else ())))
    return Authority(
        fields=frozenset(
            field
            for field, keys in SET_BY.items()
            if (bool(attributes) if field == "attributes" else not named.isdisjoint(keys))
        ),
        extra=extra,
        actors="incident.actors" in named,
        reports="incident.reports" in named,
        attributes=attributes,
    )


def _paths(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, value in table.items():
        yield f"{path}{name}"
        if isinstance(value, dict):
            yield from _paths(value, f"{path}{name}.")
