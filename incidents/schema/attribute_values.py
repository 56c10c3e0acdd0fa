"""Values of the fields that datasets bring themselves: what fits a field, what is published, what the index holds."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from incidents.schema.attributes import NAME, RANGE, Attribute, Values
from incidents.text_checks import (
    ADDRESS,
    LONG_TEXT,
    STORABLE,
    TIME_FORM,
    TIME_OF_DAY,
    is_storable,
    is_web_address,
    length_expected,
)

FARTHEST = 2_000_000_000


class AttributeValueError(ValueError):
    """A value does not fit its field; the message says what is expected."""


def checked(attribute: Attribute, value: Any) -> Any:
    """Return a value as documents hold it, None for no value. Raises AttributeValueError."""
    if value is None or value == "" or value == []:
        return None
    return _CHECKS[attribute.type](attribute, value)


def _code(attribute: Attribute, value: Any) -> str:
    known = attribute.by_code.get(value) if isinstance(value, str) else None
    if known is None:
        raise AttributeValueError(f"must be one of {_listed(attribute)} (got {_shown(value)})")
    if known.merged_into:
        raise AttributeValueError(f"{known.code} was merged into {known.merged_into}: use {known.merged_into}")
    return known.code


def _codes(attribute: Attribute, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise AttributeValueError(f"must be a list of codes (got {_shown(value)})")
    codes = [_code(attribute, each) for each in value]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise AttributeValueError(f"names {', '.join(twice)} more than once")
    return codes


def _text(attribute: Attribute, value: Any) -> str:
    if not isinstance(value, str):
        raise AttributeValueError(f"must be a text (got {_shown(value)})")
    if len(value) > LONG_TEXT:
        raise AttributeValueError(f"must have {length_expected(LONG_TEXT, len(value))}")
    if not is_storable(value):
        raise AttributeValueError(f"must be {STORABLE}")
    return value


def _link(attribute: Attribute, value: Any) -> str:
    text = _text(attribute, value)
    if not is_web_address(text):
        raise AttributeValueError(f"must be {ADDRESS} (got {_shown(value)})")
    return text


def _integer(attribute: Attribute, value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise AttributeValueError(f"must be a whole number (got {_shown(value)})")
    if not -FARTHEST <= value <= FARTHEST:
        raise AttributeValueError(f"must be between {-FARTHEST:,} and {FARTHEST:,} (got {value:,})")
    return value


def _number(attribute: Attribute, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise AttributeValueError(f"must be a number (got {_shown(value)})")
    if abs(value) > 1e15:
        raise AttributeValueError(f"must be between -1e15 and 1e15 (got {_shown(value)})")
    return value


def _boolean(attribute: Attribute, value: Any) -> bool:
    if not isinstance(value, bool):
        raise AttributeValueError(f"must be true or false (got {_shown(value)})")
    return value


def _date(attribute: Attribute, value: Any) -> str:
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "").isoformat()
    except ValueError:
        raise AttributeValueError(f"must be a day as YYYY-MM-DD (got {_shown(value)})") from None


def time_of_day(value: Any) -> str:
    """Return a time of day as HH:MM, or HH:MM:SS where there are seconds. Raises AttributeValueError."""
    if isinstance(value, str) and TIME_OF_DAY.fullmatch(value):
        return value[:5] if value.endswith(":00") and len(value) == 8 else value
    raise AttributeValueError(f"must be {TIME_FORM} (got {_shown(value)})")


def _range(attribute: Attribute, value: Any) -> dict[str, int | None] | None:
    if not isinstance(value, Mapping) or not set(value) <= set(RANGE):
        raise AttributeValueError(f"must be an object of low, best and high (got {_shown(value)})")
    parts = {part: None if value.get(part) in (None, "") else _integer(attribute, value[part]) for part in RANGE}
    known = [(part, number) for part, number in parts.items() if number is not None]
    for (lower, small), (higher, large) in itertools.pairwise(known):
        if small > large:
            raise AttributeValueError(f"{higher} ({large:,}) is less than {lower} ({small:,})")
    return parts if known else None


_CHECKS: dict[str, Callable[[Attribute, Any], Any]] = {
    "code": _code,
    "codes": _codes,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "time": lambda _, value: time_of_day(value),
    "link": _link,
    "range": _range,
}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _listed(attribute: Attribute) -> str:
    usable = [code.code for code in attribute.codes if not code.merged_into]
    return ", ".join(usable[:20]) + (f" and {len(usable) - 20} more" if len(usable) > 20 else "")


def fault_of(values: Any) -> str:
    """What is wrong with the attributes of a document of unknown origin: the path and what is expected, or ""."""
    if not isinstance(values, dict):
        return ".attributes must be an object"
    for name, value in values.items():
        if not NAME.fullmatch(name):
            return f".attributes has the name {name[:40]!r}, which no field can have"
        if not _is_value(value):
            return f".attributes.{name} must be a text, a number, true, false, a list of codes, or low, best and high"
    return ""


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, str) and " " not in each for each in value)
    if isinstance(value, dict):
        return set(value) == set(RANGE) and all(each is None or type(each) is int for each in value.values())
    return isinstance(value, str | int | float)


def index_values(values: Values) -> dict[str, Any] | None:
    """Return what the index holds of an incident's attributes, None for nothing; see `index_key`."""
    if not values:
        return None
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            found[f"s_{name}"] = "true" if value else "false"
        elif isinstance(value, int | float):
            found[f"n_{name}"] = value
        elif isinstance(value, list):
            found[f"m_{name}"] = " ".join(value)
        elif isinstance(value, dict):
            found |= {f"{key}_{name}": value[part] for part, key in RANGE_KEYS.items() if value[part] is not None}
        elif len(value) <= LONGEST_INDEXED:
            found[f"s_{name}"] = value
    return found or None


RANGE_KEYS = {"low": "l", "best": "n", "high": "h"}
"""By what members of a range are known in the index; the best figure is asked for like any number."""

LONGEST_INDEXED = 60
"""Characters of a code, a day and a time; longer texts are found by their words."""

KEYS = {"integer": "n", "number": "n", "range": "n", "codes": "m"}


def index_key(attribute_type: str, name: str, part: str = "best") -> str:
    """Return the key of a value in the index: its sort (`s` texts, `n` numbers, `m` lists), then its name.

    The value alone tells its sort, so entries are made from documents without their declarations, and fields of two
    datasets that have one name and different types are apart.
    """
    sort = RANGE_KEYS[part] if attribute_type == "range" else KEYS.get(attribute_type, "s")
    return f"{sort}_{name}"


FACET = "own"
"""The facet of the codes of lists; the name of the field and the code follow."""


def facets(values: Values) -> Iterator[tuple[str, str, str]]:
    """Yield each facet by which lists of codes are found, with the name of the field and the code."""
    for name, value in values.items():
        if isinstance(value, list):
            yield from ((FACET, name, code) for code in value)


_NO_WORDS = re.compile(r"https?:|[0-9]{4}-[0-9]{2}-[0-9]{2}$|[0-9]{2}:[0-9]{2}", re.IGNORECASE)


def searched(values: Values) -> Iterator[str]:
    """Yield the texts whose words find an incident: texts and codes, but no days, times and links."""
    for value in values.values():
        if isinstance(value, str) and not _NO_WORDS.match(value):
            yield value
        elif isinstance(value, list):
            yield from value


def published(values: Values, attributes: Iterable[Attribute]) -> dict[str, Any]:
    """Return the attributes of an incident's document: values of public fields, in the order of the declarations.

    A code that was merged is replaced by the one that it was merged into. Raises AttributeValueError, which names the
    field, for a value that does not fit its field.
    """
    found: dict[str, Any] = {}
    for attribute in attributes:
        if not attribute.public:
            continue
        try:
            value = checked(attribute, _replaced(attribute, attribute.value_in(values)))
        except AttributeValueError as error:
            raise AttributeValueError(f"attributes.{attribute.name} {error}") from None
        if value is not None:
            found[attribute.name] = value
    return found


def _replaced(attribute: Attribute, value: Any) -> Any:
    if attribute.type == "code":
        return attribute.latest(value)
    if attribute.type == "codes" and isinstance(value, list):
        return list(dict.fromkeys(attribute.latest(each) for each in value))
    return value
