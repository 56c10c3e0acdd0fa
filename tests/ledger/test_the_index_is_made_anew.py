"""The index is made anew from the documents: nothing differs where it was right, and what was lost comes back."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from incidents import publishing
from incidents.ledger import reindex, store
from incidents.ledger.models import ENTRIES, IncidentEntry
from tests.ledger.dump import dump
from tests.ledger.editing import Editors
from tests.query.world import World, clock
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def edited() -> World:
    """A world with a past: places were renamed and moved, records withdrawn, merged and redacted."""
    with clock() as later:
        world = World(seed=11)
        publishing.publish([world.incident() for _ in range(40)])
        editors = Editors(world)
        for _ in range(80):
            later()
            editors.act()
    return world


def run(var: Path, settings: Any, *options: str) -> str:
    settings.VAR_DIR = var
    out = StringIO()
    call_command("rebuild_index", *options, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()[-1]


def described() -> dict[str, set[Any]]:
    """Return all entries with their words, but for the numbers of new ones."""
    return {
        kind: {
            each
            for ids in [list(model._default_manager.values_list("record_id", flat=True).distinct())]
            for each in reindex._there(kind, ids)
        }
        for kind, model in ENTRIES.items()
    }


def test_where_it_is_right_nothing_is_written(edited: World, tmp_path: Path, settings: Any) -> None:
    before = dump("ledger_")
    assert run(tmp_path, settings).endswith(", entries written 0")
    assert dump("ledger_") == before
    assert list(tmp_path.iterdir()) == []


def test_what_was_lost_or_is_wrong_comes_back(edited: World, tmp_path: Path, settings: Any) -> None:
    before = described()
    for kind, model in ENTRIES.items():
        keys = list(model._default_manager.order_by("key").values_list("key", flat=True))
        store.erase_entries(model, keys[::3] if kind == "incident" else keys)
    IncidentEntry.objects.live().update(event_type="battle", killed_best=7)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE ledger_incidententry_words SET words = 'nothing'")
        else:
            cursor.execute("UPDATE ledger_incidententry SET words = 'nothing'")
    assert described() != before
    run(tmp_path, settings)
    assert described() == before


def test_it_goes_on_where_it_was_interrupted(
    edited: World, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindex, "AT_ONCE", 7)
    before = described()
    IncidentEntry.objects.update(event_type="battle")
    whole, steps = reindex._rebuild, iter(range(100))

    def interrupted(kind: str, *rest: Any) -> int:
        if kind == "incident" and next(steps) == 2:
            raise KeyboardInterrupt
        return whole(kind, *rest)

    monkeypatch.setattr(reindex, "_rebuild", interrupted)
    with pytest.raises(CommandError, match="Run the command again to resume"):
        run(tmp_path, settings)
    monkeypatch.setattr(reindex, "_rebuild", whole)
    assert described() != before
    out = run(tmp_path, settings)
    assert described() == before
    assert out.startswith(f"records {reindex.records():,}, ")
