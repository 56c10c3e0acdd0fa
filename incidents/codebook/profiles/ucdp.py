"""The columns of UCDP's georeferenced events; events that came from such a file go out as they came in."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from incidents.codebook.profiles.columns import (
    Document,
    ExportProfile,
    ProfileColumn,
    country_name,
    empty,
    in_extra,
    in_place,
    of,
    sides,
    start_year,
)
from incidents.vocabulary import EVENT_SUBTYPES

DATE_PREC = {"day": 1, "days": 2, "week": 3, "month": 4, "year": 5}
WHERE_PREC = {
    "exact": 1,
    "settlement": 1,
    "near_settlement": 2,
    "admin3": 3,
    "admin2": 3,
    "admin1": 4,
    "landscape": 5,
    "country": 6,
    "international": 7,
}
KEPT = "As in the original file; empty for other incidents."
OLDER = "identifiers of older editions are not stored."
CELLS_A_ROW = 720
"""PRIO-GRID has half degrees, numbered from the south-west."""


def _number(prefix: str, text: str) -> int | str | None:
    """UCDP's own number, extracted from an id that was generated from it."""
    match = re.fullmatch(rf"{prefix}(\d+)", text)
    return int(match[1]) if match else None


def _id(document: Document) -> int | str:
    return _number("ucdp-ged-", document["id"]) or str(document["id"])


def _violence(document: Document) -> int | None:
    term = EVENT_SUBTYPES.get(document["event_subtype"] or "")
    return int(term.ucdp) if term and term.ucdp.isdigit() else None


def _side(side: int, change: Callable[[Document], Any]) -> Callable[[Document], Any]:
    def value(document: Document) -> Any:
        found = sides(document)[side]
        return change(found[0]) if found else None

    return value


def _actor_number(actor: Document) -> Any:
    return _number("ucdp-actor-", actor["id"])


def _name(actor: Document) -> Any:
    return actor["name"]


def _article(report: Document) -> str:
    return f'"{report["source"]["name"]},{report["published"] or ""},{report["title"] or ""}"'


def _each(change: Callable[[Document], Any]) -> Callable[[Document], str | None]:
    return lambda document: ";".join(change(report) or "" for report in document["reports"]) or None


def _number_of_sources(document: Document) -> Any:
    kept = document["extra"].get("number_of_sources")
    return len(document["reports"]) if kept is None else kept


def _wkt(document: Document) -> str | None:
    place = document["location"]
    return None if place["latitude"] is None else f"POINT ({place['longitude']:.15g} {place['latitude']:.15g})"


def _cell(document: Document) -> Any:
    place, kept = document["location"], document["extra"].get("priogrid_gid")
    if kept is not None or place["latitude"] is None:
        return kept
    row, column = math.floor((place["latitude"] + 90) * 2), math.floor((place["longitude"] + 180) * 2)
    return min(row, 359) * CELLS_A_ROW + min(column, CELLS_A_ROW - 1) + 1


def _killed(which: str, definition: str) -> ProfileColumn:
    return of(which, definition, lambda document: document["casualties"]["killed"][which], "integer")


UCDP = ExportProfile(
    "ucdp-ged",
    "UCDP Georeferenced Event Dataset",
    "The columns of UCDP GED. UCDP counts only deaths, and only events with at least one.",
    (
        of("id", "UCDP's number; for other incidents, our id.", _id, ""),
        in_extra("relid", KEPT),
        of("year", "Year in which the interval starts.", start_year, "integer"),
        in_extra("active_year", KEPT),
        in_extra("code_status", KEPT),
        of(
            "type_of_violence",
            "1 state-based, 2 non-state, 3 one-sided. Empty: the sub-type does not determine it.",
            _violence,
            "integer",
        ),
        empty("conflict_dset_id", OLDER),
        in_extra("conflict_new_id", KEPT),
        in_extra("conflict_name", KEPT),
        empty("dyad_dset_id", OLDER),
        in_extra("dyad_new_id", KEPT),
        in_extra("dyad_name", KEPT),
        empty("side_a_dset_id", OLDER),
        of("side_a_new_id", "UCDP's number of side A; empty for other actors.", _side(0, _actor_number), "integer"),
        of("side_a", "First alleged perpetrator, else first belligerent.", _side(0, _name)),
        empty("side_b_dset_id", OLDER),
        of("side_b_new_id", "UCDP's number of side B; empty for other actors.", _side(1, _actor_number), "integer"),
        of("side_b", "First target, else second belligerent.", _side(1, _name)),
        of("number_of_sources", "As in the original file, otherwise the number of reports.", _number_of_sources, ""),
        of("source_article", "Each report as “source,day,title”, joined by semicolons.", _each(_article)),
        of("source_office", "The source of each report.", _each(lambda report: report["source"]["name"])),
        of("source_date", "The day of each report; empty if unknown.", _each(lambda it: it["published"])),
        of("source_headline", "The title of each report.", _each(lambda report: report["title"])),
        in_extra("source_original", KEPT),
        of(
            "where_prec",
            "1 exact to 7 international. Empty: unknown.",
            lambda it: WHERE_PREC.get(it["location"]["precision"]),
            "integer",
        ),
        in_place("where_coordinates", "name", "Name of the place."),
        in_place("where_description", "as_reported", "The place as the report names it."),
        in_place("adm_1", "admin1", "Region."),
        in_place("adm_2", "admin2", "District."),
        in_place("latitude", "latitude", "Degrees north, WGS 84.", "number"),
        in_place("longitude", "longitude", "Degrees east, WGS 84.", "number"),
        of("geom_wkt", "The point as well-known text.", _wkt),
        of("priogrid_gid", "PRIO-GRID cell that contains the point.", _cell, ""),
        ProfileColumn("country", "Name of the country; its ISO alpha-3 code if no place has the name.", country_name),
        in_place("iso3", "country", "ISO 3166-1 alpha-3."),
        empty("country_id", "Gleditsch-Ward country numbers are not stored."),
        empty("region", "world regions are not coded."),
        in_extra("event_clarity", KEPT),
        of(
            "date_prec",
            "1 day, 2 two to six days, 3 week, 4 month, 5 year. Empty: unknown.",
            lambda it: DATE_PREC.get(it["date"]["precision"]),
            "integer",
        ),
        of("date_start", "First day of the interval.", lambda it: it["date"]["start"]),
        of("date_end", "Last day of the interval.", lambda it: it["date"]["end"]),
        in_extra("deaths_a", KEPT),
        in_extra("deaths_b", KEPT),
        in_extra("deaths_civilians", KEPT),
        in_extra("deaths_unknown", KEPT),
        _killed("best", "Best estimate of killed. Empty: not reported."),
        _killed("high", "Highest figure of killed. Empty: not reported."),
        _killed("low", "Lowest figure of killed. Empty: not reported."),
        in_extra("gwnoa", KEPT),
        in_extra("gwnob", KEPT),
    ),
)
