"""Finds distances and directions from a place that may be named: “12 km north-east of the town”."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from incidents.publishing.revealing_text.findings import Finding

_UNIT = (
    r"(?:km|kms|kilomet(?:re|er)s?|mi(?:les?)?|nm|n\.?m\.?|nautical\smiles?|км|кілометр\p{L}{0,3}|километр\p{L}{0,3}"
    r"|kilómetros|kilomètres|کم|كم|كيلومتر\p{L}{0,3})"
)
_SIDE = (
    r"(?:(?-i:[NS][NSEW]{0,2}|[EW][NS]?[EW]?)(?!\p{L})|(?:north|south|east|west)\p{L}{0,8}(?:[\s-](?:north|south|east|west)\p{L}{0,3})?"
    r"|(?:півн|півд|схід|сход|захід|заход|північ|південь|север|юг|юж|восток|восточ|запад)\p{L}{0,8}"
    r"|nord\p{L}{0,5}|sud\p{L}{0,5}|est|ouest|nor(?:te|este|oeste)|sur(?:este|oeste)?|este|oeste"
    r"|(?:ال)?(?:شمال|جنوب|شرق|غرب)\p{L}{0,2})"
)
_AWAY = regex.compile(
    rf"(?i)(?<![\p{{L}}\p{{N}}])\d{{1,4}}(?:[.,]\d{{1,2}})?\s?{_UNIT}\.?\s"
    rf"(?:(?:to\sthe|due|на|к|до|від|в|у|au|à\sl['’]|al|إلى|the|directly|straight)\s?){{0,2}}{_SIDE}"
)


def find(text: str) -> Iterator[Finding]:
    """Distances with a direction after them."""
    for found in _AWAY.finditer(text):
        yield Finding(*found.span(), "coordinate", found[0], "", "gives a distance and a direction", possible=True)
