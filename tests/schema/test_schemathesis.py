"""Whatever a client can make of the schema, the API answers as the schema says.

`SCHEMATHESIS_EXAMPLES=100 make test-slow ARGS='-k schemathesis'` looks further, `SCHEMATHESIS_VERSION=3.0` at the
other document.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from incidents.query.filters import IncidentFilterSet
from incidents_api.wsgi import application
from tests.schema.golden import golden
from tests.schema.lawful import obey

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("history")]

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES")
examples = settings(max_examples=int(EXAMPLES or 12), suppress_health_check=list(HealthCheck))


def loaded(*, systematic: bool) -> BaseSchema:
    """Return the schema over the application; `systematic` also tries each parameter at each of its bounds."""
    schema = schemathesis.openapi.from_dict(golden(os.environ.get("SCHEMATHESIS_VERSION", "3.1")))
    schema.app = application
    schema.config.phases.coverage.enabled = systematic
    schema.config.checks.positive_data_acceptance.expected_statuses = ["200", "304", "308", "404", "410"]
    schema.config.checks.negative_data_rejection.expected_statuses.append("413")  # of bodies beyond bounds
    schema.config.generation.allow_x00 = False  # the server refuses them, as PostgreSQL does
    return schema


def ask(case: Case[Any]) -> None:
    if case.meta and case.meta.generation.mode.is_positive:
        if isinstance(case.query, MutableMapping):
            obey(case.query)
        if isinstance(case.body, MutableMapping):
            _obey_in_a_body(case.body)
    if (case.path_parameters or {}).get("id") in ("count", "cite", "aggregate"):
        case.path_parameters["id"] = "one"  # those are addresses of lists
    case.call_and_validate()


LISTS = {"bbox": float, "near": float, "country": str}
"""What bodies have as lists and addresses as text, and rules between parameters look at."""


def _obey_in_a_body(body: MutableMapping[str, Any]) -> None:
    for name in set(body) - set(IncidentFilterSet.base_filters):
        del body[name]  # more are allowed, since datasets declare fields of their own: which, no schema can say
    lists = [name for name in LISTS if isinstance(body.get(name), list)]
    body.update({name: ",".join(map(str, body[name])) for name in lists})
    obey(body)
    body.update({name: [LISTS[name](each) for each in body[name].split(",")] for name in lists if name in body})


@loaded(systematic=True).include(path_regex=r"^/api/v1/(incidents/.*)?$").parametrize()
@examples
def test_incidents_keep_to_the_schema(case: Case[Any]) -> None:
    ask(case)


@loaded(systematic=bool(EXAMPLES)).exclude(path_regex=r"^/api/v1/(incidents/.*)?$").parametrize()
@examples
def test_other_resources_keep_to_the_schema(case: Case[Any]) -> None:
    ask(case)
