"""FilterSets that accept only declared parameters and build only the filters that a request uses.

django-filter copies every filter and makes a form class for each request; with forty parameters that costs more than
the query. Here a request costs only the parameters it sends: each is parsed by the field of its declared filter.

A field raises `RefusedValueError`, which lists the values it knows where they can be listed; the answer then suggests
the nearest of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from incidents_api.parameters.errors import (
    ErrorCode,
    InvalidParametersError,
    ParameterError,
    nearest,
    parameter_error,
)
from incidents_api.parameters.words_of_others import WORDS_OF_OTHERS, normalised

if TYPE_CHECKING:
    from django.http import QueryDict
    from rest_framework.request import Request


_DECIMAL = re.compile(r"[-+]?(\d{1,16}(\.\d{0,24})?|\.\d{1,24})([eE][-+]?\d{1,3})?")
"""What programs write of a float: 17 digits and their zeros, or an exponent."""


class RefusedValueError(ValidationError):
    """A value that cannot be taken: why, the values that are known, and the offending part of a list.

    Without a code, a value that could be compared with known ones is unknown, and any other is invalid.
    """

    def __init__(
        self, message: str, known: Collection[str] = (), value: str | None = None, *, code: ErrorCode | None = None
    ) -> None:
        super().__init__(message)  # without params: a % in what was sent is no placeholder
        self.known = list(known)
        self.value = value
        self.error_code: ErrorCode = code or ("unknown_value" if self.known else "invalid_value")


class Parameter(forms.Field):
    """A value in a query: never empty, given once; `schema` describes it to OpenAPI."""

    widget = forms.TextInput
    in_address = ""
    """What there is to know of the form of its values in an address."""

    def __init__(self, *, schema: dict[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.schema: dict[str, Any] = schema or {"type": "string"}

    def clean(self, value: Any) -> Any:
        """Parse and validate the value; raises ValidationError."""
        if value is None or value == "":
            raise RefusedValueError("Must not be empty. Omit the parameter, or give a value.", code="empty_value")
        if "\x00" in value:
            raise RefusedValueError("Must not contain a null character.", code="unreadable_value")
        return self.read(value)

    def read(self, value: str) -> Any:
        """Parse a non-empty text."""
        raise NotImplementedError

    def decimal(self, text: str, what: str, low: float, high: float) -> float:
        """Return a number within bounds, else raise RefusedValueError that calls it `what`."""
        stripped = text.strip()
        if not _DECIMAL.fullmatch(stripped) or not stripped.isascii():
            raise RefusedValueError(f"{what} must be a number, such as 38.5 (got “{stripped[:40]}”).")
        number = float(stripped)
        if not math.isfinite(number) or not low <= number <= high:
            raise RefusedValueError(f"{what} must be from {low:g} to {high:g} (got {stripped}).", code="out_of_range")
        return number


class ParameterFilter(django_filters.Filter):
    """A declared parameter: its field reads the value, `method` says what it means for the queryset."""

    def __init__(
        self, field: Parameter, meaning: Any = None, *, label: str, example: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(label=label, **kwargs)
        self._parameter = field
        self.meaning = meaning
        self.example = example
        field.label = None
        field.help_text = label

    @property
    def field(self) -> Parameter:
        """The form field of the filter; it is stateless and shared."""
        return self._parameter

    @property
    def takes_many(self) -> bool:
        """True for lists; comma-separated and repeated parameters are equivalent."""
        return self._parameter.schema.get("type") == "array"

    def filter(self, qs: Any, value: Any) -> Any:
        """The queryset with the condition of the value; unchanged if the filter has no meaning."""
        return self.meaning(qs, value) if self.meaning else qs


class StrictFilterSet(django_filters.FilterSet):
    """Refuses unknown, empty and malformed parameters, and single ones that are repeated, all of them at once."""

    base_filters: ClassVar[Mapping[str, ParameterFilter]]
    dearest: ClassVar[tuple[str, ...]] = ()
    """Parameters that can make a query slow, slowest first; a timeout names one of them."""
    data_prefix: ClassVar[str] = ""
    """How the names of parameters begin that data declares."""

    def __init__(self, data: QueryDict, queryset: Any, *, request: Request | None = None) -> None:
        self.data = data
        self.queryset = queryset
        self.request = request
        self.is_bound = True
        self.form_prefix = None
        self.found: dict[str, ParameterFilter] = {}
        """The parameters that are given."""
        self.values: dict[str, Any] = {}
        """Each given parameter's typed value."""

    def read(self) -> dict[str, Any]:
        """Read all parameters; raises InvalidParametersError, which names every one that cannot be taken."""
        errors = list(self._errors())
        errors += self.check(self.values) if not errors else []
        if errors:
            raise InvalidParametersError(errors)
        return self.values

    def _errors(self) -> Iterator[ParameterError]:
        # Parameters that are declared by data come last: what they mean depends on the values of others.
        for name, given in sorted(self.data.lists(), key=lambda item: item[0].startswith(self.data_prefix or "\0")):
            try:
                declared = self.find(name)
            except RefusedValueError as refused:  # of the name, not of the value
                error = parameter_error(name, given[0], str(refused.message), code="unknown_parameter")
                yield {**error, "suggestion": next(iter(refused.known), None)}
                continue
            if declared is None:
                yield self._unknown(name, given[0])
            elif len(given) > 1 and not declared.takes_many:
                yield parameter_error(name, ",".join(given), "Must be given only once.", code="repeated_parameter")
            else:
                yield from self._take(name, declared, ",".join(given))

    def _unknown(self, name: str, value: str) -> ParameterError:
        """Error of an unknown parameter, with what other APIs call so, else with the closest name."""
        if word := WORDS_OF_OTHERS.get(normalised(name)):
            names = [each for each in word.names if each in self.base_filters]
            if names or not word.names:
                error = parameter_error(name, value, word.message(names), code="unknown_parameter")
                return {**error, "suggestion": next(iter(names), None)}
        error = parameter_error(name, value, "Unknown parameter.", code="unknown_parameter")
        return {**error, "suggestion": nearest(name, self.names_like(name))}

    def _take(self, name: str, declared: ParameterFilter, value: str) -> Iterator[ParameterError]:
        """Read a value; some generated clients repeat a list's name for each of its values, which come joined."""
        try:
            self.values[name] = declared.field.clean(value)
            self.found[name] = declared
        except RefusedValueError as refused:
            yield parameter_error(
                name, refused.value or value, str(refused.message), refused.known, code=refused.error_code
            )

    def find(self, name: str) -> ParameterFilter | None:
        """Return the declared parameter of a name. Raises RefusedValueError for one that cannot be chosen."""
        return self.base_filters.get(name)

    def names_like(self, name: str) -> Iterable[str]:
        """Return the names of the parameters that a name may have meant."""
        return self.base_filters

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Errors of combinations of parameters; an empty list if there are none."""
        return []

    @cached_property
    def qs(self) -> Any:
        """The queryset with the conditions of all parameters; cached."""
        return self.narrowed()

    def narrowed(self) -> Any:
        """Make the queryset narrowed by all parameters."""
        queryset = self.queryset
        for name, value in self.values.items():
            queryset = self.found[name].filter(queryset, self.meant(name, value))
        return queryset

    def meant(self, name: str, value: Any) -> Any:
        """Return what the value of a parameter means, if that depends on more than the value."""
        return value


def operation_parameter(name: str, declared: ParameterFilter) -> dict[str, Any]:
    """OpenAPI parameter object of a declared filter."""
    schema = dict(declared.field.schema)
    parameter: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": False,
        "description": re.sub(r"\s+", " ", str(declared.label)),
        "schema": schema,
    }
    if declared.takes_many:
        parameter |= {"style": "form", "explode": False}
        if declared.field.in_address:
            parameter["description"] += f" {declared.field.in_address}"
    if declared.example is not None:
        parameter["example"] = declared.example
    return parameter
