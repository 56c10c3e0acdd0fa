"""Which public places a reader means by an id, a code or a name, as of a publication.

Only public documents are looked at. `incidents.query.place_states` keeps what was found for as long as no publication
changes a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from incidents import world
from incidents.batches import batched
from incidents.fields import PUBLIC_ID_LENGTH, PUBLIC_ID_PATTERN
from incidents.ledger.models import LocationEntry, Revision
from incidents.ledger.region_codes import RegionCodes, code_of
from incidents.ledger.search import Terms
from incidents.query.entries import EntryQuery, database, entries
from incidents.text_folding import bare_name, called_token, code_token, facet, has_area, has_kind, spelt_token

Level = Literal["location", "country", "admin1", "admin2"]


POINTS = frozenset(("settlement", "neighbourhood", "facility"))
KEPT_VALUES = 10_000
KEPT_PLACES = 100_000
KEPT_INSERTIONS = 50_000
"""Revisions of which is kept what is added to their documents, in each state of the places; about 200 bytes each."""
AT_ONCE = 500

_ID = re.compile(PUBLIC_ID_PATTERN)

Insertion = tuple[int, bytes, int, bytes]
"""What is put into a document when it is shown, each part after its position: the earlier one first."""


class Place(NamedTuple):
    """What is told of a public place here."""

    record_id: str
    kind: str
    name: str
    country: str
    admin1: str


class _Area(NamedTuple):
    """What is kept of a public place for the codes of what is inside it."""

    kind: str
    code: str | None
    within: tuple[str, ...]


class Meant(NamedTuple):
    """What values of a parameter mean: records with one of these values in a column, or with one of these tokens."""

    column: str
    values: tuple[str, ...]
    ids: tuple[str, ...]
    unmatched: tuple[str, ...]
    """The values that no public place is called."""

    def narrow(self, query: EntryQuery) -> EntryQuery:
        """Keep the records at one of these places or inside it."""
        tokens = [facet("l", each) for each in self.ids]
        column = ""
        if self.values:
            many = f"IN ({', '.join(['%s'] * len(self.values))})"
            column = f"{self.column} {'= %s' if len(self.values) == 1 else many}"
        if not tokens:
            return query.where(column, *self.values) if column else query.where("1 = 0")
        if not column:
            return query.with_any_token(*tokens)
        condition, params = Terms([tokens]).condition(query.model, database().vendor)
        return query.where(f"({column} OR {condition})", *self.values, *params)


class PublicPlaces:
    """The places that are public as of a publication."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._found: dict[tuple[Level, str], tuple[Place, ...]] = {}
        self._meant: dict[tuple[Level, tuple[str, ...]], Meant] = {}
        self._areas: dict[str, _Area | None] = {}
        self.members: dict[bytes, bytes] = {}
        """The id of a place as JSON → the members that are added to documents of what is there."""
        self.insertions: dict[int, Insertion] = {}
        """The id of a revision → what is added to its document when it is shown, and where."""

    def meant(self, level: Level, values: Sequence[str]) -> Meant:
        """Return what values of the parameter of a level mean."""
        key = (level, tuple(values))
        known = self._meant.get(key)
        if known is None:
            if len(self._meant) > KEPT_VALUES:
                self._meant.clear()
            known = self._meant[key] = _MEANINGS[level](self, key[1])
        return known

    def called(self, level: Level, text: str) -> tuple[Place, ...]:
        """Return the places of a level that an id, a code or a name means; of a name all that have it."""
        key = (level, text)
        known = self._found.get(key)
        if known is None:
            if len(self._found) > KEPT_VALUES:
                self._found.clear()
            known = self._found[key] = self._called(level, text)
        return known

    def codes(self, ids: Iterable[str]) -> dict[str, RegionCodes]:
        """Return the codes of the regions and districts that places are in; a place that is not public has none."""
        wanted = set(ids)
        if len(self._areas) > KEPT_PLACES:
            self._areas = {}
        areas = self._areas  # another thread may begin anew meanwhile
        self._learn(areas, wanted)
        self._learn(areas, {part for each in wanted if (area := areas[each]) for part in area.within})
        return {each: _codes(areas, each) for each in wanted}

    def _learn(self, areas: dict[str, _Area | None], ids: set[str]) -> None:
        for some in batched(sorted(ids.difference(areas)), AT_ONCE):
            documents = Revision.objects.of("location", some).valid_at(self._at).documents()
            for each in some:
                place = documents.get(each)
                areas[each] = _Area(place["kind"], code_of(place), tuple(place["within"])) if place else None

    def _called(self, level: Level, text: str) -> tuple[Place, ...]:
        kinds = () if level == "location" else (level,)
        if found := self._identified(text, kinds):
            return found
        spelt, called = spelt_token(text), called_token(text)
        exact = self._with_token(spelt, kinds) if spelt and (level == "location" or has_kind(text)) else ()
        if exact:
            return exact
        if (region := world.region_of_code_like(text)) and (coded := self._with_token(code_token(region.code), kinds)):
            return coded
        alike = self._with_token(called, kinds) if called else ()
        if not alike and (bare := bare_name(text)):
            alike = self._with_token(called_token(bare), kinds)
        return self._fitting(text, alike)

    def _fitting(self, text: str, alike: tuple[Place, ...]) -> tuple[Place, ...]:
        """Leave out what a name without its type of place would find, and the whole name surely does not mean.

        `Kyiv Oblast` is neither the region `Kyiv City` nor the town.
        """
        if has_area(text):
            alike = tuple(place for place in alike if place.kind not in POINTS)
        if has_kind(text) and (meant := world.codes_spelt(text)):
            codes = self.codes(place.record_id for place in alike if place.kind == "admin1")
            others = {each for each, (code, _) in codes.items() if code in world.regions() and code not in meant}
            alike = tuple(place for place in alike if place.record_id not in others)
        return alike

    def _identified(self, text: str, kinds: Sequence[str]) -> tuple[Place, ...]:
        public_id = text.lower()
        by_id = entries(LocationEntry).where("record_id = %s", public_id)
        if is_id(public_id) and (found := self._read(by_id, kinds)):
            return found
        token = code_token(text) if _may_be_code(text) else ""
        return self._with_token(token, kinds) if token else ()

    def _with_token(self, token: str, kinds: Sequence[str]) -> tuple[Place, ...]:
        return self._read(entries(LocationEntry).with_any_token(token), kinds)

    def inside(self, ids: Iterable[str], kind: str) -> tuple[Place, ...]:
        """Return the places of a kind that are one of these or inside one."""
        return self._read(entries(LocationEntry).with_any_token(*(facet("l", each) for each in ids)), (kind,))

    def named(self, kind: str, names: Sequence[str]) -> tuple[Place, ...]:
        """Return the places of a kind whose name is one of these."""
        tokens = [token for name in names if (token := spelt_token(name))]
        query = entries(LocationEntry).with_any_token(*tokens) if tokens else entries(LocationEntry)
        return tuple(place for place in self._read(query, (kind,)) if place.name in names)

    def _read(self, query: EntryQuery, kinds: Sequence[str]) -> tuple[Place, ...]:
        if kinds:
            query = query.where(f"kind IN ({', '.join(['%s'] * len(kinds))})", *kinds)
        connection = database()
        query = query.valid_at(self._at).matching_words(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(Place._fields)} FROM {query.table} WHERE {query.sql()} ORDER BY record_id",  # noqa: S608 - names of ours
                query.params,
            )
            return tuple(Place(*row) for row in cursor.fetchall())


def _codes(areas: Mapping[str, _Area | None], place: str) -> RegionCodes:
    area = areas[place]
    around = [area, *(areas[part] for part in area.within)] if area else []
    found = {each.kind: each.code for each in reversed(around) if each}
    return RegionCodes(found.get("admin1"), found.get("admin2"))


def _may_be_code(text: str) -> bool:
    """Tell whether a text is short and without spaces, as every code is."""
    return len(text) <= 20 and " " not in text.strip()


def _location(places: PublicPlaces, values: tuple[str, ...]) -> Meant:
    ids, unmatched = [], []
    for text in values:
        found = [place.record_id for place in places.called("location", text)]
        if not found:
            unmatched.append(text)
            # A reduced document may show a place that was published later than its revision.
            found = [text] if is_id(text) else []
        ids += found
    return Meant("", (), tuple(dict.fromkeys(ids)), tuple(unmatched))


def _with_commas(places: PublicPlaces, values: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of countries, two parts as one where a comma parts a name: `Korea, Republic of`."""
    rest = list(values)
    while rest:
        text = rest.pop(0)
        whole = f"{text}, {rest[0]}" if rest else ""
        if whole and world.country_of(whole) and not all(_is_country(places, each) for each in (text, rest[0])):
            text, rest = whole, rest[1:]
        yield text


def _is_country(places: PublicPlaces, text: str) -> bool:
    return world.country_of(text) is not None or bool(places.called("country", text))


def _country(places: PublicPlaces, values: tuple[str, ...]) -> Meant:
    codes, ids, unmatched = [], [], []
    for text in _with_commas(places, values):
        country = world.country_of(text)
        found = places.called("country", text)
        known = {place.country for place in found if place.country} | ({country.alpha3} if country else set())
        if not known and len(text) == 3 and text.isascii() and text.isalpha():
            known = {text.upper()}  # of no list, and still what some record may have
        codes += sorted(known)
        ids += [place.record_id for place in found if place.country not in known]
        if not known and not found:
            unmatched.append(text)
    return Meant("country", tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(ids)), tuple(unmatched))


def _region(level: Literal["admin1", "admin2"]) -> Callable[[PublicPlaces, tuple[str, ...]], Meant]:
    def meant(places: PublicPlaces, values: tuple[str, ...]) -> Meant:
        found: dict[str, Place] = {}
        unmatched = []
        for text in values:
            some = places.called(level, text)
            found |= {place.record_id: place for place in some}
            if not some:
                unmatched.append(text)
        if not found:
            return Meant(level, (), (), tuple(unmatched))
        inside = places.inside(found, level)
        names = tuple(dict.fromkeys(place.name for place in inside))
        # A column keeps the order of its index, so it is used where its values mean these places and no others.
        if {place.record_id for place in places.named(level, names)} <= {place.record_id for place in inside}:
            return Meant(level, names, (), tuple(unmatched))
        return Meant("", (), tuple(found), tuple(unmatched))

    return meant


_MEANINGS: dict[Level, Callable[[PublicPlaces, tuple[str, ...]], Meant]] = {
    "location": _location,
    "country": _country,
    "admin1": _region("admin1"),
    "admin2": _region("admin2"),
}


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return len(text) <= PUBLIC_ID_LENGTH and _ID.fullmatch(text) is not None
