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
from incidents.loading.errors import BadRow, Problem
from incidents.loading.pipeline.bulk_rows import Among
from incidents.loading.round_trip.edits import Edit, text_of
from incidents.models import Actor, Dataset, Location, Membership, Monitoring, PlaceName, PublicRecord, Source
from incidents.publishing import Door, dependencies, render
from incidents.schema.records import stored_field

Records = dict[str, Any]


class Editor:
    """Changes working records of one kind, some at a time."""

    model: ClassVar[type[PublicRecord]]
    parts: ClassVar[frozenset[str]] = frozenset()
    """Columns that are no fields."""

    def __init__(self, door: Door, using: str) -> None:
        self.door, self.using = door, using

    def find(self, ids: Iterable[str]) -> Records:
        """Return the working records that there are."""
        found = self.model._default_manager.using(self.using).filter(Among("public_id", list(ids)))
        return {record.public_id: record for record in found}

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents of the working records as they are now."""
        raise NotImplementedError

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
        self.model._default_manager.using(self.using).bulk_create([record for record, _ in pairs if not record.pk])
        for record, edit in pairs:
            if not edit.is_new:
                record.save(using=self.using)
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


class SourceEditor(Editor):
    """Changes sources."""

    model = Source

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents."""
        return {each.public_id: render.source_content(each) for each in records}


class ActorEditor(Editor):
    """Changes actors."""

    model = Actor

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents."""
        return {each.public_id: render.actor_content(each) for each in records}


class DatasetEditor(Editor):
    """Changes datasets."""

    model = Dataset
    parts: ClassVar[frozenset[str]] = frozenset({"coverage_sources"})

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents."""
        return {
            each.public_id: render.dataset_content(
                each, Monitoring.objects.using(self.using).filter(dataset=each).select_related("source").order_by("id")
            )
            for each in records
        }

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write which sources were watched."""
        if "coverage_sources" not in edit.values:
            return
        told = edit.values["coverage_sources"]
        sources = by_id(Source, [each["source"] for each in told], self.using)
        refuse_unknown(edit, "coverage_sources", [each["source"] for each in told], sources, "sources")
        Monitoring.objects.using(self.using).filter(dataset=record).delete()
        Monitoring.objects.using(self.using).bulk_create(
            Monitoring(
                dataset=record,
                source=sources[each["source"]],
                start=each["start"],
                end=each["end"],
                remark=each["remark"] or "",
            )
            for each in told
        )


class LocationEditor(Editor):
    """Changes places; a place may be told before the one that holds it, so parents come last."""

    model = Location
    parts: ClassVar[frozenset[str]] = frozenset({"parent_id", "names", "memberships"})

    def __init__(self, door: Door, using: str) -> None:
        super().__init__(door, using)
        self._parents: list[tuple[Location, Edit]] = []

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents."""
        parents = self.door.shown.fetch("location", [each.parent.public_id for each in records if each.parent])
        return {
            each.public_id: render.location_content(
                each,
                parents.get(each.parent.public_id) if each.parent else None,
                each.names.all(),
                each.memberships.all(),
            )
            for each in records
        }

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write names and memberships."""
        if "parent_id" in edit.values:
            self._parents.append((record, edit))
        if "names" in edit.values:
            record.names.all().delete()
            PlaceName.objects.using(self.using).bulk_create(
                PlaceName(location=record, name=each["name"], language=each["language"] or "", kind=each["kind"])
                for each in edit.values["names"]
            )
        if "memberships" in edit.values:
            record.memberships.all().delete()
            Membership.objects.using(self.using).bulk_create(
                Membership(location=record, **each) for each in edit.values["memberships"]
            )

    def finish(self) -> list[Any]:
        """Set parents; returns the places that have another one now."""
        parents = by_id(Location, [edit.values["parent_id"] for _, edit in self._parents], self.using)
        for record, edit in self._parents:
            parent = edit.values["parent_id"]
            if parent:
                refuse_unknown(edit, "parent_id", [parent], parents, "locations")
            if parent == edit.id:
                raise BadRow([Problem(edit.line, "parent_id", parent, "another place than the one it holds")], edit.id)
            record.parent = parents[parent] if parent else None
            record.save(using=self.using)
        # Anew: those that were in memory know the chains of before.
        changed = [record.pk for record, _ in self._parents]
        chains = Location.objects.using(self.using).select_related(dependencies.PARENTS)
        return [each for some in batched(changed, CHUNK) for each in chains.filter(pk__in=some)]


def by_id(model: type[PublicRecord], ids: Iterable[str | None], using: str) -> dict[str, Any]:
    """Return working records by their public ids."""
    found = model._default_manager.using(using).filter(Among("public_id", {each for each in ids if each}))
    return {record.public_id: record for record in found}


def refuse_invalid(edit: Edit, column: str, part: models.Model) -> None:
    """Raise BadRow for a part of a record, unsaved, that its model would not take."""
    try:
        part.clean_fields(exclude=[each.name for each in part._meta.fields if each.is_relation])
    except ValidationError as error:
        problems = [
            Problem(edit.line, f"{column}: {name}", text_of(getattr(part, name, "")), " ".join(texts))
            for name, texts in error.message_dict.items()
        ]
        raise BadRow(problems, edit.id) from None


def refuse_unknown(edit: Edit, column: str, ids: Iterable[str], known: Mapping[str, Any], what: str) -> None:
    """Raise BadRow for an id that no working record has."""
    for each in ids:
        if each not in known:
            raise BadRow([Problem(edit.line, column, text_of(each), f"the id of one of the {what}")], edit.id)
