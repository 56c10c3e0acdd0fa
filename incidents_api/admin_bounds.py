"""Limits on searches and filters in the admin, which could otherwise block the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from incidents_api.error_pages import answer
from incidents_api.parameters.errors import LONGEST_ECHO
from incidents_api.rest.errors import bad_request

SEARCHES = (SEARCH_VAR, "term")
"""The parameters that hold words: of lists, and of choices made by typing."""

SEARCH_CHARACTERS = 200
SEARCH_WORDS = 12
VALUE_CHARACTERS = 2000
"""Of any other parameter, such as the ids of a filter."""

NUMBER_DIGITS = 18
"""A number with as many always fits into 64 bits; SQLite fails on larger ones."""

CALENDAR = {"year": 9998, "month": 12, "day": 31}
"""The largest values of a date; Django adds a year to the year that it is asked for."""

CHOICES = ("incidents_choices", "autocomplete")
"""Names of the addresses that answer choices as JSON."""


class AdminBounds:
    """Answers 400 to a request to the admin whose parameters are too long or too costly.

    A list is shown without those parameters, and says what is wrong with each.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with 400 if parameters were left out."""
        response = self.get_response(request)
        if getattr(request, "admin_left_out", False) and response.status_code == 200:
            response.status_code = 400
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        """Refuse parameters before any view of the admin reads them."""
        match = request.resolver_match
        if match is None or match.app_name != "admin" or not request.user.is_staff:
            return None  # the admin itself sends all others to its login
        filters = str(match.url_name).endswith("_changelist")
        complaints = {
            name: text
            for name, values in request.GET.lists()
            if (text := _complaint(name, values) or (filters and _filter_complaint(name, values)))
        }
        if not complaints:
            return _refuse_selection(request) if request.method == "POST" else None
        said = " ".join(complaints.values())
        if match.url_name in CHOICES:
            return JsonResponse({"error": said, "results": [], "pagination": {"more": False}}, status=400)
        if request.method not in ("GET", "HEAD") or not filters:
            return answer(request, bad_request(said))  # an action must not reach rows that a filter would have left out
        _leave_out(request, complaints)
        return None


def _leave_out(request: HttpRequest, complaints: dict[str, str]) -> None:
    kept = request.GET.copy()
    for name, text in complaints.items():
        del kept[name]
        messages.error(request, f"{text} It was ignored in the list below.")
    request.GET = kept  # type: ignore[assignment]  # immutable to views, who only read it
    request.admin_left_out = True  # type: ignore[attr-defined]  # for `__call__`


def _refuse_selection(request: HttpRequest) -> HttpResponseBase | None:
    """Refuse an action whose selected rows have keys that no row can have."""
    modeladmin = getattr(request.resolver_match and request.resolver_match.func, "model_admin", None)
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if modeladmin is None or not chosen:
        return None
    key = modeladmin.model._meta.pk
    for value in chosen:
        try:
            key.run_validators(key.to_python(value))
            ProhibitNullCharactersValidator()(value)
        except ValidationError:
            return answer(
                request, bad_request(f"Invalid selection: {_short(value)!r}. Select the rows again in the list.")
            )
    return None


def _complaint(name: str, values: Sequence[str]) -> str:
    """Why a parameter is refused; empty if it is valid."""
    longest = max(map(len, (name, *values)))
    if name in SEARCHES and longest > SEARCH_CHARACTERS:
        return f"A search can have at most {SEARCH_CHARACTERS} characters (got {longest:,})."
    if name in SEARCHES:
        words = max((len(value.split()) for value in values), default=0)
        return f"A search can have at most {SEARCH_WORDS} words (got {words:,})." if words > SEARCH_WORDS else ""
    if longest > VALUE_CHARACTERS:
        return f"Parameter {_short(name)}: must have at most {VALUE_CHARACTERS:,} characters (got {longest:,})."
    return ""


def _filter_complaint(name: str, values: Sequence[str]) -> str:
    """Why a list filter is refused; empty if it is valid."""
    if name in SEARCHES:
        return ""
    lookup = name.rpartition("__")[2]
    if lookup in ("regex", "iregex"):
        return f"Parameter {_short(name)}: regular expressions are not supported here; use __contains."
    if largest := CALENDAR.get(lookup):
        wrong = [
            value for value in values if not (len(value) <= 4 and value.isdecimal() and 1 <= int(value) <= largest)
        ]
        must = f"Parameter {_short(name)}: must be a number from 1 to {largest}"
        return f"{must} (got {_short(wrong[0])!r})." if wrong else ""
    for part in ",".join(values).split(","):
        if len(digits := part.strip().lstrip("+-")) > NUMBER_DIGITS and digits.isdecimal():
            return f"Parameter {_short(name)}: numbers must have at most {NUMBER_DIGITS} digits (got {len(digits):,})."
    return ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
