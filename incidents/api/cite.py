"""`…/cite/`: citation of a query, with a permanent URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.page import NOT_CITED, permanent_link
from incidents.api.release_shapes import number
from incidents.api.response_shapes import WARNED, WarningShape
from incidents.api.warnings import say, warnings_of
from incidents.documents import Shape, missing, public_id, text
from incidents.exports import citation
from incidents.exports.citation import Citable
from incidents.query import cited_counts
from incidents.query.cited_counts import Held
from incidents_api.rest import caching
from incidents_api.rest.errors import not_found
from incidents_api.rest.renderers import BrowsableRenderer, JSONRenderer


class CitedDataset(Shape):
    """A dataset with matching records."""

    id = public_id("The dataset.")
    name = text("Title of the dataset.")
    version = missing("Version of the original dataset.")
    licence = text("Licence: an SPDX identifier or a URL.")
    attribution = missing("The attribution that must be shown with the data.")
    citation = missing("Citation of the dataset itself.")
    records = number("Number of matching records in the dataset.")


class CitationShape(Shape):
    """How to cite the matching records, as of one publication."""

    citation = text("Citation for a list of references. Add the date of access yourself.")
    bibtex = text("The same as BibTeX.")
    csl = serializers.ListField(child=serializers.DictField(), help_text="The same as CSL-JSON.")
    url = serializers.URLField(help_text="Permanent URL of the records: it always returns the same records.")
    as_of = number("The publication that the citation refers to.")
    published = serializers.DateTimeField(help_text="Time of that publication.")
    records = number("Number of matching records.")
    licences = serializers.ListField(
        child=serializers.CharField(), help_text="Licences of the datasets, without duplicates."
    )
    datasets = CitedDataset(many=True, help_text="Datasets of the records, the largest first; places have none.")
    warnings = WarningShape(many=True, help_text=WARNED)


class _Part(BaseRenderer):
    """One form of the citation, as a file of its own."""

    charset = "utf-8"
    part: str

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The part of the citation in this format, encoded as UTF-8."""
        said = data[self.part] if data else ""
        return said.encode() if isinstance(said, str) else orjson.dumps(said)


class TextRenderer(_Part):
    """A line of a list of references."""

    media_type, format, part = "text/plain", "txt", "citation"


class BibTeXRenderer(_Part):
    """An entry of BibTeX."""

    media_type, format, part = "application/x-bibtex", "bib", "bibtex"


class CSLRenderer(_Part):
    """CSL-JSON, which Zotero, Mendeley and pandoc read."""

    media_type, format, part = "application/vnd.citationstyles.csl+json", "csl", "csl"
    charset = None  # type: ignore[assignment]  # JSON is UTF-8 by definition


FORMS = (TextRenderer, BibTeXRenderer, CSLRenderer)

SITE = "https://incidents.example.org/api/v1/"
CITED = Citable(
    key="incidents-1-5f0c9a61",
    title="Luhansk Oblast, summer 2022: the incidents of one report",
    what="2 incidents that match a query",
    version="publication 1",
    seq=1,
    published="2026-11-23T09:00:00Z",
    url=f"{SITE}incidents/?as_of=1&event_type=explosion",
    licences=["CC-BY-4.0"],
)
EXAMPLE: dict[str, Any] = {
    "citation": citation.text(CITED),
    "bibtex": citation.bibtex(CITED),
    "csl": citation.csl(CITED),
    "url": CITED.url,
    "as_of": 1,
    "published": CITED.published,
    "records": 2,
    "licences": ["CC-BY-4.0"],
    "datasets": [
        {
            "id": "luhansk-2022",
            "name": CITED.title,
            "version": "1",
            "licence": "CC-BY-4.0",
            "attribution": None,
            "citation": None,
            "records": 2,
        }
    ],
    "warnings": [],
}

if TYPE_CHECKING:  # which imports this
    from incidents.api.ledger_viewset import LedgerViewSet
else:
    LedgerViewSet = object


class CiteMixin:
    """Adds `cite/` to the viewset of a kind."""

    @action(detail=False, renderer_classes=[JSONRenderer, *FORMS, BrowsableRenderer])
    def cite(self: LedgerViewSet, request: Request) -> Response:
        """Cite the matching records, with a permanent URL.

        The URL is pinned with `as_of` to the latest publication, or to the one that you asked for, so it always returns
        the same records. Add the date of access yourself. Anyone who shows the data must follow the licences and show
        the attributions of the datasets. `format=txt`, `format=bib` and `format=csl` return one of its members as a
        file.
        """
        filterset = self._read(request)
        moment = self._moment(filterset)
        etag = self._etag(request, moment)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=moment.pinned)
        published = cited_counts.published_at(moment.at)
        if published is None:
            raise not_found("Nothing had been published at that time, so there is nothing to cite.")
        query = caching.canonical_query(request, *NOT_CITED, "as_of")
        held: list[Held] = []
        if self.kind in cited_counts.OWNERS:
            key = f"cite:{caching.digest(self.kind, moment.at, moment.redacted, query)}"
            held = cited_counts.datasets_of(self.kind, filterset.qs, moment, key)
            records = sum(each.records for each in held)
        else:
            records = self.count_of(request, filterset, moment)
        url = permanent_link(request, request.path.removesuffix("cite/"), moment.at)
        release = filterset.values.get("as_of")
        cited = Citable(
            key=f"{self.kind}s-{moment.at}-{caching.lasting_digest(query)[:8]}",
            title=_title(self.kind, held),
            what=f"{records} {self.kind}{'' if records == 1 else 's'}{' that match a query' if query else ''}",
            version=f"release {release}" if isinstance(release, str) else f"publication {moment.at}",
            seq=moment.at,
            published=published,
            url=url,
            licences=list(dict.fromkeys(each.document["licence"] for each in held)),
        )
        warnings = warnings_of(filterset, moment, found=bool(records))
        response = Response(_told(cited, records, held) | {"warnings": warnings})
        if isinstance(request.accepted_renderer, _Part):
            say(response, warnings)
        return caching.cacheable(response, etag, pinned=moment.pinned)


def _title(kind: str, held: list[Held]) -> str:
    if not held or kind == "dataset":
        return f"{kind.capitalize()}s"
    return citation.title_of([each.document["name"] for each in held])


def _told(cited: Citable, records: int, held: list[Held]) -> dict[str, Any]:
    return {
        "citation": citation.text(cited),
        "bibtex": citation.bibtex(cited),
        "csl": citation.csl(cited),
        "url": cited.url,
        "as_of": cited.seq,
        "published": cited.published,
        "records": records,
        "licences": cited.licences,
        "datasets": [
            {
                "id": each.document["id"],
                "name": each.document["name"],
                "version": each.document["version"],
                "licence": each.document["licence"],
                "attribution": each.document["attribution"] or None,
                "citation": each.document["citation"] or None,
                "records": each.records,
            }
            for each in held
        ],
    }
