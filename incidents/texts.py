"""What every text has to be before it is stored or published: within a bound, storable, and an address where it is one.

Models, forms, loaders, fixtures and the ledger check with these functions, so that no way in differs from another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.core.exceptions import ValidationError

from incidents.text_checks import (
    ADDRESS,
    LONG_TEXT,
    MOST_JSON,
    STORABLE,
    TIME_FORM,
    TIME_OF_DAY,
    WORD,
    ZONE_FORM,
    is_licence,
    is_storable,
    is_time_zone,
    is_web_address,
    leaves,
    length_expected,
)

TOO_LONG, NO_ADDRESS, UNSTORABLE, NO_TIME = "too_long", "address", "unstorable", "time"
"""Codes of the errors that validators raise."""

Fault = tuple[str, str, str]
"""Where in a document, the text, and what would be right."""


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


def validate_time_zone(value: str) -> None:
    """Raise ValidationError for what is no zone of the IANA database."""
    if not is_time_zone(value):
        raise ValidationError(f"Enter {ZONE_FORM}.", code=NO_TIME)


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
