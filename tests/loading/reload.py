"""A file and two profiles: one sets as little as a profile can, one sets every field that a profile can set."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from incidents import publishing
from incidents.models import Actor, Incident, Location, Report, Source
from tests.loading.parts_of_profiles import REPORTS

MINIMAL = """
title = "Minimal"
[file]
optional = {optional}
[dataset]
id = "mini"
name = "Mini"
licence = "CC-BY-4.0"
[[fields]]
name = "weapon"
type = "code"
label = "Weapon"
codes = [{{ code = "rifle", label = "Rifle" }}, {{ code = "knife", label = "Knife" }}]
[incident]
id = "mini-{{n}}"
summary = "text"
event_type = {{ constant = "explosion" }}
[incident.date]
start = "day"
"""

WHOLE = (
    """
title = "Whole"
[file]
[dataset]
id = "mini"
name = "Mini"
licence = "CC-BY-4.0"
[[fields]]
name = "weapon"
type = "code"
label = "Weapon"
codes = [{ code = "rifle", label = "Rifle" }, { code = "knife", label = "Knife" }]
value = "weapon"
[incident]
id = "mini-{n}"
summary = "text"
event_type = { constant = "explosion" }
event_subtype = "subtype"
targets = { column = "targets", separator = ";" }
tags = { column = "tags", separator = ";" }
time = "hour"
time_zone = "zone"
[incident.date]
start = "day"
end = "end"
precision = "precision"
[incident.place]
name = "town"
kind = { constant = "settlement" }
country_code = "country"
latitude = "lat"
longitude = "lon"
point_of = "event"
precision = { constant = "settlement" }
as_reported = "reported"
radius_km = { settlement = 5 }
[incident.killed]
low = "killed"
best = "killed"
high = "killed"
out_of_order = "keep"
[incident.injured]
low = "injured"
best = "injured"
high = "injured"
[[incident.actors]]
id = "{actor}"
name = "actor"
kind = { constant = "rebel_group" }
role = { constant = "alleged_perpetrator" }
certainty = { constant = "claimed" }
"""
    + REPORTS
    + """id = "agency"
name = { constant = "Agency" }
kind = { constant = "news_agency" }
[incident.extra]
text = ["code"]
"""
)

ROW = {
    "n": "1",
    "text": "A bomb went off.",
    "day": "2024-01-02",
    "end": "2024-01-03",
    "precision": "days",
    "subtype": "",
    "targets": "vehicle",
    "tags": "market",
    "town": "Streltsau",
    "country": "UKR",
    "lat": "48.5",
    "lon": "37.5",
    "reported": "the market",
    "killed": "2",
    "injured": "3",
    "actor": "Blues",
    "headline": "A bomb",
    "address": "https://example.org/bomb",
    "code": "x1",
    "weapon": "rifle",
    "hour": "12:00",
    "zone": "Europe/Kyiv",
}


def minimal(directory: Path) -> str:
    """Write the profile that sets as little as it can; returns its path."""
    unread = [name for name in ROW if name not in ("n", "text", "day")]
    path = directory / "minimal.toml"
    path.write_text(MINIMAL.format(optional=unread))
    return str(path)


def whole(directory: Path) -> str:
    """Write the profile that sets every field; returns its path."""
    path = directory / "whole.toml"
    path.write_text(WHOLE)
    return str(path)


def file(directory: Path, *rows: dict[str, str], **changes: str) -> Path:
    """Write a file of one row, or of these."""
    path = directory / "rows.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(ROW))
        writer.writeheader()
        writer.writerows(rows or [ROW | changes])
    return path


def edits() -> dict[str, Any]:
    """Return for each field of an incident what an editor might set, with what has to go with it."""
    town = Location.objects.create(public_id="editors-town", name="Hentzau", kind="settlement", country_code="DEU")
    return {
        "summary": {"summary": "In other words."},
        "event_type": {"event_type": "armed_attack"},
        "event_subtype": {"event_subtype": "grenade"},
        "date_start": {"date_start": "2024-01-01"},
        "date_end": {"date_end": "2024-01-09"},
        "date_precision": {"date_precision": "month"},
        "time_of_day": {"time_of_day": "14:30"},
        "time_zone": {"time_of_day": "14:30", "time_zone": "Europe/Paris"},
        "attributes": {"attributes": {"weapon": "knife"}},
        "date_remark": {"date_remark": "On a market day."},
        "location_id": {"location": town},
        "location_as_reported": {"location_as_reported": "by the bridge"},
        "location_precision": {"location_precision": "admin1"},
        "latitude": {"latitude": 49.5, "longitude": 38.5},
        "longitude": {"latitude": 49.5, "longitude": 38.25},
        "radius_km": {"radius_km": 7.5},
        "location_remark": {"location_remark": "By its name."},
        "targets": {"targets": ["railway"]},
        "killed_low": {"killed_low": 0},
        "killed_best": {"killed_low": 0, "killed_best": 1, "killed_high": 9},
        "killed_high": {"killed_high": 90},
        "injured_low": {"injured_low": 0},
        "injured_best": {"injured_low": 0, "injured_best": 1, "injured_high": 9},
        "injured_high": {"injured_high": 80},
        "figures_as_coded": {"figures_as_coded": True, "killed_low": 9, "killed_best": 2, "killed_high": 9},
        "tags": {"tags": ["bazaar"]},
        "extra": {"extra": {"editors": "own"}},
        "place_disclosure": {"place_disclosure": "country"},
        "date_disclosure": {"date_disclosure": "month"},
        "editorial_status": {"editorial_status": "in_review"},
        "note": {"note": "Ask the agency."},
        "text_confirmations": {"text_confirmations": {"summary": {"reason": "It names no place."}}},
    }


def edit(fields: dict[str, Any]) -> Incident:
    """Edit the incident as an editor does in the admin."""
    incident: Incident = Incident.objects.get(public_id="mini-1")
    for name, value in fields.items():
        setattr(incident, name, value)
    incident.save()
    incident.refresh_from_db()
    return incident


def publish(incident: Incident) -> None:
    """Publish an incident, which has to be ready for that; its status stays."""
    status, incident.editorial_status = incident.editorial_status, "ready"
    publishing.publish([incident])
    incident.editorial_status = status


def actor(public_id: str = "editors-actor") -> Actor:
    """Make an actor of the editors."""
    made: Actor = Actor.objects.create(public_id=public_id, name=public_id, kind="rebel_group")
    return made


def report(public_id: str = "editors-report") -> Report:
    """Make a report of the editors."""
    source, _ = Source.objects.get_or_create(public_id="paper", name="Paper", kind="news_outlet")
    made: Report = Report.objects.create(
        public_id=public_id, source=source, title="A bomb", url="https://example.org/1"
    )
    return made
