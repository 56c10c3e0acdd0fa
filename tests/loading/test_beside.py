"""A load's second process changes nothing but how long it takes."""

from __future__ import annotations

import csv
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError
from django.db import connection, transaction

from incidents.ledger import prepared_rows, store
from incidents.ledger.models import Head, IncidentEntry, Revision
from incidents.loading.pipeline import worker
from incidents.loading.pipeline.worker import Workers
from incidents.loading.profiles.profile import load as load_profile
from tests.ledger.dump import dump
from tests.loading.files import event, events, load, outcome, write
from tests.loading.kill import ROOT
from tests.loading.test_excerpt import EXCERPT

pytestmark = pytest.mark.processes

ADDED = "added 2600, changed 0, withdrawn 0, unchanged 0"


class Doubler:
    """Answers at once, so that what comes back from elsewhere comes later than what is asked after it."""

    def draft(self, item: Sequence[int]) -> Any:
        return [each * 2 for each in item]


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Send everything to the second process that it takes; returns what was sent, by the name of the method."""
    sent: list[str] = []
    ask = worker._send

    def counting(pool: Any, *called: Any) -> Any:
        sent.append(called[0] if called else "")
        future = ask(pool, *called)
        if not called:
            future.result()
        return future

    monkeypatch.setattr(worker, "ITEMS_BEFORE_START", 0)
    monkeypatch.setattr(worker, "ITEMS_SENT", 5)
    monkeypatch.setattr(worker, "_processors", lambda: 2)
    monkeypatch.setattr(worker, "_send", counting)
    return sent


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what is done within, numbers that were given out included."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def many() -> list[dict[str, Any]]:
    """Events of several places, sides and reports, some of them listed by events that are far apart."""
    rows = events(2600)
    for number, row in enumerate(rows):
        row |= {
            "source_article": f'"Agency {number % 7},2014-05-02,Report {number % 2000}";"Post,2014-05-03,Own {number}"',
            "number_of_sources": 2,
            "where_coordinates": f"Town {number % 40}",
            "latitude": f"48.{number % 90:02}",
            "side_b": f"Blues {number % 5}",
            "side_b_new_id": 62 + number % 5,
        }
    rows[1700] |= {"best": 1, "low": 2}  # remarked on
    return rows


@pytest.mark.django_db
def test_a_load_writes_the_same_with_it_and_without_it(
    tmp_path: Path, eager: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "events.csv", many())
    found, said = [], []
    possible = prepared_rows.takes_in()
    for processors, packed in ((1, False), (2, False), (2, possible), (1, possible)):
        monkeypatch.setattr(worker, "_processors", lambda processors=processors: processors)
        monkeypatch.setattr(prepared_rows, "takes_in", lambda packed=packed: packed)
        with taken_back(), time_machine.travel("2026-03-01T12:00:00Z", tick=False):
            said.append([line for line in load(path)[0] if "rows/s" not in line])
            found.append(_dumped())
    assert said[0] == said[1] == said[2] == said[3]
    assert said[0][-1] == ADDED
    without, plain, taken_in, taken_in_without = map(_without_sequences, found)
    assert without == plain
    assert without == taken_in
    assert without == taken_in_without
    assert {"parse", "shared_records", "draft"} <= set(eager)


def _dumped() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows; of SQLite's word index what it is made of, to which it is equal."""
    tables = dump("ledger_") | dump("incidents_")
    if connection.vendor == "sqlite":
        words = store.words_table(IncidentEntry)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {words}({words}) VALUES ('integrity-check')")
        for part in ("_data", "_idx"):  # how it is cut depends on the statements that wrote it
            del tables[words + part]
    return tables


def _without_sequences(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """Return tables without the keys that PostgreSQL's sequences give, which go on after a rollback."""
    if connection.vendor == "sqlite":
        return tables
    return {name: rows for name, rows in tables.items() if name.startswith("ledger_")}


@pytest.mark.slow
@pytest.mark.django_db
def test_every_bad_row_is_told_wherever_it_was_read(tmp_path: Path, eager: list[str]) -> None:
    rows = many()
    for number in (3, 777, 2599):
        rows[number]["best"] = "few"
    path = write(tmp_path / "events.csv", rows)
    with pytest.raises(CommandError, match="Nothing was loaded: 3 rows have errors"):
        load(path)
    assert not Revision.objects.exists()
    assert outcome(path, skip_bad=True) == ADDED.replace("2600", "2597")
    assert "parse" in eager


@pytest.mark.slow
@pytest.mark.django_db
def test_a_second_load_drafts_what_was_there_here(tmp_path: Path, eager: list[str]) -> None:
    path = write(tmp_path / "events.csv", many())
    assert outcome(path) == ADDED
    eager.clear()
    rows = many()
    rows[5]["best"], rows[2000]["high"] = 3, 9
    rows.append(event(99_999))
    again = write(tmp_path / "again.csv", rows)
    assert outcome(again) == "added 1, changed 2, withdrawn 0, unchanged 2598"
    assert "parse" in eager
    assert "draft" not in eager


@pytest.mark.django_db
def test_the_load_fails_as_a_whole_if_it_dies(
    tmp_path: Path, eager: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, killed = worker._send, list[int]()

    def killing(pool: Any, *called: Any) -> Any:
        future = ask(pool, *called)
        if called[:1] == ("draft",) and not killed:
            killed.extend(pool._processes)
            os.kill(killed[0], signal.SIGKILL)
        return future

    monkeypatch.setattr(worker, "_send", killing)
    with pytest.raises(CommandError, match="second process ended"):
        load(write(tmp_path / "events.csv", many()))
    assert killed
    assert not Revision.objects.exists()
    assert Head.objects.get().seq == 0


BEGINS_ANOTHER = """
import os, signal, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from incidents.loading.pipeline.worker import end_with_parent
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent, initargs=(sys.argv[1],))
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(time.sleep, 600)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    script = tmp_path / "begins_another.py"
    script.write_text(BEGINS_ANOTHER)
    parcels = tmp_path / "parcels"
    parcels.mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script, parcels], env=environment, stdout=subprocess.PIPE, text=True, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    _await(lambda: _is_over(int(done.stdout)))
    assert not parcels.exists()


def _is_over(process: int) -> bool:
    """Tell whether a process has ended, collected by somebody or not."""
    try:
        os.kill(process, 0)
        return ") Z " in Path(f"/proc/{process}/stat").read_text()
    except ProcessLookupError:
        return True
    except FileNotFoundError:  # gone meanwhile, or a system without /proc
        return False


def _await(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.05)


def test_items_come_back_in_order_however_few_there_are() -> None:
    with Workers() as both:
        both.calculator = Doubler()  # type: ignore[assignment]  # the one method that is asked for
        assert list(both.each("draft", [[1], [2, 3]])) == [[2], [4, 6]]
        assert both.ask("shared_records") is None


def test_whoever_let_it_rest_is_not_left_with_it() -> None:
    profile, header = load_profile("ucdp-ged"), next(csv.reader(EXCERPT.read_text(encoding="utf-8").splitlines()))
    with Workers() as both:
        both._pool = worker._Pool(*profile.made_from, header)
        assert worker._result(worker._send(both._pool)) is None
        both.begin_to_end()
        assert multiprocessing.active_children()
    assert not multiprocessing.active_children()
