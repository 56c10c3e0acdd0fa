"""The parts of incidents: who took part, the reports, what each report claims, and relations to other incidents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.models.base import Child, one_of
from incidents.models.evidence import Actor, Report
from incidents.models.incidents import Incident
from incidents.texts import validate_json
from incidents.vocabulary import (
    ACTOR_ROLES,
    CERTAINTIES,
    CLAIM_FIELDS,
    RELATIONS,
    STANCES,
)


class IncidentActor(Child):
    """The part that an actor had in an incident."""

    natural_fields = ("incident__public_id", "actor__public_id", "role")

    # Of this and what follows: the constraint begins with the incident, so it needs no index of its own.
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="participations", db_index=False)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=ACTOR_ROLES.choices)
    certainty = models.CharField(max_length=10, choices=CERTAINTIES.choices)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in which the actors are shown.")

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("incident", "actor", "role"), name="incident_actor_role_once"),
            one_of("role", list(ACTOR_ROLES), "incident_actor_role_known"),
            one_of("certainty", list(CERTAINTIES), "incident_actor_certainty_known"),
        )

    def __str__(self) -> str:
        return f"{self.actor} ({self.role})"


class IncidentReport(Child):
    """A report that an incident rests on."""

    natural_fields = ("incident__public_id", "report__public_id")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in which the reports are shown.")

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("incident", "report"), name="incident_report_once"),)

    def __str__(self) -> str:
        return str(self.report)


class Claim(Child):
    """What one report says about one field of an incident; contradicting claims stand side by side."""

    natural_fields = ("incident__public_id", "report__public_id", "field", "position")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="claims", db_index=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="claims")
    speaker = models.ForeignKey(
        "incidents.Source",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        help_text="Who says it, where that is not the one whom the report relays (or the report's own source).",
    )
    field = models.CharField(max_length=20, choices=CLAIM_FIELDS.choices)
    value = models.JSONField(
        validators=[validate_json], help_text='A number or text, as JSON: 2, or "traffic lights out".'
    )
    stance = models.CharField(max_length=10, choices=STANCES.choices, default="asserts")
    quote = models.CharField(max_length=500, blank=True, help_text="At most one sentence, in the words of the report.")
    adopted = models.BooleanField(default=False, help_text="The incident's own value follows this claim.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("incident", "report", "field", "position"), name="claim_once"),
            one_of("field", list(CLAIM_FIELDS), "claim_field_known"),
            one_of("stance", list(STANCES), "claim_stance_known"),
        )

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"


class Relation(Child):
    """How an incident stands to another one; the other way round follows from it."""

    natural_fields = ("incident__public_id", "related__public_id", "relation")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="relations", db_index=False)
    related = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="related_from")
    relation = models.CharField(max_length=20, choices=RELATIONS.choices)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("incident", "related", "relation"), name="relation_once"),
            one_of("relation", list(RELATIONS), "relation_known"),
            models.CheckConstraint(
                condition=~Q(incident=F("related")),
                name="relation_not_to_itself",
                violation_error_message="An incident cannot be related to itself.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation} {self.related}"
