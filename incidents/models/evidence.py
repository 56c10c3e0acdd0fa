"""Who speaks, in what document, and what it says."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.fields import WebAddressField
from incidents.models.base import NamedRecord, PublicRecord, one_of, refuse_withheld
from incidents.texts import validate_long_text
from incidents.vocabulary import ACTOR_KINDS, RELIABILITIES, SCALES, SOURCE_KINDS


class Source(NamedRecord):
    """Who speaks: an outlet, an office, a channel, an organisation, witnesses as a group."""

    kind = models.CharField(max_length=30, choices=SOURCE_KINDS.choices)
    url = WebAddressField("address", max_length=500, blank=True)
    language = models.CharField(max_length=10, blank=True, help_text="Main language, ISO 639-1.")
    country_code = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3 of its seat.")
    affiliation = models.CharField(
        max_length=200,
        blank=True,
        help_text="The party to the conflict it belongs to or speaks for; empty if none.",
    )
    scale = models.CharField(max_length=20, choices=SCALES.choices, default="unknown")
    reliability = models.CharField(max_length=1, choices=RELIABILITIES.choices, default="F")
    remark = models.TextField(
        blank=True, help_text="Published: what a reader should know about the source.", validators=[validate_long_text]
    )

    class Meta:
        ordering = ("name", "public_id")
        constraints = (
            one_of("kind", list(SOURCE_KINDS), "source_kind_known"),
            one_of("scale", list(SCALES), "source_scale_known"),
            one_of("reliability", list(RELIABILITIES), "source_reliability_known"),
        )

    def clean(self) -> None:
        """Refuse an id that stands for sources whose names are withheld."""
        super().clean()
        refuse_withheld(self)


class Report(PublicRecord):
    """One document by a source. It is public only as a part of the incidents that rest on it."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="reports")
    relays = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relayed_in",
        help_text="Whose words it passes on, for example an official's channel.",
    )
    title = models.CharField(max_length=500, blank=True)
    url = WebAddressField("address", max_length=1000, blank=True)
    archive_url = WebAddressField("archived copy", max_length=1000, blank=True)
    language = models.CharField(max_length=10, blank=True)
    published_on = models.DateField(null=True, blank=True, help_text="Empty when it is not known; do not guess.")
    published_not_before = models.DateField(
        null=True,
        blank=True,
        help_text="A bound, when the day is not known: the latest day that the text speaks of.",
    )
    excerpt = models.TextField(
        blank=True,
        help_text="For the editors; never published. At most a few sentences.",
        validators=[validate_long_text],
    )
    content_hash = models.CharField(max_length=100, blank=True, help_text="sha256:… of the document as it was read.")

    class Meta:
        ordering = ("-published_on", "public_id")
        constraints = (
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | Q(published_not_before__isnull=True)
                | Q(published_on__gte=F("published_not_before")),
                name="report_published_after_its_bound",
                violation_error_message="The report was published before the bound that it gives itself.",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.public_id


class Actor(NamedRecord):
    """Who acts or is acted on, as a group or an office; never a private person."""

    kind = models.CharField(max_length=20, choices=ACTOR_KINDS.choices)
    country_code = models.CharField(
        max_length=3, blank=True, help_text="ISO 3166-1 alpha-3, where it belongs to a state."
    )
    ucdp_id = models.PositiveIntegerField("UCDP actor id", null=True, blank=True)
    safe_when_generalised = models.BooleanField(
        "keep its name where place or date is coarsened",
        null=True,  # a default would make SQLite write the table anew when an older database is migrated
        blank=True,
        help_text="On incidents whose place or date is coarsened, other actors are named by their type only. Only for "
        "actors that are active in far more than one place, such as national armed forces.",
    )
    remark = models.TextField(
        blank=True, help_text="Published: who is meant, and by whom the name is used.", validators=[validate_long_text]
    )

    class Meta:
        ordering = ("name", "public_id")
        constraints = (one_of("kind", list(ACTOR_KINDS), "actor_kind_known"),)

    def clean(self) -> None:
        """Refuse an id that stands for actors whose names are withheld."""
        super().clean()
        refuse_withheld(self)
