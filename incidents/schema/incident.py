"""Incidents."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import NONE, coded, first_published, known, published, record_id, revision
from incidents.schema.evidence import CLAIM, REPORT
from incidents.schema.fields import Field, Index, Parameter, Part, ProfileKey, TableColumn
from incidents.schema.incident_parts import CASUALTIES, DATE, DISCLOSURE, PARTICIPATION, RELATED
from incidents.schema.incident_place import PLACE
from incidents.schema.kinds import Kind

INCIDENT = Kind(
    "incident",
    Part(
        "IncidentDocument",
        "Who did what, where, when, and according to whom.",
        (
            record_id(),
            Field(
                "dataset",
                "id",
                "The dataset that it belongs to.",
                index=Index(length=80, by_day="inc_by_dataset"),
                asked=(
                    Parameter("dataset", "among", "Incidents in these datasets.", form="id", example=["luhansk-2022"]),
                ),
                grouped="dataset",
                column=TableColumn("dataset", hxl="#meta+dataset"),
                generalised="keep",
            ),
            revision(),
            published(),
            first_published(),
            known(
                "summary",
                "Neutral description of what happened. In a generalised document a sentence made of the codes, unless "
                "an editor confirmed the text for this disclosure.",
                stored="summary",
                set_by=("incident.summary",),
                column=TableColumn("summary", hxl="#description+summary"),
                generalised="confirm",
            ),
            coded(
                "event_type",
                vocabulary.EVENT_TYPES,
                stored="event_type",
                profile=ProfileKey("event_type", required=True),
                index=Index(by_day="inc_by_type"),
                asked=(Parameter("event_type", "among"),),
                grouped="event_type",
                column=TableColumn("event_type", hxl="#event+type"),
                generalised="keep",
            ),
            coded(
                "event_subtype",
                vocabulary.EVENT_SUBTYPES,
                null=True,
                stored="event_subtype",
                profile=ProfileKey("event_subtype"),
                index=Index(by_day="inc_by_subtype"),
                asked=(Parameter("event_subtype", "among"),),
                grouped="event_subtype",
                column=TableColumn("event_subtype", hxl="#event+subtype"),
                generalised="keep",
            ),
            Field("date", "object", part=DATE),
            Field("location", "object", part=PLACE),
            Field(
                "actors",
                "objects",
                part=PARTICIPATION,
                column=TableColumn("actors", hxl="#group+json", empty=NONE),
                generalised="make",
            ),
            Field(
                "targets",
                "codes",
                vocabulary.TARGET_KINDS.definition,
                vocabulary=vocabulary.TARGET_KINDS,
                stored="targets",
                profile=ProfileKey("targets"),
                index=Index(facet="g"),
                asked=(Parameter("target", "facet"),),
                column=TableColumn("targets", hxl="#subject+target+list", empty=NONE),
                generalised="keep",
            ),
            Field("casualties", "object", part=CASUALTIES),
            Field(
                "reports",
                "objects",
                part=REPORT,
                column=TableColumn("reports", hxl="#meta+report+json", empty=NONE),
                generalised="make",
            ),
            Field(
                "claims",
                "objects",
                part=CLAIM,
                column=TableColumn("claims", hxl="#meta+claim+json", empty=NONE),
                generalised="make",
            ),
            Field(
                "tags",
                "words",
                "Free keywords. A generalised document has those that its dataset declares safe.",
                stored="tags",
                profile=ProfileKey("tags"),
                column=TableColumn("tags", hxl="#meta+tag+list", empty=NONE),
                generalised="make",
            ),
            Field(
                "related",
                "objects",
                part=RELATED,
                column=TableColumn("related", hxl="#event+related+json", empty=NONE),
            ),
            Field(
                "extra",
                "mapping",
                "Columns of the original dataset that have no field here, with their original names. Empty in a "
                "generalised document.",
                stored="extra",
                set_by=("incident.extra", "incident.reports"),
                column=TableColumn("extra", hxl="#meta+extra+json", empty=NONE),
            ),
            Field(
                "attributes",
                "mapping",
                "Values of the fields that its dataset brings itself, by the name of the field. "
                "A field without a value is left out. The dataset's document declares the fields, and which of them a "
                "generalised document keeps.",
                since=2,
                after="extra",
                default={},
                generalised="make",
            ),
            Field("disclosure", "object", part=DISCLOSURE),
            known(
                "licence",
                "The licence of the dataset: an SPDX identifier or a URL.",
                column=TableColumn("licence", hxl="#meta+licence", editable=False),
                generalised="keep",
            ),
        ),
    ),
    table=(
        *("id", "dataset", "revision", "published", "first_published", "summary", "event_type", "event_subtype"),
        *("date_start", "date_end", "date_precision", "date_remark"),
        *("location_id", "location_name", "location_kind"),
        *("admin1", "admin2", "admin1_code", "admin2_code", "country", "location_as_reported"),
        *("latitude", "longitude", "location_precision", "radius_km", "location_remark"),
        *("killed_low", "killed_best", "killed_high", "injured_low", "injured_best", "injured_high"),
        *("targets", "tags", "actor_names", "source_names", "actors", "reports", "claims", "related", "extra"),
        *("disclosure_place", "disclosure_date", "licence"),
    ),
    parameters=(
        *("dataset", "event_type", "event_subtype", "date_after", "date_before", "date_match", "date_precision"),
        *("location_precision", "location", "country", "admin1", "admin2", "source", "source_kind", "min_sources"),
        *("actor", "actor_role", "target", "killed_min", "killed_max", "injured_min", "injured_max", "tag", "profile"),
    ),
    groups=("country", "admin1", "admin2", "location", "event_type", "event_subtype", "actor", "source", "dataset"),
)
