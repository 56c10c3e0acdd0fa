"""What every text has to be before it is stored or published: within a bound, storable, and an address where it is one.

Models, forms, loaders, fixtures and the ledger check with these functions, so that no way in differs from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import orjson
from django.core.exceptions import ValidationError

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

TOO_LONG, NO_ADDRESS, UNSTORABLE, NO_TIME = "too_long", "address", "unstorable", "time"
"""Codes of the errors that validators raise."""

_ADDRESS = re.compile(r"https?://[^\s/?#][^\s]*", re.IGNORECASE)
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:[/?#][!-~]*)?", re.IGNORECASE)
"""Most addresses: a host without port and user, in ASCII; nothing in them is left to be looked at."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]")
"""What browsers pass over at the beginning of an address and in its scheme."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Fault = tuple[str, str, str]
"""Where in a document, the text, and what would be right."""


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


def validate_web_address(value: str) -> None:
    """Raise ValidationError for what is no address of a web page."""
    if not is_web_address(value):
        raise ValidationError(f"Enter {ADDRESS}.", code=NO_ADDRESS)


def validate_licence(value: str) -> None:
    """Raise ValidationError for an address that is none of a web page."""
    if not is_licence(value):
        raise ValidationError(f"Enter an SPDX identifier, or {ADDRESS}.", code=NO_ADDRESS)


def validate_long_text(value: str) -> None:
    """Raise ValidationError for a text that is too long or that no database stores."""
    if len(value) > LONG_TEXT:
        raise ValidationError(f"Enter {length_expected(LONG_TEXT, len(value))}.", code=TOO_LONG)
    if not is_storable(value):
        raise ValidationError(f"Enter {STORABLE}.", code=UNSTORABLE)


def validate_json(value: Any) -> None:
    """Raise ValidationError for JSON that is too long, or holds a text that is or that no database stores."""
    for name, text in leaves(value):
        if len(name) > WORD:
            raise ValidationError(f"Enter names of {length_expected(WORD, len(name))}.", code=TOO_LONG)
        if not is_storable(name):
            raise ValidationError(f"Enter {STORABLE}.", code=UNSTORABLE)
        if isinstance(text, str):
            validate_long_text(text)
    try:
        length = len(orjson.dumps(value))
    except TypeError as error:
        raise ValidationError(f"Enter what JSON can hold: {error}.", code=UNSTORABLE) from None
    if length > MOST_JSON:
        raise ValidationError(f"Enter {length_expected(MOST_JSON, length)} as JSON.", code=TOO_LONG)


def validate_words(value: Any) -> None:
    """Raise ValidationError for a list with a word that is too long or that no database stores."""
    validate_json(value)
    for _, word in leaves(value):
        if isinstance(word, str) and len(word) > WORD:
            raise ValidationError(f"Enter words of {length_expected(WORD, len(word))}.", code=TOO_LONG)


def validate_time_of_day(value: str) -> None:
    """Raise ValidationError for what is no time of day."""
    if not TIME_OF_DAY.fullmatch(value):
        raise ValidationError(f"Enter {TIME_FORM}.", code=NO_TIME)


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    return available_timezones()


def validate_time_zone(value: str) -> None:
    """Raise ValidationError for what is no zone of the IANA database."""
    if value not in _zones():
        raise ValidationError(f"Enter {ZONE_FORM}.", code=NO_TIME)


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


def addresses(kind: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield every address in a public document, with the path to it."""
    if kind == "incident":
        for number, report in enumerate(document["reports"]):
            for name in ("url", "archive_url"):
                yield f"reports.{number}.{name}", report[name]
    elif kind == "source":
        yield "url", document["url"]
    elif kind == "dataset":
        yield "homepage", document["homepage"]


def address_faults(kind: str, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the addresses in a public document that are none of web pages."""
    for path, text in addresses(kind, document):
        if text and not is_web_address(text):
            yield path, text, ADDRESS
    if kind == "dataset" and not is_licence(document["licence"]):
        yield "licence", document["licence"], ADDRESS


def length_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the texts in a public document that are too long."""
    for path, text in leaves(document):
        if isinstance(text, str) and len(text) > LONG_TEXT:
            yield path, text, length_expected(LONG_TEXT, len(text))
