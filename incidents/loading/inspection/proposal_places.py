"""The parts of a proposal on where it was, and on how precisely place and day are known."""

from __future__ import annotations

from collections.abc import Iterator

from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.event_terms import Codebook, codebook_of
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.toml_text import key, quoted
from incidents.loading.pipeline.locations import NAME_LENGTH

NAMES = (("place", "name"), ("country", "country"), ("country_code", "country_code"))
AREAS = ("admin1", "admin2", "admin3")
IDS = ("geonames_id", "pcode", "katotth", "wikidata_id")
JSON_POINT = ".coordinates"
"""How the name of a column ends that holds the coordinates of a nested GeoJSON point: longitude first."""

POINTS = ("latitude", "point")


def place(plan: Plan) -> Iterator[str]:
    """Yield [incident.place]."""
    known = [role for role in ("place", "country", "country_code", *AREAS, *POINTS) if role in plan.roles]
    if not known:
        yield "# LOOK: no column was found that says where."
        yield ""
        return
    yield "[incident.place]"
    for role, name in (*NAMES, *((area, area) for area in AREAS)):
        if column := plan.column(role):
            yield f"{name} = {name_value(column)} # {plan.remark(role)}"
    yield from _ids(plan)
    if not {"country", "country_code"} & plan.roles.keys():
        yield '# LOOK: no column names the country. If it is one: country_code = { constant = "UKR" }, with yours.'
    if column := plan.column("as_reported"):
        yield f"as_reported = {quoted(column.name)} # {plan.remark('as_reported')}"
    yield 'kind = { constant = "settlement" } # LOOK: what the named places are'
    yield from _point(plan)
    yield from _precision(plan)
    yield ""


def _ids(plan: Plan) -> Iterator[str]:
    if (column := plan.column("place")) and column.separator:
        yield f"# LOOK: some cells list several places, parted by {quoted(column.separator)}; each is taken for one."
    for role in IDS:
        if (column := plan.column(role)) and plan.column("place"):
            yield f"{role} = {quoted(column.name)} # {plan.remark(role)}"


def name_value(column: ColumnFacts) -> str:
    """Return the value of a name, nothing where the text is too long for one."""
    if column.longest <= NAME_LENGTH:
        return quoted(column.name)
    when = f"when = {{ {key(column.name)} = '(?s)^.{{{NAME_LENGTH + 1}}}' }}"
    return f'[{{ {when}, constant = "" }}, {{ column = {quoted(column.name)} }}]'


def _point(plan: Plan) -> Iterator[str]:
    latitude, longitude, point = plan.column("latitude"), plan.column("longitude"), plan.column("point")
    if latitude and longitude:
        yield f"latitude = {quoted(latitude.name)} # {plan.remark('latitude')}"
        yield f"longitude = {quoted(longitude.name)} # {plan.remark('longitude')}"
    elif point:
        order = "longitude" if point.name.endswith(JSON_POINT) else "latitude"
        yield f'point_order = "{order}" # LOOK: what two plain numbers begin with, latitude or longitude'
        yield f"point = {quoted(point.name)} # {plan.remark('point')}"
    else:
        return
    yield 'point_of = "event" # LOOK: "place", if the point is the same in all rows of a place'


def _precision(plan: Plan) -> Iterator[str]:
    yield "# LOOK: how precisely the place is known: exact, settlement, near_settlement, admin2, admin1, country …"
    column = plan.column("location_precision")
    if column and (book := codebook_of("location", column)):
        yield f"# {_said(book, plan, 'location_precision')}"
        yield f'precision = [{{ {_coded(column, book)} }}, {{ constant = "unknown" }}]'
        return
    named = next((plan.roles[role].column for role in ("place", *POINTS) if role in plan.roles), None)
    if named:
        when = f"when = {{ {key(named.name)} = '.' }}"
        yield f'precision = [{{ {when}, constant = "settlement" }}, {{ constant = "unknown" }}]'
    else:
        level = next((role for role in ("admin3", "admin2", "admin1") if role in plan.roles), "country")
        yield f'precision = {{ constant = "{level}" }}'


def date_precision(plan: Plan) -> Iterator[str]:
    """Yield how precisely the day is known, where a column codes it."""
    column = plan.column("date_precision")
    if column is None or (book := codebook_of("date", column)) is None:
        return
    yield f"# {_said(book, plan, 'date_precision')}"
    yield f"precision = [{{ {_coded(column, book)} }}]"


def _said(book: Codebook, plan: Plan, role: str) -> str:
    sure = "sure" if book.is_named else "LOOK"
    return f"{sure}: coded as {book.name}; {plan.remark(role)}"


def _coded(column: ColumnFacts, book: Codebook) -> str:
    values = ", ".join(f"{key(text)} = {quoted(code)}" for text, code in book.codes.items())
    return f"when = {{ {key(column.name)} = '.' }}, column = {quoted(column.name)}, values = {{ {values} }}"
