"""An origin whose feed was recorded, so that the ledger it came from can be emptied and be made anew from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from rest_framework.test import APIClient

from incidents.ledger.after_flush import begin_again
from incidents.ledger.models import ENTRIES, Head, Publication, Revision
from incidents.mirroring.errors import UnreachableError
from incidents.mirroring.follow import Mirror
from incidents.mirroring.origin import Origin, Part, Query, query_of
from incidents.query.place_states import states

URL = "http://testserver/"


class Recorded(Origin):
    """Answers what was asked while it recorded; fails with its `cuts`, one number of an answer after the other."""

    def __init__(self, limit: int, since: Iterator[int] | range = range(1)) -> None:
        super().__init__(URL, lambda text: None)
        self.parts: dict[str, Part] = {}
        self.asked = 0
        self.cuts: set[int] = set()
        for first in since:
            query: Query | None = {"since": str(first)}
            while query:
                said: Any = APIClient().get("/api/v1/changes/", {**query, "limit": str(limit)}).json()
                following = query_of(said["next"]) if said["next"] else None
                self.parts[_name(query)] = Part(said, following)
                query = following

    def changes(self, query: Query) -> Part:
        self.asked += 1
        if self.asked in self.cuts:
            raise UnreachableError("cut off")
        return self.parts[_name(query)]

    def checksum(self, query: Query, limit: int = 0) -> Part:
        raise UnreachableError("it was recorded without checksums")


class Silent:
    def reach(self, done: int) -> None:
        pass


def _name(query: Query) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(query.items()))


def mirror(origin: Origin, folder: Path) -> Mirror:
    return Mirror(origin, folder, lambda what, total: Silent())


def empty_ledger() -> None:
    """Take everything out of the ledger of this database, as if it were another one."""
    states.forget()
    models: list[Any] = [Publication, Revision, Head, *ENTRIES.values()]
    for model in models:
        model._default_manager.all().delete()
    if connection.vendor == "sqlite":
        begin_again()
    else:
        Head.objects.create(id=1)
