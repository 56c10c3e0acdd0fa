"""The keys of `[incident.date]`: where a row says when it was, and how dates are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator

from incidents import vocabulary
from incidents.loading.dates.formats import FormatError
from incidents.loading.dates.reader import DateReader
from incidents.loading.dates.readings import latest_today
from incidents.loading.profiles import cell_types as types
from incidents.loading.profiles import syntax
from incidents.loading.profiles.cell_types import coded
from incidents.loading.profiles.cell_values import CellValue
from incidents.loading.profiles.syntax import Keys, Texts, cell, checked, one_of

ABSENT: Any = None
"""The default of a key that says where a value comes from: nothing is said then."""


def _date(raw: Any, info: Any, *, required: bool = False) -> CellValue:
    """Read a value whose cells are dates in the formats that its table names."""
    keys = info.data
    formats, southern = keys.get("formats") or types.ISO_DAY, keys.get("seasons") == "southern"
    reader = DateReader(formats, keys.get("pivot"), southern=southern)
    return syntax.parse_value(raw, syntax.Wanted(types.dates(reader), required))


def _required(raw: Any, info: Any, read: Callable[..., CellValue]) -> CellValue:
    """Read what tells the date, which no row may lack unless the profile says that it is unknown then."""
    return read(raw, info, required=info.data.get("missing") != "unknown")


def _formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    for form in formats:
        try:
            DateReader([form])
        except FormatError as error:
            raise syntax.fault(str(error)) from None
    return formats


def _figure(raw: Any, info: Any, *, required: bool) -> CellValue:
    return syntax.parse_value(raw, syntax.Wanted(types.FIGURE, required))


Date = Annotated[CellValue, PlainValidator(_date)]
Formats = Annotated[Texts, AfterValidator(_formats)]
_YEAR = checked(
    lambda raw: syntax.is_whole(raw, 1) and raw <= latest_today().year, "a year that is not in the future, such as 1950"
)
_WIDENING = checked(
    lambda raw: raw in ("month", "year") or syntax.is_whole(raw, 0), 'a number of days, "month" or "year"'
)
Figure = Annotated[CellValue, cell(types.FIGURE)]


class DateKeys(Keys):
    """Start, end and precision, from columns of their own."""

    formats: Formats = types.ISO_DAY
    pivot: Annotated[int | None, _YEAR] = Field(default=None, validate_default=False)
    seasons: Annotated[str, one_of("northern", "southern")] = "northern"
    missing: Annotated[str, one_of("refuse", "unknown")] = "refuse"
    start: Annotated[CellValue, PlainValidator(lambda raw, info: _required(raw, info, _date))]
    end: Date = ABSENT
    precision: Annotated[CellValue, cell(coded(vocabulary.DATE_PRECISIONS))] = ABSENT
    widen: dict[
        Annotated[str, syntax.code_of(vocabulary.DATE_PRECISIONS, "date precision")], Annotated[int | str, _WIDENING]
    ] = {}

    @property
    def tells_end(self) -> bool:
        """Tell whether the start alone can mean more than a day, and so tells the end."""
        return DateReader(self.formats).can_be_longer

    @property
    def parts(self) -> tuple[CellValue, ...]:
        """Year, month and day, if the date is told by those; the later ones may be unknown."""
        return ()


class CalendarKeys(DateKeys):
    """Year, month and day instead of start and end."""

    start: Date = ABSENT
    year: Annotated[CellValue, PlainValidator(lambda raw, info: _required(raw, info, _figure))]
    month: Annotated[CellValue, cell(types.MONTH)] = ABSENT
    day: Figure = ABSENT

    @property
    def parts(self) -> tuple[CellValue, ...]:
        """Year, month and day."""
        return self.year, self.month, self.day
