"""How edits reach the working records of each kind but incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from incidents.batches import batched
from incidents.ledger.denormalisation import Document
from incidents.ledger.store import CHUNK
from incidents.loading.bulk_rows import by_id
from incidents.loading.errors import BadRow, RowFault
from incidents.loading.round_trip.edits import Edit, text_of
from incidents.models import Actor, Dataset, Location, Membership, Monitoring, PlaceName, PublicRecord, Source
from incidents.publishing import PublishingSession, dependencies, render
from incidents.schema.records import stored_field

RecordsById = dict[str, Any]


class RecordEditor:
    """Changes working records of one kind, some at a time."""

    model: ClassVar[type[PublicRecord]]
    parts: ClassVar[frozenset[str]] = frozenset()
    """Columns that are no fields."""

    shown: ClassVar[staticmethod[[Any], Document]]
    """Returns the document of a record, where that needs nothing else."""

    def __init__(self, session: PublishingSession) -> None:
        self.session = session

    def find(self, ids: Iterable[str]) -> RecordsById:
        """Return the working records that there are."""
        return by_id(self.model, ids)

    def content(self, record: Any) -> Document:
        """Return the document of a working record as it is now, an incident's without relations."""
        return type(self).shown(record)

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents of working records as they are now."""
        return {each.public_id: self.content(each) for each in records}

    def prepare(self, edits: Sequence[Edit]) -> None:
        """Fetch what edits refer to."""

    def apply(self, record: Any, edit: Edit, columns: Mapping[str, bool]) -> None:
        """Change a record's fields, unsaved; `columns` tells which may be edited. Raises BadRow."""
        for name, value in edit.values.items():
            if columns[name] and name not in self.parts:
                field = stored_field(self.model._meta.model_name or "", name)
                setattr(record, field, self._stored(field, value))
        record.clean_fields(exclude=[each.name for each in record._meta.fields if each.is_relation])
        record.clean()

    def save(self, pairs: Sequence[tuple[Any, Edit]]) -> None:
        """Write records and their parts."""
        self.model._default_manager.bulk_create([record for record, _ in pairs if not record.pk])
        for record, edit in pairs:
            if not edit.is_new:
                record.save()
        for record, edit in pairs:
            self.save_parts(record, edit)

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write what belongs to a record."""

    def finish(self) -> list[Any]:
        """Do what had to wait for all records; returns those that it changed."""
        return []

    def _stored(self, field: str, value: Any) -> Any:
        described: Any = self.model._meta.get_field(field)
        if value is None:
            return None if described.null else ""
        return date.fromisoformat(value) if described.get_internal_type() == "DateField" else value


class SourceEditor(RecordEditor):
    """Changes sources."""

    model, shown = Source, staticmethod(render.source_content)


class ActorEditor(RecordEditor):
    """Changes actors."""

    model, shown = Actor, staticmethod(render.actor_content)


class DatasetEditor(RecordEditor):
    """Changes datasets."""

    model = Dataset
    parts = frozenset({"coverage_sources"})

    def content(self, record: Any) -> Document:
        """Return the document."""
        watched = Monitoring.objects.filter(dataset=record).select_related("source").order_by("id")
        return render.dataset_content(record, watched)

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write which sources were watched."""
        if "coverage_sources" not in edit.values:
            return
        watched = edit.values["coverage_sources"]
        ids = [each["source"] for each in watched]
        sources = by_id(Source, ids)
        refuse_unknown(edit, "coverage_sources", ids, sources, "sources")
        told = ({name: each[name] for name in ("source", "start", "end", "remark")} for each in watched)
        monitoring = [each | {"source": sources[each["source"]], "remark": each["remark"] or ""} for each in told]
        replace_parts(Monitoring, {"dataset": record}, monitoring)


class LocationEditor(RecordEditor):
    """Changes places; a place may come before the one that holds it, so parents come last."""

    model = Location
    parts = frozenset({"parent_id", "names", "memberships"})

    def __init__(self, session: PublishingSession) -> None:
        super().__init__(session)
        self._parents: list[tuple[Location, Edit]] = []

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents, for which those of all their parents are fetched at once."""
        self.session.cache.fetch("location", [each.parent.public_id for each in records if each.parent])
        return super().contents(records)

    def content(self, record: Any) -> Document:
        """Return the document."""
        parent = record.parent.public_id if record.parent else ""
        shown = self.session.cache.fetch("location", [parent] if parent else [])
        return render.location_content(record, shown.get(parent), record.names.all(), record.memberships.all())

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write names and memberships."""
        if "parent_id" in edit.values:
            self._parents.append((record, edit))
        if "names" in edit.values:
            names = [
                {"name": each["name"], "language": each["language"] or "", "kind": each["kind"]}
                for each in edit.values["names"]
            ]
            replace_parts(PlaceName, {"location": record}, names)
        if "memberships" in edit.values:
            replace_parts(Membership, {"location": record}, edit.values["memberships"])

    def finish(self) -> list[Any]:
        """Set parents; returns the places that have another one now."""
        parents = by_id(Location, [edit.values["parent_id"] for _, edit in self._parents])
        for record, edit in self._parents:
            parent = edit.values["parent_id"]
            if parent:
                refuse_unknown(edit, "parent_id", [parent], parents, "locations")
            if parent == edit.id:
                raise edit.bad("parent_id", parent, "another place than the one it holds")
            record.parent = parents[parent] if parent else None
            record.save()
        # Anew: those that were in memory know the chains of before.
        changed = [record.pk for record, _ in self._parents]
        chains = Location.objects.select_related(dependencies.PARENTS)
        return [each for some in batched(changed, CHUNK) for each in chains.filter(pk__in=some)]


def replace_parts(
    model: type[models.Model], owner: Mapping[str, Any], parts: Iterable[Mapping[str, Any]], *, numbered: bool = False
) -> None:
    """Write the parts of a record in place of those that it has; `numbered` ones know their position."""
    model._default_manager.filter(**owner).delete()
    model._default_manager.bulk_create(
        model(**owner, **each, **({"position": at} if numbered else {})) for at, each in enumerate(parts)
    )


def refuse_invalid(edit: Edit, column: str, part: models.Model) -> None:
    """Raise BadRow for a part of a record, unsaved, that its model would not take."""
    try:
        part.clean_fields(exclude=[each.name for each in part._meta.fields if each.is_relation])
    except ValidationError as error:
        problems = [
            RowFault(edit.line, f"{column}: {name}", text_of(getattr(part, name, "")), " ".join(texts))
            for name, texts in error.message_dict.items()
        ]
        raise BadRow(problems, edit.id) from None


def refuse_unknown(edit: Edit, column: str, ids: Iterable[str], known: Mapping[str, Any], what: str) -> None:
    """Raise BadRow for an id that no working record has."""
    for each in ids:
        if each not in known:
            raise edit.bad(column, each, f"the id of one of the {what}")
