"""Warnings of values that could exist and that no public record has had: in JSON a member, of files a header.

A query with such a value is answered with nothing, or with less than was asked for; nobody should take that for a zero.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import orjson
from django.core.cache import cache
from django.http import HttpResponseBase

from incidents.query import unknown_values
from incidents.query.count import KEPT_SECONDS
from incidents.query.moment import Moment
from incidents.query.unknown_values import UnknownValue
from incidents_api.rest import caching

HEADER = "X-Warnings"
LONGEST_HEADER = 2000
"""Characters: proxies refuse headers that are longer than a few thousand in all."""


def warnings_of(filterset: Any, moment: Moment, *, found: bool) -> list[UnknownValue]:
    """Return the warnings of the parameters of a list; `found` tells whether any record matches. Cached."""
    values = unknown_values.asked(filterset, found=found)
    if not values:
        return []
    key = f"warnings:{caching.digest(moment.at, moment.redacted, values)}"
    kept: list[UnknownValue] | None = cache.get(key)
    if kept is None:
        kept = unknown_values.unknown(values, moment)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def say(response: HttpResponseBase, warnings: Sequence[UnknownValue]) -> None:
    """Put warnings, if there are any, into the header of an answer that has no member for them."""
    if warnings:
        response[HEADER] = in_header(warnings)


def in_header(warnings: Sequence[UnknownValue]) -> str:
    """Return warnings as a JSON array in ASCII; where that is too long, the last member says how many are left out."""
    whole = _ascii(warnings)
    if len(whole) <= LONGEST_HEADER:
        return whole
    number = bisect_right(range(len(warnings)), LONGEST_HEADER, key=lambda number: len(_first(warnings, number))) - 1
    return _first(warnings, number)


def _first(warnings: Sequence[UnknownValue], number: int) -> str:
    """So many of the warnings, and how many are left out; longer the more there are."""
    left_out = len(warnings) - number
    more = {"left_out": left_out, "message": f"{left_out} more; JSON has all of them."}
    return _ascii([*warnings[:number], more])


def _ascii(said: Sequence[Any]) -> str:
    """JSON with escapes for what is not ASCII; orjson writes none."""
    text = orjson.dumps(said).decode()
    if text.isascii():
        return text
    units = text.encode("utf-16-be")
    pairs = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(unit) if unit < 0x80 else f"\\u{unit:04x}" for unit in pairs)
