"""Atom as a format: how a feed is rendered and what Django's own lacks."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from rest_framework.renderers import BaseRenderer

TEXT_XML = "text/xml; charset=utf-8"

CHANGES = "urn:incidents-api:change"
"""Scheme of the categories new, correction and batch."""

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class AtomRenderer(BaseRenderer):
    """Passes on what is Atom already."""

    media_type = "application/atom+xml"
    format = "atom"
    charset = None  # its first line tells it

    def render(self, data: Any, *_: Any) -> bytes:
        """The feed as bytes; empty for a response without a body."""
        return data or b""


class XMLRenderer(AtomRenderer):
    """The same for programs that know no Atom."""

    media_type = "text/xml"
    format = "xml"
    charset = "utf-8"  # type: ignore[assignment]  # of text it has to be told


class AtomFeed(Atom1Feed):
    """Django's, with plain text, contributors, a link to older entries, and a time that is never the clock's."""

    def latest_post_date(self) -> datetime:
        """Time of the newest entry, which the feed is told."""
        newest: datetime = self.feed["newest"]
        return newest

    def add_root_elements(self, handler: Any) -> None:
        """Write Django's elements, and a link to the older entries."""
        super().add_root_elements(handler)
        if self.feed["following"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["following"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write Django's elements, the kind of change, a summary in plain text, and contributors by name."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("category", "", {"term": item["change"], "scheme": CHANGES})
        handler.addQuickElement("summary", item["summary"], {"type": "text"})
        for name in item["contributors"]:
            handler.startElement("contributor", {})
            handler.addQuickElement("name", name)
            handler.endElement("contributor")


def clean(text: str) -> str:
    """Remove the characters that XML cannot contain."""
    return NOT_XML.sub("\ufffd", text)
