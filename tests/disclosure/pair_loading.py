"""Files about incidents that are held back, which say different things in the two worlds of a pair."""

from __future__ import annotations

from typing import Any

from incidents import publishing
from tests.disclosure.loading import load_rows, profile_of
from tests.disclosure.pair_values import DAYS, LEVELS
from tests.factories import DatasetFactory, IncidentFactory

PROFILE = profile_of(
    "Loaded",
    "Ukraine",
    """admin1 = { constant = "Region 1" }
latitude = "lat"
longitude = "lon"
[incident.killed]
best = "killed"
""",
)


def load_held_back(bit: int, number: int, place: Any) -> None:
    """Publish incidents that are held back, load a file about them, and again with corrections.

    The second file says in each world what the first said in the other; `bit` also turns the order of the rows.
    """
    dataset = DatasetFactory(public_id="loaded", name="Loaded")
    day = DAYS["both"][bit]
    publishing.publish(
        [
            IncidentFactory(
                public_id=f"loaded-{n}",
                dataset=dataset,
                location=place,
                date_start=day,
                date_end=day,
                **LEVELS["both"],
            )
            for n in range(number)
        ]
    )
    for said in (bit, 1 - bit):
        load_rows(PROFILE, _rows(said, number)[:: 1 - 2 * bit])


def _rows(said: int, number: int) -> list[dict[str, Any]]:
    town, name = (("Thetaville", "Theta"), ("Iotaburg", "Iota"))[said]
    return [
        {
            "id": f"loaded-{n}",
            "text": f"Shots in {town}.",
            "day": (f"2022-08-{6 + n:02}", f"2022-08-{26 - n:02}")[said],
            "town": f"{town} {n}",
            "lat": (48.31, 48.52)[said],
            "lon": (38.31, 38.62)[said],
            "killed": 1,
            "actor": f"{name} band {n}",
            "headline": f"{name} Courier {n}",
            "address": f"https://{name.lower()}.example.org/{n}",
        }
        for n in range(number)
    ]
