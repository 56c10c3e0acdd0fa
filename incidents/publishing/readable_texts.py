"""Refuses texts that stay readable beside a generalised document and name what it hides.

The id, the names of actors and the tags that a document keeps are not withheld, and neither are the message of a
publication and the reason of a withdrawal: nobody confirms them, so they must not name a hidden place or day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q, QuerySet

from incidents.batches import batched
from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.models import IncidentEntry, Revision
from incidents.ledger.search import Terms
from incidents.ledger.store import CHUNK
from incidents.models import Actor, Incident, PublicRecord
from incidents.publishing.dependencies import PARENTS
from incidents.publishing.generalise import is_held_back
from incidents.publishing.revealing_text import Finding, RevealingText, hidden_by_each
from incidents.text_folding import facet

PLACES = f"location__{PARENTS}"


def refuse_revealing(incidents: Sequence[Incident], contents: Sequence[Document], *, message: str = "") -> None:
    """Raise RefusedError for each text of these incidents' documents, and for a message, that names what is hidden."""
    hidden = hidden_by_each(incidents)
    if not hidden:
        return
    documents = {content["id"]: content for content in contents if content["id"] in hidden}
    searches = {public_id: RevealingText(each) for public_id, each in hidden.items()}
    problems = [line for public_id, search in searches.items() for line in _problems(documents[public_id], search)]
    ids = {public_id: found for public_id, search in searches.items() if (found := search.find_certain(public_id))}
    problems += _ids(ids)
    problems += _texts(searches, message, "the message of the publication")
    if problems:
        raise RefusedError("\n".join(problems))


def refuse_revealing_reason(
    records: Iterable[PublicRecord], reason: str, where: str = "the reason, which readers see,"
) -> None:
    """Raise RefusedError if a public reason, or another text, names what one of these records hides."""
    chosen = [each.pk for each in records if isinstance(each, Incident)]
    for some in batched(chosen, CHUNK):
        incidents = list(Incident.objects.filter(pk__in=some).select_related(PLACES).order_by("public_id"))
        _hold_back_as_published(incidents)
        searches = {public_id: RevealingText(each) for public_id, each in hidden_by_each(incidents).items()}
        if problems := list(_texts(searches, reason, where)):
            raise RefusedError("\n".join(problems))


def _hold_back_as_published(incidents: Iterable[Incident]) -> None:
    """Let incidents, which are not saved, hide also what their public documents hold back."""
    in_full = {each.public_id: each for each in incidents if not is_held_back(each)}
    for public_id, document in Revision.objects.live().of("incident", list(in_full)).documents().items():
        disclosure = document["disclosure"]
        in_full[public_id].place_disclosure, in_full[public_id].date_disclosure = (
            disclosure["place"],
            disclosure["date"],
        )


def refuse_revealing_message(dataset_id: str, message: str) -> None:
    """Raise RefusedError if the message of a publication names a place that incidents of a dataset hide."""
    held_back = Incident.objects.filter(~Q(place_disclosure="full"), dataset__public_id=dataset_id)
    one_each = dict(held_back.values_list("location", "pk").iterator())  # many are at one place
    for searches in _searches_of(Incident.objects.filter(pk__in=some) for some in batched(one_each.values(), CHUNK)):
        if problems := list(_texts(searches, message, "the message of the publication")):
            raise RefusedError("\n".join(problems))


def refuse_revealing_names(actors: Iterable[Actor]) -> None:
    """Raise RefusedError for an actor whose name public incidents show that hide what it tells."""
    for actor in actors:
        showing = generalised_showing_actor(actor.public_id)
        for searches in _searches_of(Incident.objects.filter(public_id__in=some) for some in batched(showing, CHUNK)):
            if problems := list(_texts(searches, f"{actor.name} {actor.public_id}", f"actor {actor.public_id}")):
                raise RefusedError("\n".join(problems))


def generalised_showing_actor(public_id: str) -> list[str]:
    """Ids of the incidents whose public document is generalised and names an actor, whatever its setting is now."""
    entries = IncidentEntry.objects.live().holding(Terms([[facet("a", public_id)]]))
    ids = list(entries.values_list("record_id", flat=True))
    return [
        name
        for some in batched(ids, CHUNK)
        for name, document in Revision.objects.live().of("incident", some).each_document()
        if is_generalised(document)
    ]


def _searches_of(chosen: Iterable[QuerySet[Incident]]) -> Iterator[dict[str, RevealingText]]:
    for some in chosen:
        incidents = list(some.select_related(PLACES).order_by("public_id"))
        yield {public_id: RevealingText(each) for public_id, each in hidden_by_each(incidents).items()}


def _problems(document: Document, search: RevealingText) -> Iterator[str]:
    for actor in document["actors"]:
        for finding in search.find_certain(f"{actor['name']} {actor['id']}"):
            yield (
                f"{document['id']} – actors: the name or id of {actor['id']} {_reveals(finding)}. Remove the actor "
                "from the incident, or do not let such incidents name it."
            )
    for tag in document["tags"]:
        for finding in search.find_certain(tag):
            yield f"{document['id']} – tags: “{tag}” {_reveals(finding)}. Remove it from the incident."


def _ids(findings: dict[str, list[Finding]]) -> Iterator[str]:
    """Ids that reveal something; those that readers know already are left as they are."""
    if not findings:
        return
    known = set(Revision.objects.filter(kind="incident", record_id__in=findings).values_list("record_id", flat=True))
    for public_id, found in findings.items():
        if public_id not in known:
            yield (
                f"{public_id} – id: it {_reveals(found[0])}. Ids are permanent: choose another one before the incident "
                "is published."
            )


def _texts(searches: dict[str, RevealingText], text: str, where: str) -> Iterator[str]:
    for public_id, search in searches.items() if text.strip() else ():
        if found := search.find_certain(text):
            yield f"{public_id} – {where} {_reveals(found[0])}. Choose other words."


def _reveals(finding: Finding) -> str:
    return f"has “{finding.words}”, which {finding.why}; its disclosure level hides that"
