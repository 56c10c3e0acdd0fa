"""The dataset, places, sources and actors that incidents show: found or made, and public before them.

What exists is left as it is, since editors may have corrected it; a load only adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from incidents.loading.errors import LoadError
from incidents.loading.load_report import Report
from incidents.loading.pipeline.parsed import ActorFacts, Gathered, SourceFacts
from incidents.loading.pipeline.record_lookup import CHUNK, Record, existing, merged, parts
from incidents.loading.pipeline.slugs import slug
from incidents.loading.places.resolver import Places
from incidents.loading.profiles.parts import MatchForm
from incidents.models import Actor, Dataset, Location, Monitoring, Source
from incidents.publishing import Door, render


class ShownRecords(NamedTuple):
    """Working records by the ids that the facts use; a merged one stands for its target."""

    dataset: Dataset
    places: Mapping[str, Location]
    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]


def resolve(
    door: Door, dataset: Dataset, gathered: Gathered, report: Report, match: MatchForm | None = None
) -> ShownRecords:
    """Find or make all that the incidents of a file show, and publish what is not public yet."""
    places = Places(door, gathered, match or MatchForm(), report).resolve()
    sources = _resolve(door, Source, gathered.sources.settled(), _source, render.source_content)
    actors = _resolve(door, Actor, gathered.actors.settled(), _actor, render.actor_content)
    for public_id, said in gathered.actors.all().items():
        names = {slug(each.name): each.name for each in said} | {slug(actors[public_id].name): actors[public_id].name}
        if len(names) > 1:
            report.say(f"note: actor {public_id} is called by more than one name: {', '.join(names.values())}")
    return ShownRecords(dataset, places, sources, actors)


def dataset_of(fields: Mapping[str, Any], slug_of: str) -> Dataset:
    """Return the dataset of that id, unsaved and as the profile describes it if there is none; raises LoadError."""
    found: Dataset | None = Dataset.objects.filter(public_id=slug_of).first()
    if found is not None:
        return found
    made = Dataset(**{name: value for name, value in fields.items() if value is not None} | {"public_id": slug_of})
    try:
        made.clean_fields()
    except ValidationError as error:
        told = [f"[dataset] {name}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
        raise LoadError("\n".join(["Nothing was loaded: the dataset cannot be made.", *told])) from None
    return made


def publish_dataset(door: Door, dataset: Dataset) -> None:
    """Save a dataset that is new, and make it public if it is not."""
    if dataset.pk is None:
        dataset.save()
    if dataset.public_id not in door.shown.fetch("dataset", [dataset.public_id]):
        watched = Monitoring.objects.filter(dataset=dataset).select_related("source")
        door.put("dataset", [render.dataset_content(dataset, watched)])


def _resolve(
    door: Door,
    model: type[Record],
    facts: Mapping[str, Any],
    make: Callable[[Any], Record],
    content: Callable[[Record], dict[str, Any]],
) -> dict[str, Record]:
    kind = model._meta.model_name or ""
    aliases = merged(kind, facts)
    wanted = {public_id: aliases.get(public_id, public_id) for public_id in facts}
    records = existing(model, wanted.values())
    fresh = [make(facts[public_id]) for public_id, target in wanted.items() if target not in records]
    model._default_manager.bulk_create(fresh, batch_size=CHUNK)
    records |= {record.public_id: record for record in fresh}
    for some in parts(sorted(records)):
        public = door.shown.fetch(kind, some)
        door.put(kind, [content(records[public_id]) for public_id in some if public_id not in public])
    return {public_id: records[target] for public_id, target in wanted.items()}


def _source(facts: SourceFacts) -> Source:
    return Source(public_id=facts.id, name=facts.name, kind=facts.kind, url=facts.url, language=facts.language)


def _actor(facts: ActorFacts) -> Actor:
    return Actor(
        public_id=facts.id,
        name=facts.name,
        kind=facts.kind,
        country_code=facts.country_code,
        ucdp_id=facts.ucdp_id,
    )
