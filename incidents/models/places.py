"""Places, their names in every script, and who says what they belong to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from incidents.fields import NameKeyField
from incidents.models.base import Child, NamedRecord, in_order, one_of
from incidents.models.points import degrees, whole_and_on_earth
from incidents.texts import validate_long_text
from incidents.vocabulary import LOCATION_KINDS, NAME_KINDS

MAX_DEPTH = 8

MATCHED_BY = (
    ("gazetteer", "Listed in a gazetteer"),
    ("id", "By an id"),
    ("name", "By its name"),
    ("point", "By its point"),
    ("new", "No place fitted; it became one of its own"),
    ("ambiguous", "Several could be meant; it became one of its own"),
)


class Location(NamedRecord):
    """A place; one record however many ways it is spelt."""

    name_key = NameKeyField()
    kind = models.CharField(max_length=20, choices=LOCATION_KINDS.choices)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="The smallest listed place that holds this one.",
    )
    country_code = models.CharField(
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", "Use the three capital letters of ISO 3166-1, for example UKR.")],
        help_text="ISO 3166-1 alpha-3, for example UKR. Empty at sea.",
    )
    latitude = degrees(90, "Degrees north, WGS 84.")
    longitude = degrees(180, "Degrees east, WGS 84.")
    geonames_id = models.PositiveBigIntegerField("GeoNames id", null=True, blank=True)
    katotth = models.CharField("KATOTTH", max_length=20, blank=True, help_text="Ukraine's codifier, UA and 17 digits.")
    pcode = models.CharField("P-code", max_length=20, blank=True, help_text="OCHA place code.")
    wikidata_id = models.CharField(
        "Wikidata id",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^Q[1-9]\d*$", "A Q and digits, like Q1003.")],
    )
    remark = models.TextField(
        blank=True,
        help_text="Published: how the place was identified and how sure that is.",
        validators=[validate_long_text],
    )

    class Meta:
        ordering = ("name", "public_id")
        constraints = (
            one_of("kind", list(LOCATION_KINDS), "location_kind_known"),
            whole_and_on_earth("location_point_whole_and_on_earth"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="location_not_its_own_parent",
                violation_error_message="A place cannot be its own parent.",
            ),
        )
        indexes = (
            models.Index(fields=("geonames_id",), name="location_geonames"),
            models.Index(fields=("name_key",), name="location_name_key"),  # a file's place is found by its name
            models.Index(fields=("latitude", "longitude"), name="location_point"),  # … or by where it lies
        )

    def clean(self) -> None:
        """Refuse a chain of parents that comes back to this place or is longer than MAX_DEPTH."""
        super().clean()
        place: Location | None = self.parent
        depth = 0
        while place is not None:
            depth += 1
            if place == self:
                raise ValidationError({"parent": f"{place} lies inside {self}, so it cannot hold it."})
            if depth > MAX_DEPTH:
                raise ValidationError({"parent": f"More than {MAX_DEPTH} places one inside the other."})
            place = place.parent

    def is_within(self, area: Location) -> bool:
        """Tell whether another place is among those that hold this one, however many lie between."""
        parent = self.parent
        while parent is not None:
            if parent.pk == area.pk:
                return True
            parent = parent.parent
        return False


class PlaceName(Child):
    """A name of a place in a language and script, or a spelling that a report used."""

    natural_fields = ("location__public_id", "name", "language")

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    name_key = NameKeyField()
    language = models.CharField(max_length=10, blank=True, help_text="ISO 639-1, for example uk, ru, en.")
    kind = models.CharField(max_length=20, choices=NAME_KINDS.choices, default="variant")

    class Meta:
        ordering = ("language", "name")
        constraints = (
            models.UniqueConstraint(fields=("location", "name", "language"), name="place_name_once"),
            one_of("kind", list(NAME_KINDS), "place_name_kind_known"),
        )
        indexes = (models.Index(fields=("name_key",), name="place_name_key"),)

    def __str__(self) -> str:
        return self.name


class PlaceMatch(Child):
    """Which place something in a file was taken to be, so that its next load takes it to be the same.

    `key` is what the file calls it: `geonames:691999`, `admin1:UA.14`, or for a file of incidents the id that its names
    give it, from the country down. Editors correct a wrong match here.
    """

    MADE = ("new", "ambiguous")
    """How a place was found that a load made."""

    natural_fields = ("key",)
    key = models.CharField(max_length=120, unique=True)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="matches")
    how = models.CharField("how it was identified", max_length=20, choices=MATCHED_BY)
    said = models.JSONField("what was said of it", default=dict, blank=True)

    class Meta:
        verbose_name_plural = "place matches"
        ordering = ("key",)
        constraints = (one_of("how", [how for how, _ in MATCHED_BY], "place_match_how_known"),)

    def __str__(self) -> str:
        return self.key


class Membership(Child):
    """Who says that a place belongs to an area, and for what time: a claim where it is disputed."""

    natural_fields = ("location__public_id", "area", "claimed_by")

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="memberships")
    area = models.CharField(max_length=200, help_text="The area or state the place is said to belong to.")
    claimed_by = models.CharField(max_length=200, help_text="Who says so, for example a government.")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    control = models.BooleanField(default=False, help_text="It is about who holds the place in fact, not in law.")

    class Meta:
        ordering = ("start", "area")
        constraints = (
            models.UniqueConstraint(fields=("location", "area", "claimed_by"), name="membership_once"),
            in_order("membership_in_order", "membership"),
        )

    def __str__(self) -> str:
        return f"{self.area} ({self.claimed_by})"
