"""Declarations and values that come from other servers are checked before anything is made of them."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.ledger.attribute_indexes import expression
from incidents.ledger.models import Revision
from incidents.mirroring.validation import _own_fields
from incidents.models import Incident

pytestmark = pytest.mark.django_db


def published(kind: str, public_id: str) -> dict[str, Any]:
    """Return a document that is public."""
    found: dict[str, Any] = Revision.objects.live().of(kind, [public_id]).documents()[public_id]
    return found


def test_what_this_server_publishes_is_taken(incidents: list[Incident]) -> None:
    assert _own_fields("dataset", published("dataset", "one")) == ""
    assert all(_own_fields("incident", published("incident", f"one-{number}")) == "" for number in range(1, 6))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "a') --"}, "must be a lower-case letter"),
        ({"formerly": ["x' OR 1=1"]}, "must be a lower-case letter"),
        ({"name": "crew"}, "the name crew is taken"),
        ({"codes": []}, "must list at least one code"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_refused(
    incidents: list[Incident], changes: dict[str, Any], said: str
) -> None:
    dataset = published("dataset", "one")
    dataset["attributes"] = [dataset["attributes"][0] | changes, *dataset["attributes"][1:]]
    assert said in _own_fields("dataset", dataset)


def test_no_name_becomes_sql() -> None:
    with pytest.raises(ValueError, match="No field can be named"):
        expression("sqlite", "code", "a') --")
