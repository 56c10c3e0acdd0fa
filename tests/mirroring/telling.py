"""All that a ledger tells, in a form in which two servers can be compared.

`python -m tests.mirroring.telling` prints it as JSON, with the answers to many questions about now and the past.
"""

from __future__ import annotations

import json
import sys
from random import Random
from typing import Any
from urllib.parse import urlencode

OF_THE_SERVER = {"key", "id", "revision_id", "last_revision", "last_entry", "place_index", "author", "origin"}
"""Columns in which two equal servers differ: numbers that nobody sees, and what is not public."""

QUESTIONS = 150


def ledger() -> dict[str, list[str]]:
    """Return the rows of all tables, and the words by which each entry is found."""
    from incidents.ledger.models import ENTRIES, Head, Publication, Revision

    told = {model.__name__: _rows(model) for model in (Head, Publication, Revision)}
    return told | {model.__name__: _entries(model) for model in ENTRIES.values()}


def _rows(model: Any) -> list[str]:
    found = [
        {name: value for name, value in row.items() if name not in OF_THE_SERVER}
        for row in model._default_manager.values()
    ]
    return sorted(json.dumps(row, sort_keys=True, default=str, ensure_ascii=False) for row in found)


def _entries(model: Any) -> list[str]:
    """Return what is found, by what, in which span; not what was written and taken back in one publication."""
    words = _words(model)
    found = []
    for row in model._default_manager.values():
        if row["retired"] != row["seq"]:
            kept = {name: value for name, value in row.items() if name not in OF_THE_SERVER}
            found.append({**kept, "words": words[row["key"]]})
    return sorted(json.dumps(row, sort_keys=True, default=str, ensure_ascii=False) for row in found)


def _words(model: Any) -> dict[int, list[str]]:
    from django.db import connection

    from incidents.ledger.store import words_table

    table, key = (words_table(model), "rowid") if connection.vendor == "sqlite" else (model._meta.db_table, "key")
    text = "words" if connection.vendor == "sqlite" else "array_to_string(tsvector_to_array(words), ' ')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {text} FROM {table}")
        return {key: sorted(text.split()) for key, text in cursor.fetchall()}


def answers(seed: int = 1) -> dict[str, list[Any]]:
    """Return the status and body of many addresses, about now and the past."""
    from rest_framework.test import APIClient

    from incidents.ledger.models import Head, Revision
    from incidents.schema import PLURALS
    from tests.query.asking import ask
    from tests.query.world import public

    chance, head = Random(seed), Head.objects.get().seq
    asked = ["changes/?limit=7", "changes/checksum/", f"changes/?since={head // 2}&limit=1000"]
    for kind, plural in PLURALS.items():
        documents = [document for _, (document, _) in sorted(public(kind).items())]
        for _ in range(QUESTIONS if kind == "incident" else QUESTIONS // 5):
            params = ask(chance, kind, chance.choice(documents)) | {"limit": str(chance.randint(1, 50))}
            past = {"as_of": str(chance.randint(1, head))} if chance.random() < 0.7 else {}
            asked.append(f"{plural}/?{urlencode(params | past)}")
        every = sorted(set(Revision.objects.filter(kind=kind).values_list("record_id", flat=True)))
        for name in chance.sample(every, min(20, len(every))):
            asked += [f"{plural}/{name}/", f"{plural}/{name}/revisions/"]
            asked.append(f"{plural}/{name}/?as_of={chance.randint(1, head)}")
    api = APIClient(SERVER_NAME="localhost")
    found = {}
    for address in asked:
        answer = api.get(f"/api/v1/{address}")
        found[address] = [answer.status_code, answer.content.decode()]
    return found


def main() -> None:
    """Print all of it."""
    import django

    django.setup()
    json.dump({"ledger": ledger(), "answers": answers()}, sys.stdout)


if __name__ == "__main__":
    main()
