"""Rows get into the tables as they are given, whatever is left out on the way to make it fast."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from incidents.ledger import prepared_rows, store
from incidents.ledger.models import LocationEntry
from incidents.ledger.prepared_rows import Packed, Sheets
from incidents.ledger.store import Sheet

pytestmark = pytest.mark.django_db

NAMES = store.columns(LocationEntry)


def row(key: int, **values: Any) -> list[Any]:
    known = dict.fromkeys(NAMES) | {"key": key, "revision_id": key, "record_id": f"p{key}", "seq": 1, "published": 1}
    known |= {"name": "Ї", "kind": "", "country": "", "parent": "", "admin1": "", "admin2": ""}
    return list((known | values).values())


def write_here(made: Sequence[Sheet]) -> None:
    Sheets(made, packed=False).write()


def write_elsewhere(made: Sequence[Sheet], *, packed: bool = False) -> None:
    pickle.loads(pickle.dumps(Sheets(made, packed=packed), 5)).write()


def write_packed(made: Sequence[Sheet]) -> None:
    if not prepared_rows.takes_in():
        pytest.skip("only SQLite, and not the newest, takes packed rows in")
    write_elsewhere(made, packed=True)


ALL_WAYS = pytest.mark.parametrize("write", [write_here, write_elsewhere, write_packed])
Write = Callable[[Sequence[Sheet]], None]


def entries(numbers: range) -> list[list[Any]]:
    return [row(key, latitude=0.0 if key == 7 else None, geonames_id=key if key % 3 else None) for key in numbers]


def as_sheets(rows: Sequence[Sequence[Any]]) -> Sequence[Sheet]:
    return store.entry_sheets(LocationEntry, rows, [f"w{row[0]}" for row in rows], connection.vendor)


def written() -> list[list[Any]]:
    return [list(each) for each in LocationEntry.objects.order_by("key").values_list(*field_names())]


def field_names() -> list[str]:
    return [field.attname for field in LocationEntry._meta.concrete_fields]


@ALL_WAYS
@pytest.mark.parametrize("number", [0, 1, 49, 50, 51, 120])
def test_nulls_stay_nulls_and_everything_else_what_it_is(write: Write, number: int) -> None:
    rows = entries(range(number))
    write(as_sheets(rows))
    assert written() == rows


@ALL_WAYS
def test_rows_with_other_columns_follow_in_the_same_transaction(write: Write) -> None:
    several = [entries(range(4, 6)), entries(range(6, 8)), entries(range(9, 10)), [row(11, parent="p1")]]
    for rows in several:
        write(as_sheets(rows))
    assert written() == [each for rows in several for each in rows]


@ALL_WAYS
def test_rows_of_nothing_but_a_key_are_refused_by_the_database_and_not_lost(write: Write) -> None:
    with pytest.raises(Exception, match=r"(?i)not.null"):
        write([store.sheet(LocationEntry, [[1, *[None] * (len(NAMES) - 1)]])])


@ALL_WAYS
def test_a_row_that_the_database_refuses_stops_them_and_nothing_of_the_transaction_stays(write: Write) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(as_sheets([*entries(range(1, 4)), row(5, record_id="p2")]))
    assert written() == []


in_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's rows are packed")


@pytest.mark.parametrize("refused", [1, 2, 3])
def test_rows_are_not_packed_for_a_database_that_would_not_take_them_in(
    monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    if connection.vendor != "sqlite":
        assert not prepared_rows.takes_in()
        return
    taken, usual = [], prepared_rows._take_in

    def refusing(image: bytes) -> None:
        taken.append(image)
        if len(taken) == refused:
            raise sqlite3.OperationalError("database is locked")
        usual(image)

    possible = prepared_rows.takes_in()
    monkeypatch.setattr(prepared_rows, "_take_in", refusing)
    assert prepared_rows.takes_in() == (possible and refused > 2)


@in_sqlite
def test_rows_that_get_lost_are_told() -> None:
    image, tables = prepared_rows._packed(as_sheets(entries(range(3))))
    more = [(table, names, number + 1) for table, names, number in tables]
    with pytest.raises(DatabaseError, match="ledger_locationentry: 3 of 4 rows were written"):
        Packed(image, more).write()


@in_sqlite
@pytest.mark.django_db(transaction=True)
def test_memory_is_given_back_after_the_transaction() -> None:
    def attached() -> list[str]:
        with connection.cursor() as cursor:
            return [name for _, name, _ in cursor.execute("PRAGMA database_list").fetchall()]

    prepared_rows.takes_in()
    assert prepared_rows.TAKEN_IN in attached()
    prepared_rows.detach()
    assert prepared_rows.TAKEN_IN not in attached()
