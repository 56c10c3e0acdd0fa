"""The shape of every public document, declared once: the schema is made from it, and a test holds the bytes to it.

Nothing is serialised by these classes when a request comes: publishing writes the documents, readers are handed them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from incidents import vocabulary
from incidents.fields import PUBLIC_ID_PATTERN
from incidents.vocabulary import Vocabulary

if TYPE_CHECKING:
    Shape = serializers.Serializer[dict[str, Any]]
else:
    Shape = serializers.Serializer


def public_id(help_text: str, **kwargs: Any) -> Any:
    """Return the field of a public id."""
    return serializers.RegexField(PUBLIC_ID_PATTERN, help_text=help_text, **kwargs)


class CodedField(serializers.ChoiceField):
    """A coded value; the schema names its enumeration after the vocabulary."""

    def __init__(self, vocabulary: Vocabulary, **kwargs: Any) -> None:
        super().__init__(vocabulary.choices, **kwargs)
        self.vocabulary = vocabulary


def coded(of: Vocabulary, **kwargs: Any) -> Any:
    """Return the field of a coded value."""
    return CodedField(of, **kwargs)


def text(help_text: str, **kwargs: Any) -> Any:
    """Return a text field."""
    return serializers.CharField(help_text=help_text, **kwargs)


def missing(help_text: str, **kwargs: Any) -> Any:
    """Return a text field that is null when it is not known."""
    return serializers.CharField(help_text=help_text, allow_null=True, **kwargs)


def day(help_text: str) -> Any:
    """Return a day, or null."""
    return serializers.DateField(help_text=help_text, allow_null=True)


def number(help_text: str) -> Any:
    """Return a whole number, or null."""
    return serializers.IntegerField(help_text=help_text, allow_null=True, min_value=0)


def degrees(help_text: str) -> Any:
    """Return degrees, or null."""
    return serializers.FloatField(help_text=help_text, allow_null=True)


ID = "Stable and readable; never given to another record."
REVISION = "Counts the published states of this record from 1."
PUBLISHED = "When this revision was published."


class PublishedDocument(Shape):
    """What every public document begins with."""

    id = public_id(ID)
    revision = serializers.IntegerField(min_value=1, help_text=REVISION)
    published = serializers.DateTimeField(help_text=PUBLISHED)


class DateInterval(Shape):
    """The interval in which the incident lies for certain."""

    start = day("Earliest day it can have begun; null: not told.")
    end = day("Latest day it can have ended; null: not told, or ongoing.")
    precision = coded(vocabulary.DATE_PRECISIONS)
    remark = missing("What the bounds rest on.")


class IncidentPlace(Shape):
    """Where it happened, as precisely as is known and may be told; all null where no place is told."""

    id = public_id("The location.", allow_null=True)
    name = missing("Its name.")
    kind = coded(vocabulary.LOCATION_KINDS, allow_null=True)
    admin1 = missing("Region that holds it.")
    admin2 = missing("District that holds it.")
    country = missing("ISO 3166-1 alpha-3.")
    as_reported = missing("The place in the words of the report.")
    latitude = degrees("Degrees north, WGS 84.")
    longitude = degrees("Degrees east, WGS 84.")
    precision = coded(vocabulary.LOCATION_PRECISIONS)
    radius_km = serializers.FloatField(allow_null=True, help_text="It lies within this distance of the point.")
    remark = missing("How the place was identified, and how surely.")


class Participation(Shape):
    """The part that an actor had."""

    id = public_id("The actor.")
    name = text("Its name.")
    kind = coded(vocabulary.ACTOR_KINDS)
    role = coded(vocabulary.ACTOR_ROLES)
    certainty = coded(vocabulary.CERTAINTIES)


class Figure(Shape):
    """A number of people. null: not reported. 0: reported that there were none."""

    low = number("Lowest figure that is told.")
    best = number("The figure that the editors adopt.")
    high = number("Highest figure that is told.")


class Casualties(Shape):
    """People killed and injured."""

    killed = Figure()
    injured = Figure()


class Speaker(Shape):
    """A source, as far as a report shows it."""

    id = public_id("The source.")
    name = text("Its name.")
    kind = coded(vocabulary.SOURCE_KINDS)


class ReportShape(Shape):
    """One document that the incident rests on."""

    id = public_id("Stable within the dataset.")
    source = Speaker(help_text="Whose document it is.")  # type: ignore[assignment]  # DRF takes fields off the class
    relays = Speaker(allow_null=True, help_text="Whose words it passes on.")
    title = missing("Its headline.")
    url = missing("Where it was published.")
    archive_url = missing("Where a copy is kept.")
    published = day("The day it was published; null: not known.")
    published_not_before = day("A bound, where the day is not known.")
    language = missing("ISO 639-1.")


class ClaimShape(Shape):
    """What one report says of one field; contradicting claims stand side by side."""

    field = coded(vocabulary.CLAIM_FIELDS)
    value = serializers.JSONField(help_text="A number, a text, or an object.")
    stance = coded(vocabulary.STANCES)
    source = public_id("Who says it.")
    report = public_id("In which report.")
    quote = missing("In its own words, one sentence at most.")
    adopted = serializers.BooleanField(help_text="The incident's own value follows this claim.")


class RelatedIncident(Shape):
    """Another public incident, and how this one stands to it."""

    id = public_id("The other incident.")
    relation = coded(vocabulary.RELATIONS)


class Disclosure(Shape):
    """How precisely place and time are told."""

    place = coded(vocabulary.PLACE_DISCLOSURES)
    date = coded(vocabulary.DATE_DISCLOSURES)


class IncidentDocument(Shape):
    """Who did what, where, when, and according to whom."""

    id = public_id(ID)
    dataset = public_id("The dataset that it belongs to.")
    revision = serializers.IntegerField(min_value=1, help_text=REVISION)
    published = serializers.DateTimeField(help_text=PUBLISHED)
    summary = text("What happened, in neutral words.")
    event_type = coded(vocabulary.EVENT_TYPES)
    event_subtype = coded(vocabulary.EVENT_SUBTYPES, allow_null=True)
    date = DateInterval()
    location = IncidentPlace()
    actors = Participation(many=True)
    targets = serializers.ListField(child=coded(vocabulary.TARGET_KINDS), help_text=vocabulary.TARGET_KINDS.definition)
    casualties = Casualties()
    reports = ReportShape(many=True)
    claims = ClaimShape(many=True)
    tags = serializers.ListField(child=serializers.CharField(), help_text="Free words.")
    related = RelatedIncident(many=True)
    extra = serializers.DictField(help_text="Columns of the origin that have no field here, by their own names.")
    disclosure = Disclosure()
    licence = text("The terms of the dataset: an SPDX identifier or an address.")


class PlaceReference(Shape):
    """A place that is shown by another."""

    id = public_id("The location.")
    name = text("Its name.")


class PlaceNameShape(Shape):
    """A name in a language, or a spelling that a report used."""

    name = text("The name.")
    language = missing("ISO 639-1.")
    kind = coded(vocabulary.NAME_KINDS)


class PlaceIdentifiers(Shape):
    """Ids in other gazetteers."""

    geonames = number("GeoNames.")
    katotth = missing("Ukraine's codifier.")
    pcode = missing("OCHA place code.")
    wikidata = missing("Wikidata.")


class MembershipShape(Shape):
    """Who says that the place belongs to an area, and when."""

    area = text("The area or state.")
    claimed_by = text("Who says so.")
    start = day("From when; null: not told.")
    end = day("Until when; null: not told, or still.")
    control = serializers.BooleanField(help_text="It is about who holds the place in fact, not in law.")


class LocationDocument(PublishedDocument):
    """A place, its names in every script, and what holds it."""

    name = text("The name it is listed under.")
    kind = coded(vocabulary.LOCATION_KINDS)
    parent = PlaceReference(allow_null=True)
    admin1 = missing("Region that holds it, or that it is.")
    admin2 = missing("District that holds it, or that it is.")
    country = missing("ISO 3166-1 alpha-3.")
    latitude = degrees("Degrees north, WGS 84.")
    longitude = degrees("Degrees east, WGS 84.")
    within = serializers.ListField(child=public_id("A location."), help_text="The places that hold it, nearest first.")
    names = PlaceNameShape(many=True)
    identifiers = PlaceIdentifiers()
    memberships = MembershipShape(many=True)
    remark = missing("How it was identified, and how surely.")


class SourceDocument(PublishedDocument):
    """Who speaks."""

    name = text("Its name.")
    kind = coded(vocabulary.SOURCE_KINDS)
    url = missing("Its address.")
    language = missing("ISO 639-1.")
    country = missing("ISO 3166-1 alpha-3 of its seat.")
    affiliation = missing("The party to the conflict it belongs to or speaks for.")
    scale = coded(vocabulary.SCALES)
    reliability = coded(vocabulary.RELIABILITIES)
    remark = missing("What a reader should know about it.")


class ActorIdentifiers(Shape):
    """Ids in other datasets."""

    ucdp = number("UCDP actor id.")


class ActorDocument(PublishedDocument):
    """Who acts or is acted on, as a group or an office."""

    name = text("Its name.")
    kind = coded(vocabulary.ACTOR_KINDS)
    country = missing("ISO 3166-1 alpha-3.")
    identifiers = ActorIdentifiers()
    remark = missing("Who is meant, and by whom the name is used.")


class WatchedSource(Shape):
    """A source that the coders watched, so that a silence can be told from a peace."""

    source = public_id("The source.")
    start = day("From when; null: not told.")
    end = day("Until when; null: not told, or still.")
    remark = missing("What was watched of it.")


class Coverage(Shape):
    """What the dataset means to cover."""

    start = day("First day.")
    end = day("Last day.")
    area = missing("The area, in words.")
    sources = WatchedSource(many=True)


class DatasetDocument(PublishedDocument):
    """A body of incidents coded by one rule, under one licence."""

    name = text("Its title.")
    description = text("What it holds and how it was made.", allow_blank=True)
    licence = text("An SPDX identifier or an address.")
    attribution = text("What whoever shows the data must say.", allow_blank=True)
    citation = text("How to cite it in a paper.", allow_blank=True)
    homepage = missing("Where it comes from.")
    version = missing("The edition of the origin.")
    coverage = Coverage()


DOCUMENTS: dict[str, type[Shape]] = {
    "incident": IncidentDocument,
    "location": LocationDocument,
    "source": SourceDocument,
    "actor": ActorDocument,
    "dataset": DatasetDocument,
}


class FieldChange(Shape):
    """A field before and after a revision."""

    field = text("A top-level name of the document.")
    # Any JSON is null too; saying so would make null match twice where it may match once.
    before = serializers.JSONField(help_text="Its value before, of any type.")
    after = serializers.JSONField(help_text="Its value after, of any type.")


class RevisionShape(Shape):
    """One published state of a record, or the tombstone that ended it."""

    revision = serializers.IntegerField(min_value=1, help_text=REVISION)
    as_of = serializers.IntegerField(help_text="The publication that wrote it; read the record with as_of=<this>.")
    published = serializers.DateTimeField(help_text=PUBLISHED)
    change = coded(vocabulary.CHANGES)
    reason = missing("Why, for a withdrawal, a merger or a redaction.")
    target = public_id("The record that a merged one went into.", allow_null=True)
    redacted = serializers.BooleanField(help_text="The content was taken out of all history, for safety.")
    changes = FieldChange(many=True, help_text="What a changed revision changed.")
    url = serializers.URLField(allow_null=True, help_text="The record as it was then; null where there is none.")


@cache
def field_names(kind: str) -> tuple[str, ...]:
    """Return the top-level names of a kind of document, in order."""
    return tuple(DOCUMENTS[kind]().fields)
