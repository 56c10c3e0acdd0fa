"""An incident that is rich in what must not be published once its place or date is coarsened."""

from __future__ import annotations

from datetime import date
from typing import Any

from incidents import publishing
from incidents.models import Claim, Dataset, DatasetAttribute, Incident
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.publishing.test_publish import document

SUMMARY = "Armed attack (shooting). The description is withheld for safety."
HIDDEN = "Hiddenham"
"""Part of every text and id that a generalised document must not have."""


def hidden_incident() -> Incident:
    """An incident with a value in every field, whose texts and ids all contain the hidden word."""
    country = LocationFactory(public_id="country", name="Country", kind="country", latitude=48.5)
    region = LocationFactory(public_id="region", name="Region", kind="admin1", parent=country, latitude=48.6)
    district = LocationFactory(public_id="district", name="District", kind="admin2", parent=region, latitude=48.7)
    town = LocationFactory(public_id="hiddenham", name=HIDDEN, parent=district)
    dataset: Dataset = DatasetFactory(public_id="data", safe_tags=["night", "market"])
    declared = {"weapon": "keep", "pier": "withhold"}
    for name, generalised in declared.items():
        DatasetAttribute.objects.create(dataset=dataset, name=name, type="text", label=name, generalised=generalised)
    paper, agency = (
        SourceFactory(public_id=f"hiddenham-{name}", name=f"{HIDDEN} {name}", kind=kind)
        for name, kind in (("paper", "news_outlet"), ("agency", "news_agency"))
    )
    report = ReportFactory(
        public_id="hiddenham-paper-1",
        source=paper,
        relays=agency,
        title=f"Shots in {HIDDEN}",
        url="https://example.org/Hiddenham",
        archive_url="https://example.org/archive/Hiddenham",
        published_on=date(2022, 8, 5),
        language="uk",
    )
    made: Incident = IncidentFactory(
        public_id="one",
        dataset=dataset,
        summary="Shots in the hills.",
        date_start=date(2022, 8, 4),
        date_end=date(2022, 8, 5),
        date_precision="days",
        date_remark=f"From {HIDDEN}",
        time_of_day="14:30",
        time_zone="Europe/Kyiv",
        location=town,
        location_as_reported=f"near {HIDDEN}",
        location_remark=f"{HIDDEN} by the river",
        latitude=49.125,
        longitude=39.25,
        radius_km=7,
        targets=["railway"],
        killed_best=2,
        injured_high=4,
        tags=["night", HIDDEN.lower(), "Market"],
        extra={"town": HIDDEN},
        attributes={"weapon": "rifle", "pier": HIDDEN},
        reports=[report],
        actors=[(ActorFactory(public_id="hiddenham-band", name=f"{HIDDEN} band"), "alleged_perpetrator")],
    )
    claims: list[tuple[str, Any]] = [
        ("killed", 2),
        ("injured", {"low": 1, "best": None, "high": 4}),
        ("killed", f"two of {HIDDEN}"),
        ("killed", {HIDDEN: 2}),
        ("injured", 49.125),
        ("injured", [49, 39]),
        ("injured", True),
        ("count", 7),
        ("location", HIDDEN),
        ("date", "2022-08-04"),
    ]
    for position, (field, value) in enumerate(claims):
        Claim.objects.create(
            incident=made, report=report, speaker=agency, field=field, value=value, quote=HIDDEN, position=position
        )
    return made


def published(incident: Incident, **values: Any) -> dict[str, Any]:
    """Publish an incident with other values, and return its document."""
    for name, value in values.items():
        setattr(incident, name, value)
    incident.save()
    publishing.publish([incident])
    return document("incident", incident.public_id)
