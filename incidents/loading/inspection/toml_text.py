"""Texts as TOML writes them: exactly what the file holds, whatever it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from incidents.loading.errors import shortened

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def quoted(text: str) -> str:
    """Return a text in quotes, with escapes for line breaks and the like."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(text: str) -> str:
    """Return a text that holds quotation marks of its own, such as a template or a pattern."""
    plain = "'" not in text and text.isprintable()
    return f"'{text}'" if plain else quoted(text)


def key(text: str) -> str:
    """Return a text as a key."""
    return text if _BARE.fullmatch(text) else quoted(text)


def listing(texts: Iterable[str]) -> str:
    """Return a list of texts."""
    return f"[{', '.join(map(quoted, texts))}]"


def in_comment(text: str, longest: int = 60) -> str:
    """Return a text for a comment, on one line and shortened."""
    return shortened(" ".join("".join(char if char.isprintable() else " " for char in text).split()), longest)
