"""What a publication brings up to date by itself is just what rendering everything anew would give."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from incidents import models, publishing
from incidents.ledger.models import ENTRIES, KINDS, Revision
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.generalise import is_held_back
from tests.ledger.editing import Editors
from tests.query.world import World, clock, public

pytestmark = pytest.mark.django_db


def everything_public() -> list[models.PublicRecord]:
    """Return the working records of all that is public, but for incidents that are held back.

    They stay as they are published when their place moves to another region, or a source that they do not name becomes
    one of another kind, until they are published again: a change in the same publication would join them to it.
    """
    ids = {kind: set(public(kind)) for kind in KINDS}
    return [
        record
        for model, kind in KIND_OF.items()
        for record in model._default_manager.filter(public_id__in=ids[kind]).order_by("public_id")
        if not (isinstance(record, models.Incident) and is_held_back(record))
    ]


def live_words() -> dict[str, dict[str, frozenset[str]]]:
    """Return kind → id → the tokens by which the record is found now."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for kind, entry in ENTRIES.items():
        table = entry._meta.db_table
        words, where = (
            (f"{table}_words.words", f"JOIN {table}_words ON {table}_words.rowid = {table}.key")
            if connection.vendor == "sqlite"
            else (f"array_to_string(tsvector_to_array({table}.words), ' ')", "")
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {table}.record_id, {words} FROM {table} {where} WHERE {table}.retired IS NULL")
            found[kind] = {record_id: frozenset(text.split()) for record_id, text in cursor.fetchall()}
    return found


@pytest.mark.parametrize("seed", [0, *[pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2)]])
def test_publishing_everything_after_random_edits_changes_nothing(seed: int) -> None:
    with clock() as later:
        world = World(seed)
        publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values()])
        publishing.publish([world.incident() for _ in range(30)])
        editors = Editors(world)
        for _ in range(12):
            done = [editors.act() for _ in range(6)]
            later()
            seq = publishing.publish(everything_public()).seq
            changed = Revision.objects.filter(seq=seq or 0).values_list("kind", "record_id", "fields")
            assert (list(changed), seq) == ([], None), done


def test_entries_are_what_indexing_everything_anew_would_give() -> None:
    with clock() as later:
        world = World(seed=5)
        publishing.publish([world.incident() for _ in range(30)])
        editors = Editors(world)
        for _ in range(40):
            editors.act()
        later()
        with transaction.atomic():
            before = live_words()
            everything = [
                record
                for model, kind in KIND_OF.items()
                for record in model._default_manager.filter(public_id__in=before[kind])
            ]
            publishing.withdraw(everything, reason="To index anew.")
            publishing.publish(everything)
            after = live_words()
            for incident in filter(is_held_back, models.Incident.objects.all()):  # see everything_public
                before["incident"].pop(incident.public_id, None)
                after["incident"].pop(incident.public_id, None)
            assert after == before
            assert before["incident"]
            transaction.set_rollback(True)
