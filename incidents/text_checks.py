"""Checks of texts that know neither a database nor Django: URLs, times, and what every database can store.

`incidents.texts` makes validators of them; declarations, loaders and the ledger call them as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

LONG_TEXT = 20_000
"""Characters of a summary, a description, a remark and any other text of more than one line."""

WORD = 200
"""Characters of a tag, and of a name in `extra`."""

MOST_JSON = 200_000
"""Characters of `extra`, of a list or of a claim's value, written as JSON."""

REASON = 2_000
"""Characters of the reason for a withdrawal, a merger or a redaction."""

ADDRESS = "a URL that starts with https:// or http://, without spaces or control characters"
STORABLE = "text without NUL (U+0000) and unpaired surrogates (U+D800 to U+DFFF)"

TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
TIME_FORM = "a time of day as HH:MM or HH:MM:SS, 24 hours"
ZONE_FORM = "a time zone of the IANA database, such as Europe/Kyiv"

_ADDRESS = re.compile(r"https?://[^\s/?#][^\s]*", re.IGNORECASE)
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:[/?#][!-~]*)?", re.IGNORECASE)
"""Most addresses: a host without port and user, in ASCII; nothing in them is left to be looked at."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]")
"""What browsers pass over at the beginning of an address and in its scheme."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@lru_cache(maxsize=4096)
def is_web_address(text: str) -> bool:
    """True if a text is a URL of a web page, and safe as a link."""
    if _PLAIN.fullmatch(text):
        return True
    if not _ADDRESS.fullmatch(text) or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def is_licence(text: str) -> bool:
    """True if a text is a licence identifier, or a URL of a web page."""
    named = "://" not in text and not _SCHEME.match(_IGNORED.sub("", text))
    return named or is_web_address(text)


def is_storable(text: str) -> bool:
    """True if the text has no NUL and no unpaired surrogates."""
    return not _UNSTORABLE.search(text)


def storable(text: str) -> str:
    """Replace characters that cannot be encoded as UTF-8 with NUL, which validation then refuses."""
    return _UNSTORABLE.sub("\0", text)


def shortened(text: str) -> str:
    """A text in quotes, truncated for a message."""
    return f'"{text[:80]}…"' if len(text) > 80 else f'"{text}"'


def length_expected(longest: int, length: int) -> str:
    """Expected length of a text that is too long, for a message."""
    return f"at most {longest:,} characters; this has {length:,}"


def is_time_zone(text: str) -> bool:
    """True if a text is the name of a zone of the IANA database."""
    return text in _zones()


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    return available_timezones()


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values in lists and objects, each with the dotted path to it."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from leaves(each, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from leaves(each, f"{path}.{number}" if path else str(number))
    else:
        yield path, value
