"""Rows get into the tables as they are given, whatever is left out on the way to make it fast."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.ledger import store
from incidents.ledger.models import LocationEntry

pytestmark = pytest.mark.django_db

NAMES = store.columns(LocationEntry)


def row(key: int, **values: Any) -> list[Any]:
    known = dict.fromkeys(NAMES) | {"key": key, "revision_id": key, "record_id": f"p{key}", "seq": 1, "published": 1}
    known |= {"name": "Ї", "kind": "", "country": "", "parent": "", "admin1": "", "admin2": ""}
    return list((known | values).values())


@pytest.mark.parametrize("number", [1, 49, 50, 51, 120])
def test_nulls_stay_nulls_and_everything_else_what_it_is(number: int) -> None:
    rows = [row(key, latitude=0.0 if key == 7 else None, geonames_id=key if key % 3 else None) for key in range(number)]
    store.insert_entries(LocationEntry, rows, [f"w{key}" for key in range(number)])
    assert [list(each) for each in LocationEntry.objects.order_by("key").values_list(*field_names())] == rows


def field_names() -> list[str]:
    return [field.attname for field in LocationEntry._meta.concrete_fields]


def test_rows_of_nothing_but_a_key_are_refused_by_the_database_and_not_lost() -> None:
    with pytest.raises(Exception, match=r"(?i)not.null"):
        store.insert(LocationEntry, [[1, *[None] * (len(NAMES) - 1)]])
