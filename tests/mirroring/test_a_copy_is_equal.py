"""What is made anew from the feed alone is the ledger that the feed came from, row by row and answer by answer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from incidents import publishing
from incidents.ledger.models import Head, Publication, Revision
from incidents.mirroring.errors import UnreachableError
from tests.factories import IncidentFactory
from tests.ledger.dump import dump
from tests.mirroring.recorded import Recorded, empty_ledger, mirror
from tests.mirroring.story import Story
from tests.mirroring.telling import answers, ledger
from tests.query.world import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("seed", "limit"), [(3, 41), *[pytest.param(*each, marks=pytest.mark.slow) for each in ((1, 1000), (2, 3))]]
)
def test_a_copy_holds_the_same_rows_and_answers_the_same(seed: int, limit: int, tmp_path: Path) -> None:
    with clock() as later:
        story = Story(seed)
        for _ in range(60):
            later()
            story.step()
        before, told, origin = ledger(), answers(), Recorded(limit)
        empty_ledger()
        copy = mirror(origin, tmp_path)
        head = copy.catch_up()
        assert head == Head.objects.get().seq == Publication.objects.count() > 50
        after = ledger()
        assert {name: set(before[name]) ^ set(after[name]) for name in before} == {name: set() for name in before}
        assert [name for name, answer in answers().items() if told.get(name) != answer] == []
        assert copy.written == Revision.objects.count() == len(before["Revision"])
        assert list(tmp_path.iterdir()) == []


def test_a_copy_that_is_cut_off_at_every_answer_shows_whole_publications_and_ends_equal(tmp_path: Path) -> None:
    with clock() as later:
        story = Story(4)
        for _ in range(15):
            later()
            story.step()
        before, origin = ledger(), Recorded(7, range(Head.objects.get().seq + 1))
        sizes = Counter(Revision.objects.values_list("seq", flat=True))
        empty_ledger()
        cut = 0
        while True:
            origin.asked, origin.cuts = 0, {1 + cut % 3}
            try:
                mirror(origin, tmp_path).catch_up()
            except UnreachableError:
                cut += 1
            else:
                break
            head = Head.objects.get().seq
            assert Counter(Revision.objects.values_list("seq", flat=True)) == {
                seq: size for seq, size in sizes.items() if seq <= head
            }
            assert set(Publication.objects.values_list("seq", flat=True)) == set(range(1, head + 1))
        assert cut > 10
        assert ledger() == before


def test_a_redaction_reaches_what_was_copied_before(tmp_path: Path) -> None:
    secret = IncidentFactory(public_id="secret", summary="A witness, plughword.")
    publishing.publish([secret, IncidentFactory(public_id="other")])
    secret.summary = "A witness, plughagain."
    secret.save()
    publishing.publish([secret])
    early = Recorded(1000)
    publishing.redact(secret, reason="Puts a witness in danger.")
    late, before = Recorded(1000, range(3)), ledger()
    empty_ledger()
    told = {table for table, rows in dump("ledger_").items() if "plugh" in repr(rows)}
    assert told == set()
    mirror(early, tmp_path).catch_up()
    assert "plughagain" in repr(dump("ledger_"))
    assert mirror(late, tmp_path).catch_up() == 3
    assert ledger() == before
    assert "plugh" not in repr(dump("ledger_"))


def test_what_is_redacted_while_it_is_copied_is_empty_at_once(tmp_path: Path) -> None:
    secret = IncidentFactory(public_id="secret", summary="A witness, plughword.")
    publishing.publish([secret])
    early = Recorded(1000)
    for text in ("again", "more"):
        secret.summary = f"A witness, plugh{text}."
        secret.save()
        publishing.publish([secret])
    publishing.redact(secret, reason="Puts a witness in danger.")
    late = Recorded(1, range(5))
    empty_ledger()
    mirror(early, tmp_path).catch_up()
    late.cuts = {2}
    with pytest.raises(UnreachableError):
        mirror(late, tmp_path).catch_up()
    late.cuts = {4}
    with pytest.raises(UnreachableError):
        mirror(late, tmp_path).catch_up()
    head = Head.objects.get()
    assert (head.seq, head.redacted) == (2, 2)
    assert "plugh" not in repr(dump("ledger_"))


def test_documents_are_the_same_bytes(tmp_path: Path) -> None:
    odd = {"figures": [1e16, 1.0, -0.0, 5e-324, 0.1, 2**53], "text": '\u2028 é 😀 " \\ </script> \x7f', "none": None}
    publishing.publish([IncidentFactory(public_id="odd", extra=odd)])
    (before,) = Revision.objects.filter(record_id="odd").values_list("document", flat=True)
    origin = Recorded(1000)
    empty_ledger()
    mirror(origin, tmp_path).catch_up()
    assert list(Revision.objects.filter(record_id="odd").values_list("document", flat=True)) == [before]
