"""Which generalised incidents tell more in their published history than publishing them now would.

Incidents that were generalised under weaker rules, or whose earlier revisions were kept, are found so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from incidents.batches import batched
from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Revision
from incidents.models import Incident
from incidents.publishing.actions import preview
from incidents.publishing.publish_records import publish_within
from incidents.publishing.session import publication
from incidents.publishing.still_readable import lost_values

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ToldMore:
    """A generalised incident, and the published values by path that it would no longer have."""

    incident: Incident
    values: dict[str, list[Any]]
    problem: str = ""
    """Why it cannot be published now, so nothing is known of its values."""


def generalised_incidents() -> Iterator[list[Incident]]:
    """Yield, in chunks by id, the incidents that were published and are held back more than in full."""
    held_back = Incident.objects.filter(~Q(place_disclosure="full") | ~Q(date_disclosure="full")).order_by("public_id")
    for ids in batched(held_back.values_list("public_id", flat=True).iterator(), AT_ONCE):
        public = Revision.objects.of("incident", ids).with_content().values_list("record_id", flat=True)
        yield list(Incident.objects.filter(public_id__in=set(public)).order_by("public_id"))


def told_more() -> Iterator[ToldMore]:
    """Yield the generalised incidents whose history tells more than publishing them now would; writes nothing."""
    for incidents in generalised_incidents():
        contents, problems = _contents(incidents)
        found: dict[str, dict[str, list[Any]]] = {}
        history = Revision.objects.of("incident", list(contents)).order_by("record_id", "number")
        for public_id, published in history.each_document():
            values = found.setdefault(public_id, {})
            for path, lost in lost_values("incident", published, contents[public_id]).items():
                known = values.setdefault(path, [])
                known += [each for each in lost if each not in known]
        for incident in incidents:
            values, problem = found.get(incident.public_id, {}), problems.get(incident.public_id, "")
            if values or problem:
                yield ToldMore(incident, values, problem)


def _contents(incidents: Sequence[Incident]) -> tuple[dict[str, Document], dict[str, str]]:
    """What publishing each incident now would make public, or why that is refused."""
    for incident in incidents:
        incident.editorial_status = "ready"  # not saved: an ended incident has another status
    with transaction.atomic():
        try:
            with publication(preview=True) as session:
                publish_within(session, incidents)
                found = dict(session.live_documents("incident", [each.public_id for each in incidents]))
        except RefusedError:
            found = {}
        transaction.set_rollback(True)
    missing = [each for each in incidents if each.public_id not in found]
    problems: dict[str, str] = {}
    for incident in missing:
        seen = preview(incident)
        if seen.working is None:
            problems[incident.public_id] = seen.problem
        else:
            found[incident.public_id] = seen.working
    return found, problems
