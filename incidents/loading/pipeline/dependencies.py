"""The dataset, places, sources and actors that rows name: found or made, and public before what shows them.

What exists is left as it is, since editors may have corrected it; a load only adds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from incidents.batches import batched
from incidents.loading.bulk_rows import Record, current
from incidents.loading.errors import LoadError
from incidents.loading.load_report import LoadReport
from incidents.loading.pipeline.chunk import WorkingRecords
from incidents.loading.pipeline.existing import ExistingIncidents
from incidents.loading.pipeline.former_places import FormerPlaces
from incidents.loading.pipeline.own_fields import declarations_to_publish, declare
from incidents.loading.pipeline.shown_in_full import Names, shown_in_full, telling_rows
from incidents.loading.places.resolver import PlaceResolver
from incidents.loading.profiles.keys import DatasetKeys
from incidents.loading.profiles.own_fields import OwnFieldKeys
from incidents.loading.profiles.profile import Profile
from incidents.loading.staging.parsed import PlaceFacts, SharedRecords, Tally
from incidents.loading.staging.staging_file import StagingFile
from incidents.models import Actor, Dataset, Monitoring, PublicRecord, Source
from incidents.publishing import PublishingSession, render

CHUNK = 500


def resolve(
    session: PublishingSession,
    dataset: Dataset,
    shared: SharedRecords,
    staging: StagingFile,
    report: LoadReport,
    profile: Profile,
    existing: ExistingIncidents,
    former: FormerPlaces,
) -> WorkingRecords:
    """Find or make all that the rows of a file name, and publish what incidents in full show of it."""
    resolver = PlaceResolver(session, shared, staging.points, profile.keys.incident.place, report, dataset.public_id)
    sources = _resolve(Source, shared.sources.most_frequent())
    actors = _resolve(Actor, shared.actors.most_frequent())
    facts, fields = shared.places.most_frequent(), profile.authority.fields
    places = resolver.resolve()
    former.add(resolver.correct(lambda ids: telling_rows(ids, facts, staging.chunks(), existing, fields)))
    records = WorkingRecords(dataset, places, sources, actors)
    kinds = {"location": records.places, "source": sources, "actor": actors}
    hidden = Names(*(_not_public(session, kind, of_kind) for kind, of_kind in kinds.items()))
    shown = shown_in_full(hidden, facts, staging.chunks(), existing, fields)
    # Areas become public with the places that lie in them: a place that was there before may lie in others.
    resolver.publish(shown.places & _named_themselves(shared.places))
    _publish(session, "source", [sources[each] for each in shown.sources], render.source_content)
    _publish(session, "actor", [actors[each] for each in shown.actors], render.actor_content)
    _report_names(report, "actor", shared.actors.all(), actors)
    _report_names(report, "source", shared.sources.all(), sources)
    return records


def _named_themselves(places: Tally[PlaceFacts]) -> frozenset[str]:
    """Return the ids of the places that some row names, and not only as the area of another one."""
    rows = Counter(places.times())
    for facts, times in places.counted():
        rows[facts.parent] -= times
    return frozenset(public_id for public_id, number in rows.items() if number > 0)


def _report_names(
    report: LoadReport, kind: str, every: Mapping[str, Sequence[Any]], records: Mapping[str, Actor | Source]
) -> None:
    """Report records that rows call by different names: they are one record, and nothing else tells of it."""
    lines = []
    for public_id, facts in every.items():
        names = dict.fromkeys([*sorted({each.name for each in facts}), records[public_id].name])
        if len(names) > 1:
            lines.append(f"note: {kind} {public_id} is called by more than one name: {', '.join(names)}")
    report.write_lines(lines)


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


def _resolve(model: type[Record], facts: Mapping[str, Any]) -> dict[str, Record]:
    records = current(model, facts)
    fresh: dict[str, Record] = {}
    for public_id in facts:
        if public_id not in records:
            fields = facts[public_id]._asdict()
            fresh[public_id] = model(public_id=fields.pop("id"), **fields)
    model._default_manager.bulk_create(fresh.values(), batch_size=CHUNK)
    return records | fresh


def _not_public(session: PublishingSession, kind: str, records: Mapping[str, PublicRecord]) -> frozenset[str]:
    """Return the ids of the facts whose records readers do not see."""
    hidden: set[str] = set()
    for some in batched(records.items(), CHUNK):
        public = session.cache.fetch(kind, [record.public_id for _, record in some])
        hidden |= {facts_id for facts_id, record in some if record.public_id not in public}
    return frozenset(hidden)


def _publish(
    session: PublishingSession, kind: str, records: Iterable[Record], content: Callable[[Record], dict[str, Any]]
) -> None:
    by_public_id = {record.public_id: record for record in records}
    for some in batched(sorted(by_public_id.items()), CHUNK):
        session.put(kind, [content(record) for _, record in some])
