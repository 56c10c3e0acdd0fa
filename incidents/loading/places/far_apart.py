"""Places of one name that a file puts into no area, though its rows have them far apart: they may be several."""

from __future__ import annotations

from collections.abc import Mapping

from incidents.loading.staging.parsed import PlaceFacts, Point
from incidents.publishing.revealing_text.geography import distance_km

FAR_KM = 100.0
"""No town is so large, and few events that are told of one are so far from it."""

FAR_APART = (
    "places of one name, in no country or region by the file, that its rows have more than 100 km apart; each is one "
    "place here. Give the column of the country or region, or an id for each"
)


def far_apart(facts: Mapping[str, PlaceFacts], corners: Mapping[str, tuple[Point, Point]]) -> list[str]:
    """Return a line for each such place, with the corners of the box around its rows."""
    lines = []
    for place, (low, high) in sorted(corners.items()):
        alone = facts.get(place)
        if alone is None or alone.kind != "settlement" or alone.parent or alone.country_code:
            continue
        if (km := distance_km(low, high)) > FAR_KM:
            lines.append(f"{place} ({alone.name}): between {_degrees(low)} and {_degrees(high)}, {km:,.0f} km")
    return lines


def _degrees(point: Point) -> str:
    return f"{point[0]:g}, {point[1]:g}"
