"""The home page: which datasets are here, under which terms, how current they are, and a first question to ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import orjson
from django.urls import reverse
from django.views.generic import TemplateView

from incidents.ledger.models import ENTRIES
from incidents.query import cited_counts
from incidents.query.entries import Order, entries
from incidents.query.moment import Moment, read_moment
from incidents.query.reader import documents_of, read_page
from incidents.schema.terms import Licence, licence_of, not_stated
from incidents_api.rest import caching

MOST = 50
"""Datasets that are shown; the list has all of them."""


class Row(NamedTuple):
    """One dataset."""

    id: str
    name: str
    url: str
    records: int
    records_url: str
    licence: Licence
    attribution: str
    version: str
    lacking: list[str]


class Example(NamedTuple):
    """A query that finds something, as a list and as a file."""

    dataset: str
    url: str
    file_url: str


class HomeView(TemplateView):
    """What this is, what is here, and where to go."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Context of the template: the datasets of the latest publication, and an example."""
        moment = read_moment(None)
        rows = list(_rows(moment))
        shown = sorted(rows, key=lambda row: (-row.records, row.id))[:MOST]
        published = cited_counts.published_at(moment.at)
        return super().get_context_data(
            **kwargs,
            datasets=shown,
            more=len(rows) - len(shown),
            totals=[(kind, moment.total(kind) or 0) for kind in ("incident", "location", "source", "actor")],
            seq=moment.at,
            published=published,
            published_words=f"{published[:10]} {published[11:16]} UTC" if published else "",
            changes_url=f"{reverse('change-list')}?since={moment.at - 1}",
            example=_example(shown),
        )


def _rows(moment: Moment) -> Iterator[Row]:
    """Yield all public datasets, those without incidents too."""
    key = f"home:{caching.digest(moment.at, moment.redacted)}"
    held = cited_counts.datasets_of("incident", entries(ENTRIES["incident"]), moment, key) if moment.at else []
    records = {each.document["id"]: each.records for each in held}
    query = entries(ENTRIES["dataset"])
    found = read_page(query, Order("name", descending=False), moment, None, (moment.total("dataset") or 0) + 1)
    for document in map(orjson.loads, documents_of(found)):
        asked = urlencode({"dataset": document["id"]})
        yield Row(
            id=document["id"],
            name=document["name"],
            url=reverse("dataset-detail", args=[quote(document["id"])]),
            records=records.get(document["id"], 0),
            records_url=f"{reverse('incident-list')}?{asked}",
            licence=licence_of(document["licence"]),
            attribution=document["attribution"],
            version=document["version"] or "",
            lacking=not_stated(document),
        )


def _example(rows: list[Row]) -> Example | None:
    for row in rows:
        if row.records:
            asked = urlencode({"dataset": row.id, "ordering": "-date"})
            file_url = reverse("incident-csv")
            return Example(row.name, f"{reverse('incident-list')}?{asked}&limit=5", f"{file_url}?{asked}")
    return None
