"""The guide for developers and the other pages of `docs/` for readers of the data, rendered from their Markdown.

Examples name the server as `make run` starts it; a page names the server that shows it, so that they can be copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from markdown_it.token import Token

PAGES = {
    "": "guide.md",
    "errors": "errors.md",
    "aggregates": "aggregates.md",
    "exports": "exports.md",
    "releases": "releases.md",
    "mirroring": "mirroring.md",
    "codebook": "codebook.md",
    "own-fields": "own-fields.md",
}
"""Last part of the address → file in `docs/`."""

EXAMPLE_SERVER = "http://127.0.0.1:8000"
NOT_OF_AN_ANCHOR = re.compile(r"[^\w\- ]")


class Heading(NamedTuple):
    """A heading of a page, for its table of contents."""

    anchor: str
    text: str


class Rendered(NamedTuple):
    """A page as HTML."""

    title: str
    body: SafeString
    contents: list[Heading]


class GuideView(TemplateView):
    """Shows one page of the guide."""

    template_name = "guide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Context of the template; raises Http404 for an unknown page."""
        name = kwargs.pop("page", "")
        if name not in PAGES or (not name and self.kwargs):
            raise Http404
        origin = f"{self.request.scheme}://{self.request.get_host()}"
        return super().get_context_data(
            **kwargs, page=rendered(name, origin), pages=[(address(each), _title(each)) for each in PAGES], name=name
        )


def address(name: str) -> str:
    """Path of a page."""
    return reverse("guide-page", args=[name]) if name else reverse("guide")


def source(name: str) -> str:
    """Markdown of a page."""
    return (settings.BASE_DIR / "docs" / PAGES[name]).read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def rendered(name: str, origin: str) -> Rendered:
    """Render a page, with examples for the server at `origin`."""
    tokens = _markdown().parse(source(name).replace(EXAMPLE_SERVER, origin))
    headings = list(_anchored(tokens))
    for token in tokens:
        _linked(token)
    html = _markdown().renderer.render(_in_frames(tokens), _markdown().options, {})
    contents = [heading for heading in headings if heading.anchor]
    return Rendered(_title(name), mark_safe(html), contents)  # noqa: S308 - of files of ours, and HTML in them is text


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=16)
def _title(name: str) -> str:
    first = source(name).partition("\n")[0]
    return first.removeprefix("# ").replace("`", "")


def _anchored(tokens: list[Token]) -> Iterator[Heading]:
    """Give headings ids as code hosts do, and yield those of the second level."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(child.content for child in inline.children or [])
            anchor = NOT_OF_AN_ANCHOR.sub("", text.lower()).replace(" ", "-")
            opening.attrSet("id", anchor)
            yield Heading(anchor if opening.tag == "h2" else "", text)


def _linked(token: Token) -> None:
    """Lead links between files to their pages; a link to a file that is no page becomes text."""
    kept: list[Token] = []
    dropped = False
    for child in token.children or []:
        if child.type == "link_open":
            href = _page_of(str(child.attrGet("href")))
            dropped = href is None
            if href is not None:
                child.attrSet("href", href)
        if not (dropped and child.type in ("link_open", "link_close")):
            kept.append(child)
    if token.children is not None:
        token.children = kept


def _page_of(href: str) -> str | None:
    if re.match(r"https?:|#|/", href):
        return href
    file, _, anchor = href.partition("#")
    name = next((name for name, of in PAGES.items() if of == file), None)
    return None if name is None else f"{address(name)}{f'#{anchor}' if anchor else ''}"


def _in_frames(tokens: list[Token]) -> list[Token]:
    """Put tables into frames that scroll sideways on small screens, also by keys."""
    found: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            frame = Token("frame_open", "div", 1)
            frame.attrs = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table"}
            frame.block = True
            found.append(frame)
        found.append(token)
        if token.type == "table_close":
            found.append(Token("frame_close", "div", -1))
    return found
