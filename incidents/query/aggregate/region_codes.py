"""The codes of the regions that groups are of, as of the moment of the answer."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.batches import batched
from incidents.query.aggregate.tally import AROUND, CODES, Group, Grouping, add
from incidents.query.moment import Moment
from incidents.query.place_states import states
from incidents.query.places import Place, PublicPlaces

AT_ONCE = 200

Key = tuple[str, ...]
"""The name of a region, and what tells it from others of that name."""


def with_codes(groups: list[Group], grouping: Grouping, moment: Moment) -> list[Group]:
    """Groups of columns as groups of the dimensions that were asked for, each region with its code.

    What regions of one name and one code have is added up; a region without a public place of its name has none.
    """
    levels = [name for name in grouping.dimensions if name in CODES]
    if not levels:
        return groups
    columns = grouping.in_columns.dimensions
    places = states.at(moment.at, moment.redacted)
    at = {name: [columns.index(part) for part in (name, *AROUND[name])] for name in levels}
    codes = {
        name: _codes(places, name, {tuple(group.values[part] for part in at[name]) for group in groups})
        for name in levels
    }
    merged: dict[tuple[int | None, tuple[str, ...]], Group] = {}
    for group in groups:
        values: list[str] = []
        for name, value in zip(grouping.dimensions, group.values, strict=False):
            values.append(value)
            if name in CODES:
                values.append(codes[name].get(tuple(group.values[part] for part in at[name]), ""))
        key = (group.at, tuple(values))
        known = merged.get(key)
        merged[key] = Group(*key, add(known.numbers, group.numbers) if known else group.numbers)
    return list(merged.values())


def _codes(places: PublicPlaces, level: str, keys: Iterable[Key]) -> dict[Key, str]:
    """Code of each region that has one; of several with all the same names, none."""
    wanted = {key for key in keys if key[0]}
    found: dict[Key, list[str]] = {}
    for names in batched(sorted({key[0] for key in wanted}), AT_ONCE):
        for place in places.named(level, names):
            if (key := _key(level, place)) in wanted:
                found.setdefault(key, []).append(place.record_id)
    sure = {key: ids[0] for key, ids in found.items() if len(ids) == 1}
    codes = places.codes(sure.values())
    return {
        key: code for key, place in sure.items() if (code := getattr(codes[place], CODES[level].removesuffix("_code")))
    }


def _key(level: str, place: Place) -> Key:
    return (place.name, place.country) if level == "admin1" else (place.name, place.country, place.admin1)
