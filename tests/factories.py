"""Working records for tests; every default is valid and can be published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

import factory
from factory.django import DjangoModelFactory

from incidents import models


class _Source(DjangoModelFactory[models.Source]):
    """A news outlet."""

    class Meta:
        model = models.Source

    public_id = factory.Sequence(lambda number: f"source-{number}")
    name = factory.Sequence(lambda number: f"Outlet {number}")
    kind = "news_outlet"


class _Dataset(DjangoModelFactory[models.Dataset]):
    """A dataset under an open licence."""

    class Meta:
        model = models.Dataset

    public_id = factory.Sequence(lambda number: f"dataset-{number}")
    name = factory.Sequence(lambda number: f"Dataset {number}")
    licence = "CC-BY-4.0"


class _Location(DjangoModelFactory[models.Location]):
    """A settlement with a point and no parent."""

    class Meta:
        model = models.Location

    public_id = factory.Sequence(lambda number: f"place-{number}")
    name = factory.Sequence(lambda number: f"Place {number}")
    kind = "settlement"
    country_code = "UKR"
    latitude = 49.0
    longitude = 39.0


class _Actor(DjangoModelFactory[models.Actor]):
    """A group of partisans."""

    class Meta:
        model = models.Actor

    public_id = factory.Sequence(lambda number: f"actor-{number}")
    name = factory.Sequence(lambda number: f"Group {number}")
    kind = "partisans"


class _Report(DjangoModelFactory[models.Report]):
    """A report by a source of its own."""

    class Meta:
        model = models.Report

    public_id = factory.Sequence(lambda number: f"report-{number}")
    source = factory.SubFactory(_Source)
    title = factory.Sequence(lambda number: f"Report {number}")


class _Incident(DjangoModelFactory[models.Incident]):
    """A shooting on one day at one place, ready to be published."""

    class Meta:
        model = models.Incident
        skip_postgeneration_save = True

    public_id = factory.Sequence(lambda number: f"incident-{number:04}")
    dataset = factory.SubFactory(_Dataset)
    summary = factory.Sequence(lambda number: f"Something happened, number {number}.")
    event_type = "armed_attack"
    event_subtype = "shooting"
    date_start = date(2022, 8, 4)
    date_end = date(2022, 8, 4)
    date_precision = "day"
    location = factory.SubFactory(_Location)
    location_precision = "settlement"
    radius_km = 5.0
    editorial_status = "ready"

    @factory.post_generation
    def reports(self, create: bool, extracted: Any, **_: Any) -> None:
        """Link the given reports."""
        for position, report in enumerate(extracted or ()):
            models.IncidentReport.objects.create(incident=self, report=report, position=position)

    @factory.post_generation
    def actors(self, create: bool, extracted: Any, **_: Any) -> None:
        """Link the given pairs of actor and role."""
        for position, (actor, role) in enumerate(extracted or ()):
            models.IncidentActor.objects.create(
                incident=self, actor=actor, role=role, certainty="claimed", position=position
            )


# Called like functions that return a saved record, which is what the type says of them.
SourceFactory: Callable[..., models.Source] = cast(Any, _Source)
DatasetFactory: Callable[..., models.Dataset] = cast(Any, _Dataset)
LocationFactory: Callable[..., models.Location] = cast(Any, _Location)
ActorFactory: Callable[..., models.Actor] = cast(Any, _Actor)
ReportFactory: Callable[..., models.Report] = cast(Any, _Report)
IncidentFactory: Callable[..., models.Incident] = cast(Any, _Incident)
