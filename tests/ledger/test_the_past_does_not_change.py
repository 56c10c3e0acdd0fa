"""An answer as of a publication is the same for ever, to the byte, whatever is published after it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import orjson
import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import KINDS, Head, Publication
from tests.factories import IncidentFactory
from tests.ledger.editing import Editors
from tests.query.world import World, clock, public

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "incidents/",
    "incidents/?limit=3",
    "incidents/?limit=3&count=exact&q=post",
    "incidents/?ordering=killed&limit=5",
    "incidents/?ordering=-published&fields=id,revision,published",
    "incidents/?q=shots&limit=2",
    "incidents/count/?q=shots",
    "incidents/?q=nazva 1*",
    "incidents/?bbox=-180,-30,-170,0",
    "incidents/?near=38.5,48.9&radius_km=400",
    "incidents/?date_after=2022-08-01&date_before=2022-09-30&ordering=date",
    "incidents/?date_before=2022-12-31&date_match=certain&killed_min=1",
    "incidents/?location=luhansk-oblast",
    "incidents/?admin1=Luhansk Oblast&country=UKR",
    "incidents/?actor=group-1,group-2&actor_role=target,claimant",
    "incidents/?source=source-1&min_sources=1",
    "incidents/?tag=railway-war&published_after=3",
    "incidents/count/?event_type=battle,strike",
    "incidents/count/?location=donetsk-oblast",
    "locations/?limit=5",
    "locations/?location=fiji&ordering=-name",
    "sources/?q=post&ordering=-published",
    "actors/",
    "datasets/?licence=CC0-1.0",
    *(f"incidents/case-{number}/" for number in (1, 2, 4, 5, 7, 8, 10, 11, 13)),
    *(f"incidents/case-{number}/revisions/" for number in (1, 2, 4, 5)),
    "incidents/nobody/",
    "incidents/?as_off=1",
    "locations/sievierodonetsk/",
    "locations/sievierodonetsk/revisions/",
    "sources/source-1/",
    "actors/group-1/",
    "datasets/data-1/revisions/",
)


class Answer(NamedTuple):
    """All that a reader gets."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(api: APIClient, address: str, as_of: object) -> Answer:
    response = api.get(f"/api/v1/{address}{'&' if '?' in address else '?'}as_of={as_of}")
    return Answer(response.status_code, tuple(sorted(response.items())), response.content)


def next_page(api: APIClient, answer: Answer) -> Answer | None:
    """Return what the answer links to, if it is a page that does."""
    address = orjson.loads(answer.body).get("next") if answer.status == 200 else None
    if address is None:
        return None
    response = api.get(address)
    return Answer(response.status_code, tuple(sorted(response.items())), response.content)


def between_the_last_two() -> str:
    """Return a time after which, and before the latest, nothing was published."""
    latest = Publication.objects.get(seq=Head.objects.get().seq)
    before = Publication.objects.filter(published_at__lt=latest.published_at).latest("seq")
    return (before.published_at + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("edits", [100, pytest.param(300, marks=pytest.mark.slow)])
def test_every_answer_of_the_past_is_the_same_after_many_edits(api: APIClient, edits: int) -> None:
    with clock() as later:
        world = World(seed=3)
        publishing.publish([world.incident() for _ in range(40)])
        editors = Editors(world)
        recorded: dict[tuple[str, object], tuple[Answer, Answer | None]] = {}
        while editors.done.total() < edits:
            later()
            before = editors.done.total()
            seq = editors.act()
            if editors.done.total() // 25 > before // 25:  # an act can be more than one edit
                asked: list[tuple[str, object]] = [(address, seq) for address in ADDRESSES]
                asked += [(f"incidents/{each.public_id}/", seq) for each in editors.withdrawn]
                asked += [(address, between_the_last_two()) for address in ADDRESSES[::4]]
                for address, at in asked:
                    answer = ask(api, address, at)
                    recorded[address, at] = answer, next_page(api, answer)
        cache.clear()
        later()
        publishing.publish([IncidentFactory()])
        statuses = {answer.status for answer, _ in recorded.values()}
        changed = [
            asked
            for asked, (answer, following) in recorded.items()
            if ask(api, *asked) != answer or next_page(api, answer) != following
        ]
    assert changed == []
    assert statuses == {200, 308, 400, 404, 410}
    assert len(recorded) > 2 * edits
    if edits >= 300:
        assert {name for name, times in editors.done.items() if times} >= {act.__name__ for act in editors.acts}


def test_publications_are_numbered_without_gaps_and_their_totals_are_what_is_public() -> None:
    with clock() as later:
        world = World(seed=4)
        publishing.publish([world.incident() for _ in range(20)])
        editors = Editors(world)
        for _ in range(60):
            later()
            editors.act()
            assert Head.objects.get().totals == {kind: len(public(kind)) for kind in KINDS}
    numbers = list(Publication.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, Head.objects.get().seq + 1))


def test_a_time_is_settled_by_the_next_publication_only(api: APIClient) -> None:
    """Two publications may be of one second, and a long one is of the time when it began."""
    address = "/api/v1/incidents/?as_of=2026-01-01T12:00:00Z"
    with clock() as later:
        publishing.publish([IncidentFactory(public_id="one")])
        first = api.get(address)
        publishing.publish([IncidentFactory(public_id="two")])
        second = api.get(address, headers={"If-None-Match": first["ETag"]})
        later()
        publishing.publish([IncidentFactory(public_id="three")])
        third = api.get(address, headers={"If-None-Match": second["ETag"]})
    assert [(each["as_of"], each["count"]) for each in (first.json(), second.json())] == [(1, 1), (2, 2)]
    assert (third.status_code, third["ETag"]) == (304, second["ETag"])
    assert [each["Cache-Control"] for each in (first, second, third)] == [
        "public, no-cache",
        "public, no-cache",
        "public, max-age=3600, must-revalidate",
    ]
