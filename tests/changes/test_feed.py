"""The feed of changes tells everything that was published, once, in order."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import orjson
import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Publication, Revision
from incidents.query import change_feed
from tests.api.queries import statements
from tests.factories import IncidentFactory
from tests.mirroring.story import Story
from tests.query.world import clock
from tests.worlds import world

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/changes/"


@world
def story() -> Story:
    with clock() as later:
        story = Story(7)
        for _ in range(25):
            later()
            story.step()
    return story


def pages(api: APIClient, query: str = "") -> list[dict[str, Any]]:
    found = [api.get(f"{ADDRESS}?{query}").json()]
    while found[-1]["next"]:
        found.append(api.get(found[-1]["next"]).json())
    return found


def results(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [change for page in found for change in page["results"]]


def test_it_tells_every_revision_in_order(story: Story, api: APIClient) -> None:
    told = results(pages(api, "limit=1000"))
    rows = Revision.objects.order_by("seq", "id")
    assert [(each["seq"], each["kind"], each["id"], each["revision"], each["change"]) for each in told] == list(
        rows.values_list("seq", "kind", "record_id", "number", "change")
    )
    assert [(each["reason"] or "", each["target"] or "", ",".join(each["changed_fields"])) for each in told] == list(
        rows.values_list("reason", "target", "fields")
    )
    assert {each["change"] for each in told} == {"added", "changed", "withdrawn", "merged", "redacted"}
    for each, (text, reduced) in zip(told, rows.values_list("document", "reduced"), strict=True):
        document = "" if reduced else text  # a reduction is sent as a redaction, which knows no content of before
        assert each["document"] == (orjson.loads(document) if document else None)
        assert each["redacted"] == (not document and each["change"] not in ("withdrawn", "merged"))
    assert sum(each["redacted"] and each["change"] == "added" for each in told) > 0


def test_it_names_the_changes_of_reductions(story: Story, api: APIClient) -> None:
    told = [each for page in pages(api, "limit=7") for each in page["reductions"]]
    rows = Revision.objects.exclude(reduced=None).order_by("seq", "id")
    assert [(each["kind"], each["id"], each["revision"], each["publication"]) for each in told] == list(
        rows.values_list("kind", "record_id", "number", "reduced")
    )
    assert told


def test_documents_are_sent_as_they_are_stored(story: Story, api: APIClient) -> None:
    sent = api.get(f"{ADDRESS}?limit=1000").content
    unreduced = Revision.objects.filter(reduced=None).exclude(document="").order_by("seq", "id")
    documents = unreduced.values_list("document", flat=True)
    assert all(document.encode() in sent for document in documents[:900])


@pytest.mark.parametrize("limit", [1, 7, 40])
def test_pages_of_any_size_hold_the_same_though_publications_are_larger(
    story: Story, api: APIClient, limit: int
) -> None:
    found = pages(api, f"limit={limit}")
    assert results(found) == results(pages(api, "limit=1000"))
    assert {len(page["results"]) for page in found[:-1]} == {limit}


def test_publications_are_told_without_their_authors(story: Story, api: APIClient) -> None:
    told = {each["seq"]: each for page in pages(api, "limit=9") for each in page["publications"]}
    assert list(told) == list(range(1, Publication.objects.count() + 1))
    for row in Publication.objects.all():
        each = told[row.seq]
        assert (each["message"], each["counts"], each["totals"]) == (row.message, row.counts, row.totals)
        assert each.keys() == {"seq", "published", "message", "counts", "totals"}
    assert b"somebody" not in api.get(f"{ADDRESS}?limit=1000").content


def test_a_page_tells_the_publications_of_its_changes_and_no_others(story: Story, api: APIClient) -> None:
    for page in pages(api, "limit=9"):
        assert [each["seq"] for each in page["publications"]] == sorted({each["seq"] for each in page["results"]})


@pytest.mark.parametrize("since", [0, 1, 5, 20])
def test_it_begins_behind_a_publication(story: Story, api: APIClient, since: int) -> None:
    told = results(pages(api, f"since={since}&limit=50"))
    assert told == [each for each in results(pages(api, "limit=1000")) if each["seq"] > since]


def test_whoever_has_all_is_told_so(story: Story, api: APIClient) -> None:
    head = Publication.objects.count()
    (page,) = pages(api, f"since={head}")
    assert (page["as_of"], page["since"], page["next"], page["results"], page["publications"]) == (
        head,
        head,
        None,
        [],
        [],
    )


def test_a_reader_who_follows_for_long_misses_nothing_that_is_published_meanwhile(story: Story, api: APIClient) -> None:
    found, address = [], f"{ADDRESS}?limit=13"
    while address:
        found.append(api.get(address).json())
        address = found[-1]["next"]
        if address and len(found) % 3 == 0 and len(found) < 30:
            story.editors.act()
    seen = [(each["seq"], each["kind"], each["id"], each["revision"]) for each in results(found)]
    assert seen == [
        (each["seq"], each["kind"], each["id"], each["revision"]) for each in results(pages(api, "limit=1000"))
    ]
    assert found[0]["as_of"] < found[-1]["as_of"]


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("since=99999", "since", None),
        ("since=-1", "since", None),
        ("since=x", "since", None),
        ("since=", "since", None),
        ("sinse=1", "sinse", "since"),
        ("limit=0", "limit", None),
        ("limit=1001", "limit", None),
        ("cursor=made-up", "cursor", None),
        ("as_of=1", "as_of", None),
        ("since=1&since=2", "since", None),
    ],
)
def test_what_cannot_be_taken_is_refused(
    story: Story, api: APIClient, query: str, parameter: str, suggestion: str | None
) -> None:
    for path in (ADDRESS, f"{ADDRESS}checksum/"):
        answer = api.get(f"{path}?{query.replace('1001', '10001')}")
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["parameter"]) == (400, parameter)
        if suggestion:
            assert error["suggestion"] == suggestion


def test_a_cursor_of_another_question_is_refused(story: Story, api: APIClient) -> None:
    following = api.get(f"{ADDRESS}?limit=5").json()["next"]
    assert api.get(following.replace("limit=5", "limit=6")).status_code == 200
    assert api.get(f"{following}&since=3").json()["errors"][0]["parameter"] == "cursor"
    assert api.get(following.replace("/changes/", "/changes/checksum/")).status_code == 400


def test_a_copy_is_known_until_something_is_published_or_redacted(story: Story, api: APIClient) -> None:
    answer = api.get(f"{ADDRESS}?limit=3")
    known = {"if-none-match": answer["ETag"]}
    with statements() as seen:
        assert api.get(f"{ADDRESS}?limit=3", headers=known).status_code == 304
    assert len(seen) == 1
    publishing.publish([IncidentFactory()])
    assert api.get(f"{ADDRESS}?limit=3", headers=known).status_code == 200


def test_a_page_costs_three_statements_or_four_and_begins_in_the_index(story: Story, api: APIClient) -> None:
    with statements() as seen:
        following = api.get(f"{ADDRESS}?since=3&limit=10").json()["next"]
    assert len(seen) == 3
    with statements() as seen:
        api.get(following)
    assert len(seen) in (3, 4)
    if connection.vendor == "sqlite":
        assert [_plan(change_feed.WITHIN), _plan(change_feed.BEYOND)] == [
            ["SEARCH ledger_revision USING INDEX revision_in_order (seq=? AND id>?)"],
            ["SEARCH ledger_revision USING INDEX revision_in_order (seq>? AND seq<?)"],
        ]


def _plan(where: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN SELECT document FROM ledger_revision {where}", [3, 20, 10])
        return [row[-1] for row in cursor.fetchall()]


def checksums(api: APIClient, query: str) -> list[dict[str, Any]]:
    found = [api.get(f"{ADDRESS}checksum/?{query}").json()]
    while found[-1]["next"]:
        found.append(api.get(found[-1]["next"]).json())
    return found


def test_a_checksum_is_of_what_the_feed_sends(story: Story, api: APIClient) -> None:
    hashed, seen = blake2b(digest_size=32), set[int]()
    for page in pages(api, "limit=1000"):
        publications = {each["seq"]: each for each in page["publications"]}
        for each in page["results"]:
            if each["seq"] not in seen:
                seen.add(each["seq"])
                hashed.update(orjson.dumps(publications[each["seq"]]) + b"\n")
            hashed.update(orjson.dumps(each) + b"\n")
    (whole,) = checksums(api, "")
    assert (whole["checksum"], whole["count"]) == (hashed.hexdigest(), Revision.objects.count())


def test_a_mirror_that_stores_no_shapes_gets_a_checksum_without_them(story: Story, api: APIClient) -> None:
    """And no cache on the way gives one of the two to the other."""
    told: dict[str, Any] = {}
    for agent in ("incidents-api-mirror/0.1.0", "incidents-api-mirror/0.10.0", ""):
        told[agent] = api.get(f"{ADDRESS}checksum/", headers={"User-Agent": agent})
        again = api.get(f"{ADDRESS}checksum/", headers={"User-Agent": agent, "If-None-Match": told[agent]["ETag"]})
        for answer, status in ((told[agent], 200), (again, 304)):
            assert (answer.status_code, "User-Agent" in answer["Vary"]) == (status, True)
    old, new, other = told.values()
    assert (new["ETag"], new.content) == (other["ETag"], other.content)
    assert old["ETag"] != new["ETag"]
    hashed = blake2b(digest_size=32)
    (page,) = pages(api, "limit=1000")
    seq = 0
    for change in page["results"]:
        if change["seq"] != seq:
            seq = change["seq"]
            hashed.update(change_feed.read_publications([seq])[seq] + b"\n")
        hashed.update(orjson.dumps({name: value for name, value in change.items() if name != "shape"}) + b"\n")
    assert old.json()["checksum"] == hashed.hexdigest() != new.json()["checksum"]


def test_checksums_of_parts_cover_everything_once(story: Story, api: APIClient) -> None:
    found = checksums(api, "limit=17")
    assert sum(each["count"] for each in found) == Revision.objects.count()
    assert len({each["checksum"] for each in found}) == len(found)
    assert found[-1]["seq"] == Publication.objects.count()
    assert [each["seq"] for each in checksums(api, "until=4&limit=10000")] == [4]


def test_a_checksum_notices_any_difference(story: Story, api: APIClient) -> None:
    before = checksums(api, "")[0]["checksum"]
    unreduced = Revision.objects.filter(kind="incident", change="changed", reduced=None)
    revision = unreduced.exclude(document="").latest("id")
    for field, value in (
        ("document", revision.document.replace('"summary":"', '"summary":"x')),
        ("reason", "x"),
        ("number", 77),
    ):
        kept = getattr(revision, field)
        Revision.objects.filter(pk=revision.pk).update(**{field: value})
        assert checksums(api, "")[0]["checksum"] != before, field
        Revision.objects.filter(pk=revision.pk).update(**{field: kept})
    Publication.objects.filter(seq=3).update(message="Another")
    assert checksums(api, "")[0]["checksum"] != before


def test_until_is_refused_where_it_makes_no_sense(story: Story, api: APIClient) -> None:
    for query in ("until=9999", "since=4&until=3"):
        answer = api.get(f"{ADDRESS}checksum/?{query}")
        assert [error["parameter"] for error in answer.json()["errors"]] == ["until"]
