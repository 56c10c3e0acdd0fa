"""Profiles: what a format's columns mean, declared in TOML, so that the loader knows no column name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from incidents.loading.errors import LoadError, ProfileError
from incidents.loading.profiles import parsing
from incidents.loading.profiles.authority import authority_of
from incidents.loading.profiles.config_reader import Keys, nearest
from incidents.loading.profiles.declared_fields import kind_of
from incidents.loading.profiles.expressions import Column, Template, Value
from incidents.loading.profiles.parts import (
    ActorForm,
    DateForm,
    Figures,
    FileForm,
    ListForm,
    MatchForm,
    PlaceForm,
    Profile,
    ReportsForm,
)
from incidents.loading.profiles.patterns import DOTALL, Pattern, PatternError
from incidents.loading.profiles.value_types import (
    COUNTRY,
    FIGURE,
    KINDS,
    LATITUDE,
    LONG,
    LONGITUDE,
    TEXT,
    Kind,
    address,
    coded,
    day,
    text,
)
from incidents.schema.fields import Leaf, ProfileKey
from incidents.schema.incident import INCIDENT
from incidents.vocabulary import (
    ACTOR_KINDS,
    ACTOR_ROLES,
    CERTAINTIES,
    DATE_PRECISIONS,
    LOCATION_KINDS,
    LOCATION_PRECISIONS,
    SOURCE_KINDS,
)

SHIPPED = Path(__file__).parent
LEVELS = ("country", "admin1", "admin2", "admin3")
DATASET_TEXTS = (
    "name",
    "description",
    "licence",
    "attribution",
    "citation",
    "homepage",
    "version",
    "coverage_area",
)
NAME, LANGUAGE = 200, 10
"""Characters that names and codes of languages may have."""

PLACE_IDS = {
    "id": ("public_id", TEXT),
    "geonames_id": ("geonames_id", FIGURE),
    "katotth": ("katotth", text(20)),
    "pcode": ("pcode", text(20)),
    "wikidata_id": ("wikidata_id", text(20)),
}
"""The keys by which a profile says where a row tells an id of its place: the field that holds it, and its sort."""

DATASET_DAYS = ("coverage_start", "coverage_end")


def find(name: str) -> Path:
    """Return the file of a shipped profile by its name, or of another one by its path; raises LoadError."""
    shipped = {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}
    if name in shipped:
        return shipped[name]
    if name.endswith(".toml") and Path(name).is_file():
        return Path(name)
    raise LoadError(
        f"There is no profile {name!r}{nearest(name, shipped) or '.'} Shipped: {', '.join(shipped)}. "
        "For one of your own give the path of its .toml file."
    )


def load(name: str) -> Profile:
    """Return the profile of that name or path; raises LoadError, or ProfileError naming every wrong key."""
    path = find(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path} cannot be read as TOML: {error}") from None
    return parse(text, str(path))


def parse(text: str, path: str) -> Profile:
    """Return the profile that a file holds as text; raises ProfileError naming every wrong key."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path} cannot be read as TOML: {error}") from None
    faults: list[str] = []
    profile = _profile(document, Keys(document, "", faults), Path(path).stem, (text, path))
    if faults:
        raise ProfileError("\n".join([f"{path} is not a valid profile:", *faults]))
    return profile


def _profile(document: dict[str, Any], keys: Keys, name: str, made_from: tuple[str, str]) -> Profile:
    title = keys.text("title")
    file, dataset, cells = keys.table("file"), keys.table("dataset", required=True), keys.table("cells")
    incident = keys.table("incident", required=True)
    profile = Profile(
        name=name,
        made_from=made_from,
        title=title,
        file=_file(file),
        dataset=_dataset(dataset),
        cells={each: parsing.parse(cells, each, TEXT) for each in cells.names()},
        id=Template(incident.path("id"), incident.text("id")),
        repeated=incident.one_of("repeated", ("refuse", "number", "once"), "refuse"),
        summary=parsing.parse(incident, "summary", LONG, required=True),
        fields={
            leaf.field.stored: parsing.parse(incident, key.name, kind_of(leaf.field), required=key.required)
            for leaf, key in _keys_of(lists=False)
        },
        lists={
            leaf.field.stored: parsing.parse_items(incident, key.name, kind_of(leaf.field))
            for leaf, key in _keys_of(lists=True)
            if incident.has(key.name)  # else they are the editors'
        },
        date=_date(incident.table("date", required=True)),
        place=_place(incident.table("place")) if incident.has("place") else None,
        figures={what: _figures(incident.table(what)) for what in ("killed", "injured")},
        actors=tuple(_actor(each) for each in incident.tables("actors")),
        reports=_reports(incident.table("reports")) if incident.has("reports") else None,
        extra=dict(_extra(incident.table("extra"))),
    )
    kept = profile.reports.kept_as if profile.reports else ()
    profile = replace(profile, authority=authority_of(document, frozenset((*profile.extra, *kept))))
    for each in (file, dataset, incident, keys):
        each.close()
    return profile


def _keys_of(*, lists: bool) -> Iterator[tuple[Leaf, ProfileKey]]:
    """Yield the fields of an incident whose values stand in cells, single ones or lists, each with its key."""
    for leaf in INCIDENT.stored:
        if leaf.field.profile and leaf.field.is_list == lists:
            yield leaf, leaf.field.profile


def _file(keys: Keys) -> FileForm:
    return FileForm(
        encoding=keys.text("encoding", ""),
        delimiter=keys.text("delimiter", "") or None,
        sheet=keys.text("sheet", ""),
        header_line=keys.line("header_line"),
        decimal=keys.one_of("decimal", (".", ","), "."),
        missing=frozenset(("", *keys.texts("missing"))),
        optional=_folded(keys.texts("optional")),
        ignored=_folded(keys.texts("ignored")),
        skip=tuple((each.text("why"), _when(each)) for each in keys.tables("skip")),
    )


def _when(keys: Keys) -> Value:
    rule = {"when": keys.take("when", required=True) or {}, "constant": "yes"}
    return parsing.parse(Keys({"skip": [rule]}, keys.path(""), keys.faults), "skip", TEXT)


def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _dataset(keys: Keys) -> dict[str, Any]:
    texts = {name: keys.text(name, None if name in ("name", "licence") else "") for name in DATASET_TEXTS}
    return {"public_id": keys.text("id"), **texts, **{name: keys.take(name) for name in DATASET_DAYS}}


def _date(keys: Keys) -> DateForm:
    days = day(keys.texts("formats") or ("%Y-%m-%d",))
    parts = None
    if keys.has("year"):
        year, month, of_month = (_part(keys, name) for name in ("year", "month", "day"))
        parts = (year, month, of_month)
    form = DateForm(
        start=parsing.parse(keys, "start", days, required=parts is None),
        end=parsing.parse(keys, "end", days),
        precision=parsing.parse(keys, "precision", coded(DATE_PRECISIONS)),
        parts=parts,
        widen=dict(_widen(keys.table("widen"))),
    )
    keys.close()
    return form


def _widen(keys: Keys) -> Iterator[tuple[str, int | str]]:
    for precision in keys.names():
        value = keys.take(precision)
        if precision not in DATE_PRECISIONS:
            keys.fault(precision, f"is no date precision{nearest(precision, DATE_PRECISIONS)}")
        elif value not in ("month", "year") and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            keys.fault(precision, f'has to be a number of days, "month" or "year", not {value!r}')
        else:
            yield precision, value


def _part(keys: Keys, name: str) -> Value:
    return parsing.parse(keys, name, FIGURE, required=name == "year")


def _place(keys: Keys) -> PlaceForm:
    radius = keys.table("radius_km")
    form = PlaceForm(
        name=parsing.parse(keys, "name", TEXT),
        kind=parsing.parse(keys, "kind", coded(LOCATION_KINDS), required=True),
        levels={level: parsing.parse(keys, level, TEXT) for level in LEVELS if keys.has(level)},
        country_code=parsing.parse(keys, "country_code", COUNTRY),
        precision=parsing.parse(keys, "precision", coded(LOCATION_PRECISIONS), required=True),
        as_reported=parsing.parse(keys, "as_reported", TEXT),
        latitude=parsing.parse(keys, "latitude", LATITUDE),
        longitude=parsing.parse(keys, "longitude", LONGITUDE),
        own_point=keys.one_of("point_of", ("place", "event"), "place") == "event",
        radius_km=dict(_radii(radius)),
        ids={field: parsing.parse(keys, name, kind) for name, (field, kind) in PLACE_IDS.items() if keys.has(name)},
        match=MatchForm(
            keys.one_of("match", ("none", "id", "name", "point"), "point"), _kilometres(keys, "match_km", 0.5)
        ),
    )
    keys.close()
    return form


def _kilometres(keys: Keys, name: str, default: float) -> float:
    value = keys.take(name) if keys.has(name) else default
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        keys.fault(name, f"has to be a number of kilometres up to 1000, not {value!r}")
        return default
    return float(value)


def _radii(keys: Keys) -> Iterator[tuple[str, float]]:
    for precision in keys.names():
        value = keys.take(precision)
        if precision not in LOCATION_PRECISIONS:
            keys.fault(precision, f"is no location precision{nearest(precision, LOCATION_PRECISIONS)}")
        elif not isinstance(value, int | float) or value < 0:
            keys.fault(precision, f"has to be a number of kilometres, not {value!r}")
        else:
            yield precision, float(value)


def _figures(keys: Keys) -> Figures:
    keep = keys.one_of("out_of_order", ("keep", "refuse"), "refuse") == "keep"
    low, best, high = (parsing.parse(keys, name, FIGURE) for name in ("low", "best", "high"))
    keys.close()
    return Figures(low, best, high, keep)


def _actor(keys: Keys) -> ActorForm:
    form = ActorForm(
        id=Template(keys.path("id"), keys.text("id")),
        name=parsing.parse(keys, "name", text(NAME)),
        kind=parsing.parse(keys, "kind", coded(ACTOR_KINDS), required=True),
        role=parsing.parse(keys, "role", coded(ACTOR_ROLES), required=True),
        certainty=parsing.parse(keys, "certainty", coded(CERTAINTIES), required=True),
        country_code=parsing.parse(keys, "country_code", COUNTRY),
        ucdp_id=parsing.parse(keys, "ucdp_id", FIGURE),
    )
    keys.close()
    return form


def _reports(keys: Keys) -> ReportsForm:
    report, source = keys.table("report", required=True), keys.table("source", required=True)
    days = day(report.texts("formats") or ("%Y-%m-%d",))
    kinds: dict[str, Kind] = {"title": TEXT, "url": address(1000), "language": text(LANGUAGE), "published_on": days}
    form = ReportsForm(
        lists=tuple(_list(each) for each in keys.tables("lists")),
        count=parsing.parse(keys, "count", FIGURE),
        identity=Template(report.path("identity"), report.text("identity")),
        fields={name: parsing.parse(report, name, kind) for name, kind in kinds.items()},
        source_id=Template(source.path("id"), source.text("id")),
        source_fields={
            "name": parsing.parse(source, "name", text(NAME), required=True),
            "kind": parsing.parse(source, "kind", coded(SOURCE_KINDS), required=True),
            "url": parsing.parse(source, "url", address(500)),
            "language": parsing.parse(source, "language", text(LANGUAGE)),
        },
    )
    for each in (report, source, keys):
        each.close()
    return form


def _list(keys: Keys) -> ListForm:
    pattern = _pattern(keys)
    if pattern is None:
        table = keys.table("columns", required=True)
        columns = {piece: table.text(piece) for piece in table.names()}
    else:
        columns = {"": keys.text("column")}
    form = ListForm(columns, keys.text("separator", ""), keys.text("quote", ""), keys.flag("repeat"), pattern)
    keys.close()
    return form


def _pattern(keys: Keys) -> Pattern | None:
    text = keys.text("pattern", "")
    try:
        return Pattern(keys.path("pattern"), text, DOTALL) if text else None
    except PatternError as error:
        keys.fault("pattern", str(error))
        return None


def _extra(keys: Keys) -> Iterator[tuple[str, Value]]:
    for kind in keys.names():
        if kind not in KINDS:
            keys.fault(kind, f"has to be one of {', '.join(KINDS)}{nearest(kind, KINDS)}")
            continue
        for column in keys.texts(kind):
            yield column, Column(keys.path(kind), (column,), KINDS[kind])
