"""Entries: by what revisions are found, and the database indexes that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from incidents.fields import BigKeyField, ByteOrderField, PublicIdField
from incidents.ledger import index_columns
from incidents.ledger.grid import LEVELS, Level
from incidents.ledger.index_columns import LIVE, live_index
from incidents.ledger.models.revisions import Revision
from incidents.ledger.querysets import EntryManager

LONG_DAYS = 62
"""An incident that lasts longer is found by an index of its own; see `EntryQuery.by_length`."""

YEARS_DAYS = 400
"""And one that lasts longer than this by a second one: hardly any does."""


class Entry(models.Model):
    """How a revision is found during a span of publications: its filter and sort values, nothing to show.

    The key orders like the record does by default: for incidents the day is in its high bits. It is also the row id
    of the word index of SQLite, which is what lets that answer in order.
    """

    gridded: ClassVar[bool] = False
    """Its points are found by cells of a grid; other tables are small."""

    key = BigKeyField(primary_key=True)
    revision = models.ForeignKey(
        Revision,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,  # entries are retired by record_id
        db_constraint=False,  # both rows are written by one function; the check would cost a load a tenth
    )
    record_id = PublicIdField()
    seq = models.BigIntegerField()
    retired = models.BigIntegerField(null=True)
    published = models.BigIntegerField(
        help_text="seq of the revision; earlier than the entry's own after a new indexing."
    )
    first_published = models.BigIntegerField(
        null=True, help_text="seq of the record's first revision; null: the same as `published`."
    )

    objects = EntryManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.record_id


def first_published_index(name: str) -> models.Index:
    """Make the database index of live entries by `FIRST_PUBLISHED`."""
    return models.Index(Coalesce("first_published", "published"), F("record_id"), name=name, condition=LIVE)


FIRST_PUBLISHED = "coalesce(first_published, published)"
"""SQL of the publication that published the record of an entry first."""

TESTED = ("retired", "day_to", "latitude", "longitude", "seq", "revision")
"""Columns that are included in the indexes by day: conditions and the page need them, so no row is read from the table
unless another condition is used."""

TESTED_IF_LONG = (
    *("day_from", "record_id", *TESTED),
    *("event_type", "event_subtype", "dataset", "country", "admin1"),
)

BY_DAY = ("day_from", "record_id", "day_to", "retired", "revision")
"""What follows a filtered column: the order, what is tested, what the page is made from. SQLite reads `retired` even
where it must be null."""


def _in_cells(level: Level, name: str, **condition: bool) -> models.Index:
    fields = (level.column, "day_from", "record_id", *TESTED)
    return models.Index(fields=fields, name=name, condition=Q(**{f"{level.column}__isnull": False}, **condition))


if TYPE_CHECKING:
    from django.db.models import Model as _DatasetColumns
    from django.db.models import Model as _IncidentColumns
    from django.db.models import Model as _LocationColumns
    from django.db.models import Model as _SourceColumns
else:

    def _columns_of(kind: str) -> type[models.Model]:
        """Abstract model with the declared index columns of a kind."""
        meta = type("Meta", (), {"abstract": True})
        named = {"__module__": __name__, "Meta": meta, **index_columns.columns(kind)}
        return type(f"{kind.capitalize()}Columns", (models.Model,), named)

    _IncidentColumns, _LocationColumns = _columns_of("incident"), _columns_of("location")
    _SourceColumns, _DatasetColumns = _columns_of("source"), _columns_of("dataset")


class IncidentEntry(Entry, _IncidentColumns):
    """An incident's filter and sort values. Days are proleptic Gregorian ordinals; an open bound is the far end.

    Here are the columns that are made of several fields; `incidents.schema` declares the others.
    """

    gridded = True

    day_from = models.IntegerField()
    day_to = models.IntegerField()
    long = models.BooleanField()
    cell_small = models.IntegerField(null=True, help_text="The cells of the grid that hold its point.")
    cell_middling = models.IntegerField(null=True)
    cell_large = models.IntegerField(null=True)
    sources = models.SmallIntegerField(help_text="How many distinct sources its reports are by.")
    actor_ids = models.TextField(blank=True, help_text="Its distinct actors, joined by spaces; aggregates part them.")
    source_ids = models.TextField(blank=True, help_text="All sources that `source=` finds it by, likewise.")
    attributes = models.JSONField(
        null=True, help_text="Values of its dataset's own fields, by the keys of `schema.attributes.index_key`."
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record_id",), condition=LIVE, name="incident_one_live"),)
        indexes = (
            # The list, newest or oldest first, now or as of the past; windows and huge boxes are tested on the way.
            models.Index(fields=("day_from", "record_id", *TESTED), name="inc_by_day"),
            # The few that last for months, so that a window need not walk back to the beginning of time for all, and
            # the very few that last for years, so that it need not for those.
            models.Index(fields=TESTED_IF_LONG, name="inc_long", condition=Q(long=True)),
            models.Index(fields=TESTED_IF_LONG, name="inc_longest", condition=Q(day_to__gt=F("day_from") + YEARS_DAYS)),
            # Boxes and circles; of a window the incidents that last for months apart, as above.
            *(_in_cells(level, level.index) for level in LEVELS),
            *(_in_cells(level, level.long_index, long=True) for level in LEVELS),
            *index_columns.indexes("incident", BY_DAY),
            live_index("published", "record_id", name="inc_by_publication"),
            first_published_index("inc_by_first_publication"),
            # The few that are found otherwise since a publication, without a revision of it; changes/ with filters.
            models.Index(fields=("seq", "record_id"), name="inc_reindexed", condition=Q(published__lt=F("seq"))),
            # id=… as of the past, and all that ever was of one record.
            models.Index(fields=("record_id",), name="inc_by_record"),
        )


class NamedEntry(Entry):
    """The entry of a record that is listed by name."""

    name = ByteOrderField(max_length=200)
    kind = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=3, blank=True)

    class Meta:
        abstract = True
        constraints = (models.UniqueConstraint(fields=("record_id",), condition=LIVE, name="%(class)s_one_live"),)
        indexes: ClassVar[tuple[models.Index, ...]] = (
            live_index("name", "record_id", name="%(class)s_name"),
            live_index("kind", "record_id", name="%(class)s_kind"),
            live_index("published", "record_id", name="%(class)s_published"),
            first_published_index("%(class)s_first"),
        )


class LocationEntry(NamedEntry, _LocationColumns):
    """A place's filter values."""

    class Meta(NamedEntry.Meta):
        indexes: ClassVar[tuple[models.Index, ...]] = (
            *NamedEntry.Meta.indexes,
            live_index("parent", "record_id", name="locationentry_parent"),
            live_index("latitude", "longitude", name="locationentry_point"),
            live_index("country", "admin1", "admin2", name="locationentry_admin"),
            live_index("geonames_id", name="locationentry_geonames"),
            # A place that is asked for by its id, as of the past too.
            models.Index(fields=("record_id",), name="locationentry_record"),
        )


class SourceEntry(NamedEntry, _SourceColumns):
    """A source's filter values."""


class ActorEntry(NamedEntry):
    """An actor's filter values."""


class DatasetEntry(NamedEntry, _DatasetColumns):
    """A dataset's filter values."""


ENTRIES: dict[str, type[Entry]] = {
    "dataset": DatasetEntry,
    "location": LocationEntry,
    "source": SourceEntry,
    "actor": ActorEntry,
    "incident": IncidentEntry,
}

KIND_OF_ENTRY = {entry: kind for kind, entry in ENTRIES.items()}


def value_columns(kind: str) -> tuple[str, ...]:
    """Specific columns of a kind's entries, in the order of the table."""
    common = {field.name for field in Entry._meta.fields}
    return tuple(str(field.column) for field in ENTRIES[kind]._meta.concrete_fields if field.name not in common)
