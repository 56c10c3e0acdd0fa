"""ACLED's 31 columns, as far as incidents have something equivalent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from incidents.codebook.profiles.columns import (
    Document,
    ExportProfile,
    ProfileColumn,
    country_name,
    empty,
    in_place,
    of,
    seconds,
    sides,
    start_year,
)

TIME_PRECISION = {"day": 1, "days": 2, "week": 2, "month": 3}
GEO_PRECISION = {
    "exact": 1,
    "settlement": 1,
    "near_settlement": 2,
    "admin3": 2,
    "admin2": 2,
    "admin1": 3,
    "landscape": 3,
}
INTER = {
    "state_forces": 1,
    "government": 1,
    "rebel_group": 2,
    "militia": 3,
    "partisans": 3,
    "civilians": 7,
    "officials": 7,
    "collaborators": 7,
    "external_forces": 8,
}

BATTLES, REMOTE = "Battles", "Explosions/Remote violence"
CIVILIANS, STRATEGIC = "Violence against civilians", "Strategic developments"
ATTACK = (CIVILIANS, "Attack")
CLASH = (BATTLES, "Armed clash")
OTHER = (STRATEGIC, "Other")
PROPERTY = (STRATEGIC, "Looting/property destruction")
TRANSFER = (STRATEGIC, "Non-violent transfer of territory")
ARRESTS = (STRATEGIC, "Arrests")
IED = (REMOTE, "Remote explosive/landmine/IED")
SHELLING = (REMOTE, "Shelling/artillery/missile attack")

SUBTYPES = {
    "armed_clash": CLASH,
    "territory_taken": (BATTLES, None),
    "grenade": (REMOTE, "Grenade"),
    "suicide_bombing": (REMOTE, "Suicide bomb"),
    "air_strike": (REMOTE, "Air/drone strike"),
    "cyber": OTHER,
    "withdrawal": TRANSFER,
    "advance": TRANSFER,
    "deployment": (STRATEGIC, "Headquarters or base established"),
    "screening": ARRESTS,
    "detention": ARRESTS,
    "abduction": (CIVILIANS, "Abduction/forced disappearance"),
    "looting": PROPERTY,
    "state_based": CLASH,
    "non_state": CLASH,
    "one_sided": ATTACK,
}
"""Sub-type → ACLED's event type and sub-event type; those that are missing go by their event type."""

TYPES: dict[str, tuple[str | None, str | None]] = {
    "armed_attack": CLASH,
    "battle": CLASH,
    "explosion": IED,
    "strike": SHELLING,
    "sabotage": PROPERTY,
    "threat": OTHER,
    "troop_movement": (STRATEGIC, None),
    "coercion": OTHER,
    "violence_against_civilians": ATTACK,
    "protest": ("Protests", None),
    "riot": ("Riots", None),
    "other": OTHER,
}

DISORDER = {
    BATTLES: "Political violence",
    REMOTE: "Political violence",
    CIVILIANS: "Political violence",
    STRATEGIC: "Strategic developments",
    "Protests": "Demonstrations",
    "Riots": "Demonstrations",
}
UNARMED = frozenset({"civilians", "official", "occupation_official", "alleged_collaborator"})
"""Targets that make an armed attack one on civilians, as ACLED takes it."""


def kind_of(document: Document) -> tuple[str | None, str | None]:
    """ACLED's event type and sub-event type; None without an equivalent."""
    if document["event_type"] == "armed_attack" and UNARMED.intersection(document["targets"]):
        return ATTACK
    return SUBTYPES.get(document["event_subtype"], TYPES.get(document["event_type"], (None, None)))


def _party(side: int, change: Callable[[list[Document]], Any]) -> Callable[[Document], Any]:
    return lambda document: change(sides(document)[side])


def _first_name(actors: list[Document]) -> str | None:
    return actors[0]["name"] if actors else None


def _other_names(actors: list[Document]) -> str | None:
    return "; ".join(actor["name"] for actor in actors[1:]) or None


def _inter(actors: list[Document]) -> int | None:
    return INTER.get(actors[0]["kind"]) if actors else None


def _interaction(document: Document) -> int | None:
    """Both codes as two digits, the smaller first; an unknown side is 0, at the end."""
    codes = sorted(code for code in map(_inter, sides(document)) if code is not None)
    return int("".join(map(str, [*codes, 0][:2]))) if codes else None


def _targets_civilians(document: Document) -> str | None:
    hit = "civilians" in document["targets"] or any(actor["kind"] == "civilians" for actor in sides(document)[1])
    return "Civilian targeting" if hit else None


def _joined(words: list[str]) -> str | None:
    return "; ".join(dict.fromkeys(words)) or None


ACLED = ExportProfile(
    "acled",
    "Armed Conflict Location & Event Data",
    "The 31 columns of an ACLED file. ACLED has one number of deaths and one day per event: here the best "
    "estimate and the first day of the interval.",
    (
        of("event_id_cnty", "Id of the incident.", lambda it: it["id"]),
        of("event_date", "First day of the interval.", lambda it: it["date"]["start"]),
        of("year", "Year of that day.", start_year, "integer"),
        of(
            "time_precision",
            "1: day; 2: up to a week; 3: month. Empty: less precise.",
            lambda it: TIME_PRECISION.get(it["date"]["precision"]),
            "integer",
        ),
        of("disorder_type", "Derived from ACLED's event type.", lambda it: DISORDER.get(kind_of(it)[0] or "")),
        of("event_type", "The nearest event type. Empty: no equivalent.", lambda it: kind_of(it)[0]),
        of("sub_event_type", "The nearest sub-event type. Empty: no equivalent.", lambda it: kind_of(it)[1]),
        of("actor1", "First alleged perpetrator, else first belligerent.", _party(0, _first_name)),
        of("assoc_actor_1", "Other alleged perpetrators and claimants.", _party(0, _other_names)),
        of("inter1", "Type of actor1, 1 to 8. Empty: no equivalent.", _party(0, _inter), "integer"),
        of("actor2", "First target, else second belligerent.", _party(1, _first_name)),
        of("assoc_actor_2", "Other targets and belligerents.", _party(1, _other_names)),
        of("inter2", "Type of actor2, 1 to 8. Empty: no equivalent.", _party(1, _inter), "integer"),
        of("interaction", "inter1 and inter2 combined, the smaller first.", _interaction, "integer"),
        of("civilian_targeting", "“Civilian targeting” if civilians are the target.", _targets_civilians),
        empty("iso", "numeric country codes are not stored."),
        empty("region", "world regions are not coded."),
        ProfileColumn("country", "Name of the country; its ISO alpha-3 code if no place has the name.", country_name),
        in_place("admin1", "admin1", "Region."),
        in_place("admin2", "admin2", "District."),
        of(
            "admin3",
            "Municipality, if the place is one.",
            lambda it: it["location"]["name"] if it["location"]["kind"] == "admin3" else None,
        ),
        in_place("location", "name", "Name of the place."),
        in_place("latitude", "latitude", "Degrees north, WGS 84.", "number"),
        in_place("longitude", "longitude", "Degrees east, WGS 84.", "number"),
        of(
            "geo_precision",
            "1: town; 2: near a town, or district; 3: region. Empty: less precise.",
            lambda it: GEO_PRECISION.get(it["location"]["precision"]),
            "integer",
        ),
        of(
            "source",
            "Names of the sources that report it.",
            lambda it: _joined([each["source"]["name"] for each in it["reports"]]),
        ),
        empty("source_scale", "scales are a field of sources; see sources/."),
        of("notes", "The summary.", lambda it: it["summary"]),
        of(
            "fatalities",
            "Best estimate of killed. Empty: not reported.",
            lambda it: it["casualties"]["killed"]["best"],
            "integer",
        ),
        of("tags", "Tags.", lambda it: _joined(it["tags"])),
        of("timestamp", "Time of publication of the revision, Unix seconds.", seconds, "integer"),
    ),
)
