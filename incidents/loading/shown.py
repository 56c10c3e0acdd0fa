"""The dataset, places, sources and actors that incidents show: found or made, and public before them.

What exists is left as it is, since editors may have corrected it; a load only adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from incidents.ledger.models import Revision
from incidents.loading.errors import LoadError
from incidents.loading.facts import ActorFacts, Gathered, PlaceFacts, SourceFacts
from incidents.loading.report import Report
from incidents.loading.slugs import slug
from incidents.models import Actor, Dataset, Location, Monitoring, PublicRecord, Source
from incidents.publishing import Door, render
from incidents.publishing.closure import parents_first

Record = TypeVar("Record", bound=PublicRecord)
CHUNK = 500
Key = tuple[int | None, str, str]
MOST_STEPS = 10
"""How many times a record may have been merged on and on."""


class ShownRecords(NamedTuple):
    """Working records by the ids that the facts use; a merged one stands for its target."""

    dataset: Dataset
    places: Mapping[str, Location]
    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]


def resolve(door: Door, dataset: Dataset, gathered: Gathered, report: Report, using: str) -> ShownRecords:
    """Find or make all that the incidents of a file show, and publish what is not public yet."""
    places = Places(door, gathered, using).resolve()
    sources = _resolve(door, Source, gathered.sources.settled(), _source, render.source_content, using)
    actors = _resolve(door, Actor, gathered.actors.settled(), _actor, render.actor_content, using)
    for public_id, said in gathered.actors.all().items():
        names = {slug(each.name): each.name for each in said} | {slug(actors[public_id].name): actors[public_id].name}
        if len(names) > 1:
            report.say(f"note: actor {public_id} is called by more than one name: {', '.join(names.values())}")
    return ShownRecords(dataset, places, sources, actors)


def dataset_of(fields: Mapping[str, Any], slug_of: str, using: str) -> Dataset:
    """Return the dataset of that id, unsaved and as the profile describes it if there is none."""
    found = Dataset.objects.using(using).filter(public_id=slug_of).first()
    return found or Dataset(
        **{name: value for name, value in fields.items() if value is not None} | {"public_id": slug_of}
    )


def publish_dataset(door: Door, dataset: Dataset, using: str) -> None:
    """Save a dataset that is new, and make it public if it is not."""
    if dataset.pk is None:
        dataset.save(using=using)
    if dataset.public_id not in door.shown.fetch("dataset", [dataset.public_id]):
        watched = Monitoring.objects.using(using).filter(dataset=dataset).select_related("source")
        door.put("dataset", [render.dataset_content(dataset, watched)])


def _resolve(
    door: Door,
    model: type[Record],
    facts: Mapping[str, Any],
    make: Callable[[Any], Record],
    content: Callable[[Record], dict[str, Any]],
    using: str,
) -> dict[str, Record]:
    kind = model._meta.model_name or ""
    aliases = merged(kind, facts, using)
    wanted = {public_id: aliases.get(public_id, public_id) for public_id in facts}
    records = existing(model, wanted.values(), using)
    fresh = [make(facts[public_id]) for public_id, target in wanted.items() if target not in records]
    model._default_manager.using(using).bulk_create(fresh, batch_size=CHUNK)
    records |= {record.public_id: record for record in fresh}
    for some in _chunks(sorted(records)):
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


def existing(model: type[Record], ids: Iterable[str], using: str) -> dict[str, Record]:
    """Return the working records of these public ids."""
    found: dict[str, Record] = {}
    for some in _chunks(sorted(set(ids))):
        rows = model._default_manager.using(using).filter(public_id__in=some)
        found |= {record.public_id: record for record in rows}
    return found


def merged(kind: str, ids: Iterable[str], using: str) -> dict[str, str]:
    """Return for the merged ones of these records the record that stands for them now."""
    targets: dict[str, str] = {}
    asked = sorted(set(ids))
    for _ in range(MOST_STEPS):
        step: dict[str, str] = {}
        for some in _chunks(asked):
            rows = Revision.objects.using(using).filter(kind=kind, record_id__in=some, change="merged")
            step |= dict(rows.values_list("record_id", "target"))
        if not step:
            break
        targets = {old: step.get(new, new) for old, new in targets.items()} | {
            old: new for old, new in step.items() if old not in targets
        }
        asked = sorted(set(step.values()))
    return targets


def _key(place: Location | PlaceFacts, parent: int | None) -> Key:
    # A country is known by its code whatever language it is named in.
    known_by = place.country_code if place.kind == "country" and place.country_code else slug(place.name)
    return (parent, place.kind, known_by)


class Places:
    """Finds places by id, else by folded name within their area; makes the rest, areas first."""

    def __init__(self, door: Door, gathered: Gathered, using: str) -> None:
        self._door, self._using = door, using
        self._facts = gathered.places.settled()
        self._points = gathered.points.settled()
        self._records: dict[str, Location] = {}
        self._fresh: set[str] = set()

    def resolve(self) -> dict[str, Location]:
        """Return the place for each id of the facts, all of them public."""
        aliases = merged("location", self._facts, self._using)
        found = existing(Location, [aliases.get(public_id, public_id) for public_id in self._facts], self._using)
        for layer in self._layers():
            self._take(layer, aliases, found)
            self._publish([self._records[facts.id] for facts in layer])
        return self._records

    def _layers(self) -> Iterable[list[PlaceFacts]]:
        """Yield the facts in layers, areas before what they hold."""
        left, done = dict(self._facts), {""}
        while left:
            layer = [facts for facts in left.values() if facts.parent in done]
            if not layer:
                raise LoadError(f"Places hold each other in a circle: {', '.join(sorted(left))}.")
            yield layer
            for facts in layer:
                done.add(facts.id)
                del left[facts.id]

    def _take(self, layer: list[PlaceFacts], aliases: Mapping[str, str], found: Mapping[str, Location]) -> None:
        unknown = []
        for facts in layer:
            record = found.get(aliases.get(facts.id, facts.id))
            if record:
                self._records[facts.id] = record
            else:
                unknown.append(facts)
        by_name = self._by_name(unknown)
        fresh = []
        for facts in unknown:
            record = by_name.get(self._key_of(facts))
            if record is None:
                record = self._made(facts)
                fresh.append(record)
            self._records[facts.id] = record
        Location.objects.using(self._using).bulk_create(fresh, batch_size=CHUNK)
        self._fresh.update(record.public_id for record in fresh)

    def _by_name(self, unknown: list[PlaceFacts]) -> dict[Key, Location]:
        """Return the places in the same areas by kind and folded name, where a name is one place's alone."""
        parents = {parent.pk for facts in unknown if (parent := self._records.get(facts.parent))}
        rows = list(Location.objects.using(self._using).filter(parent__in=parents))
        if any(not facts.parent for facts in unknown):
            rows += Location.objects.using(self._using).filter(parent__isnull=True)
        found: dict[Key, list[Location]] = {}
        for row in rows:
            found.setdefault(_key(row, row.parent_id), []).append(row)
        return {key: same[0] for key, same in found.items() if len(same) == 1}

    def _key_of(self, facts: PlaceFacts) -> Key:
        parent = self._records.get(facts.parent)
        return _key(facts, parent.pk if parent else None)

    def _made(self, facts: PlaceFacts) -> Location:
        latitude, longitude = self._points.get(facts.id, (None, None))
        return Location(
            public_id=facts.id,
            name=facts.name,
            kind=facts.kind,
            parent=self._records.get(facts.parent),
            country_code=facts.country_code,
            latitude=latitude,
            longitude=longitude,
        )

    def _publish(self, layer: Sequence[Location]) -> None:
        """Put what is not public after what holds it, which the file need not name."""
        for some in _chunks(sorted({record.public_id: record for record in layer}.items())):
            hidden: dict[str, Location] = {}
            public = self._door.shown.fetch("location", [public_id for public_id, _ in some])
            for _, record in some:
                step: Location | None = record
                while step and step.public_id not in public and step.public_id not in hidden:
                    hidden[step.public_id] = step
                    step = step.parent
                    public |= self._door.shown.fetch("location", [step.public_id]) if step else {}
            for records in parents_first(hidden.values()):
                parents = self._door.shown.fetch("location", [each.parent.public_id for each in records if each.parent])
                self._door.put("location", [self._content(each, parents) for each in records])

    def _content(self, record: Location, parents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        parent = parents.get(record.parent.public_id) if record.parent else None
        if record.public_id in self._fresh:  # nobody has given it other names yet: do not ask for each place
            return render.location_content(record, parent)
        return render.location_content(record, parent, record.names.all(), record.memberships.all())


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
