"""FilterSets that take no parameter they do not declare and build only the filters that were asked for.

django-filter copies every filter and makes a form class for each request; with forty parameters that costs more than
the query. Here a request pays for the parameters it sends: each is read by the field of its declared filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters

from incidents_api.parameters.errors import InvalidParametersError, ParameterError, nearest, parameter_error
from incidents_api.parameters.values import Parameter, RefusedValueError

if TYPE_CHECKING:
    from django.http import QueryDict
    from rest_framework.request import Request


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
        """Return the one field; it keeps no state."""
        return self._parameter

    @property
    def takes_many(self) -> bool:
        """Tell whether the value is a list; joined by commas and given piece by piece are the same."""
        return self._parameter.schema.get("type") == "array"

    def filter(self, qs: Any, value: Any) -> Any:
        """Return the queryset narrowed by the value; a parameter without a meaning leaves it alone."""
        return self.meaning(qs, value) if self.meaning else qs


class StrictFilterSet(django_filters.FilterSet):
    """Refuses unknown, empty and malformed parameters, and single ones that are repeated, all of them at once."""

    base_filters: ClassVar[Mapping[str, ParameterFilter]]
    dearest: ClassVar[tuple[str, ...]] = ()
    """Parameters that can make a question dear, the dearest first: an answer that takes too long names one."""

    def __init__(self, data: QueryDict, queryset: Any, *, request: Request | None = None) -> None:
        self.data = data
        self.queryset = queryset
        self.request = request
        self.is_bound = True
        self.form_prefix = None
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
        known = self.base_filters
        for name, given in self.data.lists():
            declared = known.get(name)
            if declared is None:
                error = parameter_error(name, given[0], "There is no such parameter here.")
                yield {**error, "suggestion": nearest(name, known)}  # of the name, not of the value
            elif len(given) > 1 and not declared.takes_many:
                yield parameter_error(name, ",".join(given), "Is given more than once, and takes one value.")
            else:
                value = ",".join(given)  # some generated clients repeat a list's name for each of its values
                try:
                    self.values[name] = declared.field.clean(value)
                except RefusedValueError as refused:
                    yield parameter_error(name, refused.value or value, str(refused.message), refused.known)

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Return what is wrong with the parameters taken together."""
        return []

    @cached_property
    def qs(self) -> Any:
        """Return the queryset narrowed by all parameters that have been read; made once."""
        return self.narrowed()

    def narrowed(self) -> Any:
        """Make the queryset narrowed by all parameters."""
        queryset = self.queryset
        for name, value in self.values.items():
            queryset = self.base_filters[name].filter(queryset, value)
        return queryset


def operation_parameter(name: str, declared: ParameterFilter) -> dict[str, Any]:
    """Return one parameter as OpenAPI describes it."""
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
    if declared.example is not None:
        parameter["example"] = declared.example
    return parameter
