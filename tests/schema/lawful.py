"""What no schema can say: rules between parameters, and values that are of the right form and still mean nothing."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

PUBLICATIONS = 5
"""So many has the dataset of these tests; a later one is still to come."""

DAY = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?(T.*)?")


def obey(query: MutableMapping[str, Any]) -> None:
    """Change a query that fits the schema as little as is needed for the server to take it; its lists are text."""
    for name in ("cursor", "query"):
        query.pop(name, None)  # only those that the server has made are good
    _obey_in_publications(query)
    query.pop("sum", None)  # only figures that a dataset declares can be added up
    if "country" in query:
        query["country"] = "UKR"  # names and codes of no country are refused
    if "q" in query:
        query["q"] = f"{query['q'][:490]} a"  # there must be a letter or a digit somewhere
    _obey_in_groups(query)
    _obey_in_space(query)
    _obey_in_time(query)
    for name in ("killed", "injured"):
        low, high = f"{name}_min", f"{name}_max"
        if low in query and high in query:
            query[low], query[high] = sorted((query[low], query[high]), key=int)


def _obey_in_publications(query: MutableMapping[str, Any]) -> None:
    if "as_of" in query:
        query["as_of"] = str(sum(map(ord, query["as_of"])) % (PUBLICATIONS + 1))
    if "since" in query:
        query["since"] = int(query["since"]) % (PUBLICATIONS + 1)
    if "since" in query and "as_of" in query:
        query["since"] = min(query["since"], int(query["as_of"]))
    if "until" in query:
        query["until"] = PUBLICATIONS


UNITS = ("day", "week", "month", "quarter", "year")


def _obey_in_groups(query: MutableMapping[str, Any]) -> None:
    by = str(query.get("by", "")).split(",")
    units = [name for name in by if name in UNITS]
    if len(units) > 1:
        query["by"] = ",".join([units[0], *(name for name in by if name not in UNITS)])
    if not units:
        for name in ("spread", "fill", "coverage"):
            query.pop(name, None)


AREA = '{"type":"Polygon","coordinates":[[[30,40],[50,40],[50,60],[30,60],[30,40]]]}'


def _obey_in_space(query: MutableMapping[str, Any]) -> None:
    if "within" in query:
        query["within"] = AREA
    if "bbox" in query:
        query.pop("near", None)
        west, south, east, north = query["bbox"].split(",")
        low, high = sorted((_latitude(south), _latitude(north)), key=float)
        query["bbox"] = f"{west},{low},{east},{high}"
    if "near" in query:
        longitude, latitude = query["near"].split(",")
        query["near"] = f"{longitude},{_latitude(latitude)}"
        query.setdefault("radius_km", 25)
    else:
        query.pop("radius_km", None)


def _latitude(degrees: str) -> str:
    return max("-90", min("90", degrees, key=float), key=float)


def _obey_in_time(query: MutableMapping[str, Any]) -> None:
    window = [name for name in ("date_after", "date_before") if name in query]
    for name in ("published_after", "first_published_after", "first_published_before", *window):
        if name in query:
            query[name] = _day_that_is(query[name])
    if len(window) == 2 and query["date_after"] > query["date_before"]:
        query["date_after"] = query["date_before"]
    if "first_published_after" in query and "first_published_before" in query:
        query["first_published_after"] = query["first_published_before"]  # which must not be earlier
    if not window:
        query.pop("date_match", None)


def _day_that_is(text: str) -> str:
    """Return a time that the calendar has in every time zone; a number as it is."""
    parts = DAY.fullmatch(text)
    if not parts:
        return text
    year, month, day, time = parts.groups("")
    return min(max(year, "0002"), "9998") + month + min(day, "-28") + time
