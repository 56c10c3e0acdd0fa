"""The dataset, places, sources and actors that incidents show: found or made, and public before them.

What exists is left as it is, since editors may have corrected it; a load only adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from incidents.batches import batched
from incidents.loading.bulk_rows import Record, current
from incidents.loading.errors import LoadError
from incidents.loading.load_report import LoadReport
from incidents.loading.pipeline.own_fields import declarations_to_publish, declare
from incidents.loading.places.resolver import PlaceResolver
from incidents.loading.profiles.keys import DatasetKeys, PlaceKeys
from incidents.loading.profiles.own_fields import OwnFieldKeys
from incidents.loading.slugs import slug
from incidents.loading.staging.parsed import SharedRecords
from incidents.loading.staging.staging_file import StagedPoints
from incidents.models import Actor, Dataset, Location, Monitoring, Source
from incidents.publishing import PublishingSession, render

CHUNK = 500


class WorkingRecords(NamedTuple):
    """Working records by the ids that the facts use; a merged one stands for its target."""

    dataset: Dataset
    places: Mapping[str, Location]
    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]


def resolve(
    session: PublishingSession,
    dataset: Dataset,
    shared: SharedRecords,
    points: StagedPoints,
    report: LoadReport,
    place: PlaceKeys | None,
) -> WorkingRecords:
    """Find or make all that the incidents of a file show, and publish what is not public yet."""
    places = PlaceResolver(session, shared, points, place, report).resolve()
    sources = _resolve(session, Source, shared.sources.most_frequent(), render.source_content)
    actors = _resolve(session, Actor, shared.actors.most_frequent(), render.actor_content)
    for public_id, facts in shared.actors.all().items():
        names = {slug(each.name): each.name for each in facts} | {slug(actors[public_id].name): actors[public_id].name}
        if len(names) > 1:
            report.say(f"note: actor {public_id} is called by more than one name: {', '.join(names.values())}")
    return WorkingRecords(dataset, places, sources, actors)


def dataset_of(keys: DatasetKeys, public_id: str) -> Dataset:
    """Return the dataset of that id, unsaved and as the profile describes it if there is none; raises LoadError."""
    found: Dataset | None = Dataset.objects.filter(public_id=public_id).first()
    if found is not None:
        return found
    made = Dataset(**keys.model_dump(exclude_none=True) | {"public_id": public_id})
    try:
        made.clean_fields()
    except ValidationError as error:
        faults = [f"[dataset] {name}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
        raise LoadError("\n".join(["Nothing was loaded: the dataset cannot be made.", *faults])) from None
    return made


def publish_dataset(session: PublishingSession, dataset: Dataset, fields: Sequence[OwnFieldKeys]) -> None:
    """Save a dataset that is new, declare the fields of the profile, and make public what is not. Raises LoadError."""
    if dataset.pk is None:
        dataset.save()
    changed = declare(dataset, fields)
    public = session.cache.fetch("dataset", [dataset.public_id]).get(dataset.public_id)
    if public and changed:
        session.put("dataset", [{**public, "attributes": declarations_to_publish(dataset, fields, public)}])
    elif not public:
        watched = Monitoring.objects.filter(dataset=dataset).select_related("source")
        session.put("dataset", [render.dataset_content(dataset, watched)])


def _resolve(
    session: PublishingSession,
    model: type[Record],
    facts: Mapping[str, Any],
    content: Callable[[Record], dict[str, Any]],
) -> dict[str, Record]:
    kind, records = model._meta.model_name or "", current(model, facts)
    fresh: dict[str, Record] = {}
    for public_id in facts:
        if public_id not in records:
            fields = facts[public_id]._asdict()
            fresh[public_id] = model(public_id=fields.pop("id"), **fields)
    model._default_manager.bulk_create(fresh.values(), batch_size=CHUNK)
    records |= fresh
    by_public_id = {record.public_id: record for record in records.values()}
    for some in batched(sorted(by_public_id), CHUNK):
        public = session.cache.fetch(kind, some)
        session.put(kind, [content(by_public_id[public_id]) for public_id in some if public_id not in public])
    return records
