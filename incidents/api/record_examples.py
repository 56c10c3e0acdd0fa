"""A real record of each kind, to show."""

from __future__ import annotations

from typing import Any

from incidents.ledger.shapes import upgraded
from incidents.schema.fields import FIRST_SHAPE

_RECORDS: dict[str, dict[str, Any]] = {
    "incident": {
        "id": "luhansk-2022-0002",
        "dataset": "luhansk-2022",
        "revision": 1,
        "published": "2026-11-23T09:00:00Z",
        "first_published": "2026-11-23T09:00:00Z",
        "summary": (
            "Local partisans shot at a car that carried the so-called “mayor” of occupied Bilovodsk and his "
            "“deputy”. Both were injured, according to the head of the Luhansk regional administration."
        ),
        "event_type": "armed_attack",
        "event_subtype": "shooting",
        "date": {"start": "2022-08-04", "end": "2022-08-04", "precision": "day", "remark": None},
        "location": {
            "id": "bilovodsk",
            "name": "Bilovodsk",
            "kind": "settlement",
            "admin1": "Luhansk Oblast",
            "admin2": None,
            "admin1_code": "UA-09",
            "admin2_code": None,
            "country": "UKR",
            "as_reported": "Belovodsk",
            "latitude": 49.20846,
            "longitude": 39.58975,
            "precision": "settlement",
            "radius_km": 5.0,
            "remark": "A spelling that the gazetteer lists for Bilovodsk in Luhansk Oblast and for no other place.",
        },
        "actors": [
            {
                "id": "luhansk-partisans",
                "name": "Ukrainian partisans in Luhansk Oblast",
                "kind": "partisans",
                "role": "alleged_perpetrator",
                "certainty": "claimed",
            },
            {
                "id": "occupation-officials-bilovodsk",
                "name": "Occupation officials in Bilovodsk",
                "kind": "officials",
                "role": "target",
                "certainty": "claimed",
            },
        ],
        "targets": ["occupation_official", "vehicle"],
        "casualties": {
            "killed": {"low": None, "best": None, "high": None},
            "injured": {"low": 2, "best": 2, "high": 2},
        },
        "reports": [
            {
                "id": "luhansk-2022-report-regional-head",
                "source": {
                    "id": "newspaper-of-the-report",
                    "name": "Newspaper (not named in the text at hand)",
                    "kind": "news_outlet",
                },
                "relays": {
                    "id": "luhansk-regional-head-telegram",
                    "name": "Head of the Luhansk Regional State Administration, Sergey Gaidai (Telegram channel)",
                    "kind": "official_channel",
                },
                "title": None,
                "url": None,
                "archive_url": None,
                "published": None,
                "published_not_before": "2022-08-11",
                "language": "en",
            }
        ],
        "claims": [
            {
                "field": "date",
                "value": "2022-08-04",
                "stance": "asserts",
                "source": "newspaper-of-the-report",
                "report": "luhansk-2022-report-regional-head",
                "quote": (
                    "On August 4, in occupied Belovodsk, local partisans shot at a car carrying the so-called "
                    "“mayor” and his “deputy”."
                ),
                "adopted": True,
            },
            {
                "field": "location",
                "value": "Belovodsk",
                "stance": "asserts",
                "source": "newspaper-of-the-report",
                "report": "luhansk-2022-report-regional-head",
                "quote": None,
                "adopted": True,
            },
            {
                "field": "event_type",
                "value": "armed_attack",
                "stance": "asserts",
                "source": "newspaper-of-the-report",
                "report": "luhansk-2022-report-regional-head",
                "quote": None,
                "adopted": True,
            },
            {
                "field": "actor",
                "value": "local partisans",
                "stance": "asserts",
                "source": "newspaper-of-the-report",
                "report": "luhansk-2022-report-regional-head",
                "quote": None,
                "adopted": True,
            },
            {
                "field": "target",
                "value": "a car carrying the so-called “mayor” and his “deputy”",
                "stance": "asserts",
                "source": "newspaper-of-the-report",
                "report": "luhansk-2022-report-regional-head",
                "quote": None,
                "adopted": True,
            },
            {
                "field": "injured",
                "value": 2,
                "stance": "asserts",
                "source": "luhansk-regional-head-telegram",
                "report": "luhansk-2022-report-regional-head",
                "quote": "Both were injured according to Gaidai.",
                "adopted": True,
            },
        ],
        "tags": ["partisans"],
        "related": [],
        "extra": {},
        "disclosure": {"place": "full", "date": "full"},
        "licence": "CC-BY-4.0",
    },
    "location": {
        "id": "bilovodsk",
        "revision": 1,
        "published": "2026-11-23T09:00:00Z",
        "first_published": "2026-11-23T09:00:00Z",
        "name": "Bilovodsk",
        "kind": "settlement",
        "parent": {"id": "luhansk-oblast", "name": "Luhansk Oblast"},
        "admin1": "Luhansk Oblast",
        "admin2": None,
        "admin1_code": "UA-09",
        "admin2_code": None,
        "country": "UKR",
        "latitude": 49.20846,
        "longitude": 39.58975,
        "within": ["luhansk-oblast", "ukraine"],
        "names": [
            {"name": "Belovodsk", "language": "en", "kind": "as_reported"},
            {"name": "Bilovods'k", "language": "en", "kind": "variant"},
            {"name": "Bilovodsk", "language": "en", "kind": "official"},
            {"name": "Беловодск", "language": "ru", "kind": "variant"},
            {"name": "Біловодськ", "language": "uk", "kind": "official"},
        ],
        "identifiers": {"geonames": 712521, "katotth": None, "pcode": None, "wikidata": None},
        "memberships": [
            {
                "area": "Russia",
                "claimed_by": "Newspaper (not named in the text at hand)",
                "start": "2022-08-04",
                "end": "2022-08-04",
                "control": True,
            }
        ],
        "remark": (
            "Point and GeoNames id: GeoNames, CC BY 4.0. The report's “Belovodsk” is a spelling that GeoNames lists"
            " for this place and no other."
        ),
    },
    "source": {
        "id": "luhansk-regional-head-telegram",
        "revision": 1,
        "published": "2026-11-23T09:00:00Z",
        "first_published": "2026-11-23T09:00:00Z",
        "name": "Head of the Luhansk Regional State Administration, Sergey Gaidai (Telegram channel)",
        "kind": "official_channel",
        "url": None,
        "language": None,
        "country": "UKR",
        "affiliation": "Ukraine",
        "scale": "regional",
        "reliability": "F",
        "remark": (
            "Read only as the newspaper relays it. The newspaper names the channel for 11 August 2022; for 4 August"
            " and 30 July it names the office holder (also spelt Serhii Haidai) without saying where he spoke."
        ),
    },
    "actor": {
        "id": "luhansk-partisans",
        "revision": 1,
        "published": "2026-11-23T09:00:00Z",
        "first_published": "2026-11-23T09:00:00Z",
        "name": "Ukrainian partisans in Luhansk Oblast",
        "kind": "partisans",
        "country": None,
        "identifiers": {"ucdp": None},
        "remark": (
            "“Partisans”, “local partisans” and “Ukrainian partisans” of the report; whether they are one group it "
            "does not say."
        ),
    },
    "dataset": {
        "id": "luhansk-2022",
        "revision": 1,
        "published": "2026-11-23T09:00:00Z",
        "first_published": "2026-11-23T09:00:00Z",
        "name": "Luhansk Oblast, summer 2022: the incidents of one report",
        "description": (
            "Every incident that one newspaper report about occupied Luhansk Oblast tells, coded by hand. The "
            "report is dated by nothing but its own latest day, 11 August 2022. What it relays (an official's "
            "Telegram channel, the General Staff, authorities that it does not name) is told apart from what it "
            "says itself, and claims are kept as claims. Everything rests on this one report; nothing was added "
            "from elsewhere. It is an example of coding, not a record of the war in the region: what is not in it "
            "may well have happened."
        ),
        "licence": "CC-BY-4.0",
        "attribution": (
            "Incidents: dataset luhansk-2022, CC BY 4.0. Places: GeoNames (geonames.org), CC BY 4.0. Points of "
            "country and region computed from geoBoundaries, © OpenStreetMap contributors, ODbL 1.0."
        ),
        "citation": "Luhansk Oblast, summer 2022: the incidents of one report (dataset luhansk-2022, version 1).",
        "homepage": None,
        "version": "1",
        "coverage": {
            "start": None,
            "end": None,
            "area": "Luhansk Oblast, Ukraine",
            "sources": [
                {
                    "source": "newspaper-of-the-report",
                    "start": None,
                    "end": None,
                    "remark": (
                        "One article was read, nothing was watched over time: a day without an incident here says "
                        "nothing about that day."
                    ),
                }
            ],
        },
        "not_stated": [],
    },
}

RECORDS = {kind: upgraded(kind, FIRST_SHAPE, record) for kind, record in _RECORDS.items()}
"""A record of each kind, from the dataset that comes with the server; fields that came later have their default."""
