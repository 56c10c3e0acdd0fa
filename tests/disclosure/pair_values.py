"""What may differ between the two worlds of a pair: places, days and values of own fields, each in two forms."""

from __future__ import annotations

from datetime import date
from typing import Any

LEVELS: dict[str, dict[str, str]] = {
    "admin2": {"place_disclosure": "admin2"},
    "admin1": {"place_disclosure": "admin1"},
    "country": {"place_disclosure": "country"},
    "month": {"date_disclosure": "month"},
    "year": {"date_disclosure": "year"},
    "both": {"place_disclosure": "admin1", "date_disclosure": "month"},
}
TOWNS = {  # id → name, in another script, district, latitude, longitude
    "alphaville": ("Alphaville", "Альфавіль", 1, 48.11, 38.11),
    "betatown": ("Betatown", "Бетатаун", 1, 48.27, 38.43),
    "gammaburg": ("Gammaburg", "Гаммабург", 2, 48.61, 38.93),
    "deltaport": ("Deltaport", "Дельтапорт", 3, 50.03, 36.21),
}
UNKNOWN = {"epsilonby": ("Epsilonby", 1, 48.15, 38.2), "zetaville": ("Zetaville", 1, 48.2, 38.3)}
"""Towns that no reader has heard of, in either world."""

PAIRS = {
    "admin2": ("alphaville", "betatown"),
    "admin1": ("alphaville", "gammaburg"),
    "country": ("alphaville", "deltaport"),
    "both": ("betatown", "gammaburg"),
}
DAYS = {
    "month": (date(2022, 8, 4), date(2022, 8, 20)),
    "both": (date(2022, 8, 5), date(2022, 8, 31)),
    "year": (date(2022, 3, 4), date(2022, 9, 14)),
}
SHOWN_DAY = date(2022, 7, 7)
OWN: tuple[tuple[str, str, Any, Any], ...] = (
    ("village", "text", "Pavlo hamlet", "Semen hamlet"),
    ("quarter", "code", "north", "south"),
    ("means", "codes", ["north"], ["north", "south"]),
    ("crew", "integer", 313, 727),
    ("cost", "number", 1.25, 88.5),
    ("at_night", "boolean", True, False),
    ("seen", "date", "2022-08-01", "2022-08-19"),
    ("clock", "time", "04:10", "22:50"),
    ("page", "link", "https://north.example.org/a", "https://south.example.org/b"),
    ("held", "range", {"low": 1, "best": 2, "high": 3}, {"low": 4, "best": 5, "high": 6}),
    ("only_one", "text", "Told", None),
)
CODES = [{"code": each, "label": each.capitalize()} for each in ("north", "south")]

WAYS = ("never", "reduced", "late", "withdrawn", "merged", "edited", "finer", "renamed")
