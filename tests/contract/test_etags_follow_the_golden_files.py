"""A commit that changes the bytes of answers changes what their ETags are made of."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents_api.representation import PUBLIC_BYTES
from tests.contract.golden import digest


def test_golden_files_and_etags_change_together() -> None:
    assert digest() == PUBLIC_BYTES, (
        "A golden file of public answers has changed (docs/openapi-*.json or tests/upgrades/answers.json.xz), and "
        "PUBLIC_BYTES in incidents_api/representation.py has not: caches would take old answers for new ones. "
        "If the change is meant, run `make schema` and commit what it writes."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["incidents/", "incidents.csv", "locations/count/", "codebook/", "changes/", ""])
def test_an_etag_of_other_code_is_another_etag(api: APIClient, settings: Any, address: str) -> None:
    before = api.get(f"/api/v1/{address}")["ETag"]
    assert api.get(f"/api/v1/{address}", headers={"If-None-Match": before}).status_code == 304
    settings.CODE_VERSION = "other"
    assert api.get(f"/api/v1/{address}", headers={"If-None-Match": before}).status_code == 200
