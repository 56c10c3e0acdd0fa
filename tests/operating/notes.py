"""The blocks of docs/operating.md, as an operator copies them."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.schema.server import ROOT

TEXT = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
HEADING = "From a bare Debian to production"


class Block(NamedTuple):
    """A fenced block: its language, the file that it is to be saved as if one is named, its lines."""

    language: str
    file: str
    content: str


BLOCK = re.compile(
    r"(?:^`(?P<file>/[^`\n]+)`:\n\n)?^```(?P<language>\w+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL
)


def section(heading: str) -> str:
    """Return the text below a heading, up to the next one of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n", TEXT, re.MULTILINE)
    assert found, f"docs/operating.md has no section {heading!r}."
    rest = TEXT[found.end() :]
    end = re.search(rf"^#{{2,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def blocks(text: str) -> list[Block]:
    """Return all blocks of a text, in their order."""
    return [Block(found["language"], found["file"] or "", found["content"]) for found in BLOCK.finditer(text)]


def file_block(name: str) -> str:
    """Return the content of the file that an operator is to save under a name."""
    (content,) = (block.content for block in blocks(TEXT) if block.file == name)
    return content


def replaced(text: str, replacements: dict[str, str]) -> str:
    """Replace texts that differ on this machine; raises AssertionError if one is not there."""
    for old, new in replacements.items():
        assert old in text, f"The block holds no {old!r}."
        text = text.replace(old, new)
    return text
