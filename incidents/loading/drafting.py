"""From facts to rows of the working records and contents for the ledger, without a database.

What has to be known of the database comes with the chunk, so a chunk of new incidents can be drafted in any process.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pickle import PickleBuffer
from typing import Any, NamedTuple

import orjson

from incidents.ledger.added import Numbers, added
from incidents.ledger.content import UNSET, Found, Prepared, digest, prepare
from incidents.ledger.embed import Document
from incidents.ledger.sheets import Sheets, Writable
from incidents.ledger.shown import Shown
from incidents.loading.before import NEW, Before
from incidents.loading.facts import IncidentFacts, Part, Point, ReportFacts, unseal
from incidents.loading.rows import Maker, Shape
from incidents.loading.values import REMEMBERED
from incidents.models import Actor, Dataset, Incident, IncidentActor, IncidentReport, Location, Report, Source
from incidents.publishing import render
from incidents.publishing.generalise import told_in_summary

SAMPLES = 3
"""Incidents that a trial run shows as they would be published."""

NOTHING = Sheets([], packed=False)


class Chunk(NamedTuple):
    """Facts of incidents, each id once, and all that has to be known to draft them.

    `facts` are sealed, each with its incident's id; `names` are those of their fields. `keys` are for the incidents
    that are new, in order; `past` has those that are not. The facts' reports are among `reports`, which are in the
    database, and `making`, which are not yet, with their keys; `told` holds the facts by which an earlier chunk makes
    some of those.
    """

    names: Sequence[str]
    facts: Sequence[tuple[str, bytes]]
    keys: Sequence[int]
    past: Mapping[str, Before]
    dataset: Dataset
    places: Mapping[str, Location]
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]
    reports: Mapping[str, Report]
    making: Mapping[str, int]
    told: Mapping[str, bytes]
    shown: Shown
    once: Mapping[str, set[Point]]
    """The points that a place had in any publication."""
    published: str
    now: str
    """When working records are written, as rows hold it."""
    packed: bool
    """Whether new rows are to be packed for the way back."""
    numbers: Numbers | None
    """Given if all incidents are new, so that nothing of them need be known here before they are written."""


class Refusal(NamedTuple):
    """A row that turned out wrong only now."""

    line: int
    id: str
    expected: str


class Drafted(NamedTuple):
    """What is to be written of a chunk.

    `records` are new working records, with the reports `made` here first; `reports` are rows of those that an earlier
    chunk makes, if it has use for them, by their ids. `edited` holds the fields of incidents that were there. For the
    ledger there are the rows of `number` incidents, in `added`, or contents, in `prepared`, and in `before` what was
    public of those that change. `first` are some documents as they will be published.
    """

    records: Writable
    made: list[str]
    reports: dict[str, list[Any]]
    edited: list[dict[str, Any]]
    added: Writable | None
    number: int
    first: list[str]
    prepared: list[Prepared]
    before: dict[str, Document]
    refused: list[Refusal]
    unchanged: int

    def __reduce__(self) -> tuple[Callable[..., Drafted], tuple[Any, ...]]:
        """Return how another process gets it: in half the time that these many rows take otherwise.

        Raises ValueError if there is anything in it but plain values, as there is of incidents that were there before.
        """
        prepared = [(*each[:-1], *each.found) for each in self.prepared]
        refused = [tuple(each) for each in self.refused]
        plain: tuple[Any, ...] = self._replace(records=NOTHING, added=None, prepared=[], refused=[])
        handed_on = marshal.dumps((*plain[1:], prepared, refused))
        return _drafted, (self.records, self.added, PickleBuffer(handed_on))


def _drafted(records: Writable, added: Writable | None, plain: memoryview) -> Drafted:
    *others, prepared, refused = marshal.loads(plain)  # noqa: S302 - written by a process of this load
    return Drafted(records, *others)._replace(
        added=added,
        prepared=[Prepared._make((*each[:-2], Found._make(each[-2:]))) for each in prepared],
        refused=list(map(Refusal._make, refused)),
    )


def _nothing() -> Drafted:
    return Drafted(
        records=NOTHING,
        made=[],
        reports={},
        edited=[],
        added=None,
        number=0,
        first=[],
        prepared=[],
        before={},
        refused=[],
        unchanged=0,
    )


class _Rows(NamedTuple):
    """Rows of new working records."""

    reports: list[list[Any]]
    incidents: list[list[Any]]
    actors: list[list[Any]]
    evidence: list[list[Any]]


class Drafter:
    """Drafts chunks; it remembers only how to make records, and parts that most incidents share."""

    def __init__(self) -> None:
        self._make_incident, self._make_report, self._make_role = Maker(Incident), Maker(Report), Maker(IncidentActor)
        self._incidents, self._reports = Shape(Incident), Shape(Report)
        self._actors, self._evidence = Shape(IncidentActor, keyless=True), Shape(IncidentReport, keyless=True)
        self._roles: dict[tuple[Part, ...], list[IncidentActor]] = {}

    def draft(self, chunk: Chunk) -> Drafted:
        """Return the incidents of a chunk as they are to be written."""
        rows, drafted = _Rows([], [], [], []), _nothing()
        every = [unseal(sealed, chunk.names, public_id) for public_id, sealed in chunk.facts]
        reports = dict(chunk.reports) | self._reports_of(every, chunk)
        keys = iter(chunk.keys)
        unchanged, wanted = 0, dict[str, None]()
        for facts in every:
            before = chunk.past.get(facts.id, NEW)
            incident = self._incident(facts, before, keys, chunk)
            if name := told_in_summary(incident):
                held_back = "which the incident's disclosure holds back"
                expected = f"a summary that does not tell “{name}”, {held_back}"
                drafted.refused.append(Refusal(facts.line, facts.id, expected))
                continue
            actors = self._parts(facts, chunk)
            evidence = [reports[each.id] for each in facts.reports]
            content = self._content(incident, actors, evidence, before, chunk)
            known = digest(content)
            differs = not _is_public(content, known, before)
            if differs:
                drafted.prepared.append(_prepared(content, known, before, chunk))
                if before.document is not None:
                    drafted.before[facts.id] = before.document
            unchanged += not differs
            if differs or before.working is None:
                if before.working is None:
                    rows.incidents.append(self._incidents.row(incident.__dict__))
                else:
                    drafted.edited.append(incident.__dict__)
                self._save_parts(rows, incident, actors, evidence)
                wanted |= {each.id: None for each in facts.reports if each.id in chunk.making}
        self._save_reports(rows, drafted, {each: reports[each] for each in wanted}, chunk)
        return self._whole(drafted._replace(unchanged=unchanged), rows, chunk)

    def _whole(self, drafted: Drafted, rows: _Rows, chunk: Chunk) -> Drafted:
        """Return what was drafted with its new rows, and with those of the ledger if they can be made here."""
        shapes = (self._reports, self._incidents, self._actors, self._evidence)
        records = [shape.sheet(each) for shape, each in zip(shapes, rows, strict=True)]
        drafted = drafted._replace(
            records=Sheets(records, packed=chunk.packed),
            number=len(drafted.prepared),
            first=[each.document for each in drafted.prepared[:SAMPLES]],
        )
        if chunk.numbers is None:
            return drafted
        ledger = added("incident", drafted.prepared, chunk.numbers)
        return drafted._replace(added=Sheets(ledger, packed=chunk.packed), prepared=[])

    def _reports_of(self, every: Iterable[IncidentFacts], chunk: Chunk) -> dict[str, Report]:
        """Return the reports that are being made, each as it was told of first."""
        first: dict[str, ReportFacts] = {}
        for public_id, sealed in chunk.told.items():
            first |= {each.id: each for each in unseal(sealed, chunk.names, "").reports if each.id == public_id}
        for facts in every:
            for report in facts.reports:
                if report.id in chunk.making:
                    first.setdefault(report.id, report)
        return {public_id: self._report(facts, chunk.making[public_id], chunk) for public_id, facts in first.items()}

    def _report(self, facts: ReportFacts, key: int, chunk: Chunk) -> Report:
        values = {
            "id": key,
            "public_id": facts.id,
            "title": facts.title,
            "url": facts.url,
            "language": facts.language,
            "published_on": facts.published_on,
            "created": chunk.now,
            "edited": chunk.now,
        }
        report: Report = self._make_report.make(values, source=chunk.sources[facts.source])
        return report

    def _incident(self, facts: IncidentFacts, before: Before, keys: Iterator[int], chunk: Chunk) -> Incident:
        """Return the working record as the row makes it; what no row tells stays as the editors left it."""
        place, kept = chunk.places[facts.place] if facts.place else None, before.working
        latitude, longitude = _own_point(facts, place, chunk)
        values = facts.fields | {"latitude": latitude, "longitude": longitude, "editorial_status": "ready"}
        values |= {"created": chunk.now, "edited": chunk.now}
        if kept is None:
            values |= {"id": next(keys), "public_id": facts.id}
        else:
            if kept["place_disclosure"] != "full" or kept["date_disclosure"] != "full":
                values["summary"] = kept["summary"]  # the editors' own tells no more than they disclose
            values = {**kept, **values}
        incident: Incident = self._make_incident.make(values, dataset=chunk.dataset, location=place)
        return incident

    def _parts(self, facts: IncidentFacts, chunk: Chunk) -> list[IncidentActor]:
        """Return the parts of actors, without their incident; most incidents share them, so they are made once."""
        roles = self._roles.get(facts.parts)
        if roles is None:
            if len(self._roles) >= REMEMBERED:
                self._roles.clear()
            made = [
                self._make_role.make({"role": part.role, "certainty": part.certainty}, actor=chunk.actors[part.actor])
                for part in facts.parts
            ]
            roles = self._roles[facts.parts] = list({(role.actor_id, role.role): role for role in made}.values())
        return roles

    def _content(
        self,
        incident: Incident,
        actors: Sequence[IncidentActor],
        reports: Sequence[Report],
        before: Before,
        chunk: Chunk,
    ) -> Document:
        content = render.incident_content(
            incident, actors=actors, reports=reports, claims=(), related=(), shown=chunk.shown
        )
        if before.document is not None:  # a file knows nothing of these: they stay as they were published
            content["claims"], content["related"] = before.document["claims"], before.document["related"]
        return content

    def _save_reports(self, rows: _Rows, drafted: Drafted, reports: Mapping[str, Report], chunk: Chunk) -> None:
        for public_id, report in reports.items():
            row = self._reports.row(report.__dict__)
            if public_id in chunk.told:
                drafted.reports[public_id] = row
            else:
                rows.reports.append(row)
                drafted.made.append(public_id)

    def _save_parts(
        self, rows: _Rows, incident: Incident, actors: Sequence[IncidentActor], reports: Sequence[Report]
    ) -> None:
        part: dict[str, Any] = {"incident_id": incident.id}
        for part["position"], role in enumerate(actors):
            rows.actors.append(self._actors.row({**role.__dict__, **part}))
        for part["position"], report in enumerate(reports):
            rows.evidence.append(self._evidence.row({**part, "report_id": report.id}))


def _own_point(facts: IncidentFacts, place: Location | None, chunk: Chunk) -> tuple[float | None, float | None]:
    """Return the row's point, or none where it is the point of the place, which is shown then.

    A file that still has an old point of the place says nothing against who corrected it.
    """
    if facts.point and place is not None:
        shown = chunk.shown.fetch("location", [place.public_id])[place.public_id]
        if (shown["latitude"], shown["longitude"]) == facts.point or facts.point in chunk.once[facts.place]:
            return None, None
    return facts.point or (None, None)


def _is_public(content: Document, known: str, before: Before) -> bool:
    if before.document is None:
        return False
    return known == before.digest or _folded(content) == _folded(before.document)


def _folded(document: Document) -> str:
    """Return what two documents have in common that differ in letter case alone, which is no correction."""
    return orjson.dumps({**document, **UNSET}, option=orjson.OPT_SORT_KEYS).decode().casefold()


def _prepared(content: Document, known: str, before: Before, chunk: Chunk) -> Prepared:
    place = content["location"]["id"]
    places = chunk.shown.places([place]) if place else {}
    return prepare("incident", content, before.number + 1, chunk.published, known, places)
