"""Nested serializers: an answer says what the ledger's document says, in much the same number of bytes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tests.benchmarks.baseline import models


class LocationSerializer(serializers.ModelSerializer[models.Location]):
    id = serializers.CharField(source="slug")

    class Meta:
        model = models.Location
        fields = ("id", "name", "kind", "admin1", "admin2", "country")


class ParticipationSerializer(serializers.ModelSerializer[models.Participation]):
    id = serializers.CharField(source="actor.slug")
    name = serializers.CharField(source="actor.name")
    kind = serializers.CharField(source="actor.kind")

    class Meta:
        model = models.Participation
        fields = ("id", "name", "kind", "role", "certainty")


class SourceSerializer(serializers.ModelSerializer[models.Source]):
    id = serializers.CharField(source="slug")

    class Meta:
        model = models.Source
        fields = ("id", "name", "kind")


class EvidenceSerializer(serializers.ModelSerializer[models.Evidence]):
    id = serializers.CharField(source="report.slug")
    source = SourceSerializer(source="report.source")  # type: ignore[assignment]  # DRF takes fields off the class
    title = serializers.CharField(source="report.title")
    url = serializers.CharField(source="report.url")
    language = serializers.CharField(source="report.language")
    published = serializers.DateField(source="report.published")

    class Meta:
        model = models.Evidence
        fields = ("id", "source", "title", "url", "language", "published")


class IncidentSerializer(serializers.ModelSerializer[models.Incident]):
    id = serializers.CharField(source="slug")
    dataset = serializers.CharField(source="dataset.slug")
    licence = serializers.CharField(source="dataset.licence")
    date = serializers.SerializerMethodField()
    location = LocationSerializer()
    casualties = serializers.SerializerMethodField()
    actors = ParticipationSerializer(source="participations", many=True)
    reports = EvidenceSerializer(source="evidence", many=True)

    class Meta:
        model = models.Incident
        fields = (
            "id",
            "dataset",
            "published",
            "summary",
            "event_type",
            "event_subtype",
            "date",
            "location",
            "location_as_reported",
            "location_precision",
            "latitude",
            "longitude",
            "radius_km",
            "actors",
            "targets",
            "casualties",
            "reports",
            "tags",
            "extra",
            "licence",
        )

    def get_date(self, incident: models.Incident) -> dict[str, Any]:
        return {"start": incident.date_start, "end": incident.date_end, "precision": incident.date_precision}

    def get_casualties(self, incident: models.Incident) -> dict[str, Any]:
        return {
            "killed": {"low": incident.killed_low, "best": incident.killed_best, "high": incident.killed_high},
            "injured": {"low": incident.injured_low, "best": incident.injured_best, "high": incident.injured_high},
        }
