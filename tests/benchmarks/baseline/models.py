"""The tables that a competent developer would make of this data, with the indexes that the API calls for."""

from __future__ import annotations

from django.db import models


class Dataset(models.Model):
    """A body of incidents."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A place, with the names of what holds it."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    admin1 = models.CharField(max_length=200, blank=True)
    admin2 = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=3, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Who reports."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.name


class Actor(models.Model):
    """Who acts."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """A document by a source."""

    slug = models.SlugField(max_length=80, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=500, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    language = models.CharField(max_length=10, blank=True)
    published = models.DateField(null=True)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.title


class Incident(models.Model):
    """What happened."""

    slug = models.SlugField(max_length=80, unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="incidents")
    summary = models.TextField()
    event_type = models.CharField(max_length=40)
    event_subtype = models.CharField(max_length=40, blank=True)
    date_start = models.DateField(null=True)
    date_end = models.DateField(null=True)
    date_precision = models.CharField(max_length=10)
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="incidents")
    location_as_reported = models.CharField(max_length=500, blank=True)
    location_precision = models.CharField(max_length=20)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    radius_km = models.FloatField(null=True)
    targets = models.JSONField(default=list)
    killed_low = models.PositiveIntegerField(null=True)
    killed_best = models.PositiveIntegerField(null=True)
    killed_high = models.PositiveIntegerField(null=True)
    injured_low = models.PositiveIntegerField(null=True)
    injured_best = models.PositiveIntegerField(null=True)
    injured_high = models.PositiveIntegerField(null=True)
    tags = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    published = models.DateTimeField()
    actors = models.ManyToManyField(Actor, through="Participation", related_name="incidents")
    reports = models.ManyToManyField(Report, through="Evidence", related_name="incidents")

    class Meta:
        app_label = "baseline"
        ordering = ("-date_start", "-slug")
        indexes = (
            models.Index(fields=("-date_start", "-slug"), name="baseline_newest_first"),
            models.Index(fields=("date_end",), name="baseline_end"),
            models.Index(fields=("event_type", "-date_start"), name="baseline_type"),
            models.Index(fields=("event_subtype", "-date_start"), name="baseline_subtype"),
            models.Index(fields=("latitude", "longitude"), name="baseline_point"),
        )

    def __str__(self) -> str:
        return self.slug


class Participation(models.Model):
    """The part of an actor in an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="participations")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20)
    certainty = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "baseline"
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.actor} ({self.role})"


class Evidence(models.Model):
    """A report of an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="evidence")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "baseline"
        ordering = ("position",)

    def __str__(self) -> str:
        return str(self.report)
