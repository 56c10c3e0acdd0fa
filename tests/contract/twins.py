"""One story told to any database: what is published, edited and merged, and every answer about it afterwards.

`python -m tests.contract.twins SEED` tells it to the empty database of the environment and prints it as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from tests.twins import edited, tell

EDITS = 40
OF_THE_PROCESS = {"Content-Security-Policy"}
"""A header whose parts come in an order that each process chooses."""


def story(seed: int) -> dict[str, Any]:
    """Publish and edit a world; return the revisions, and each address with the status, headers and body it answers."""
    from rest_framework.test import APIClient

    from incidents.ledger.models import Publication, Revision
    from tests.contract.test_drafts_change_no_public_byte import addresses
    from tests.query.world import clock

    api = APIClient(SERVER_NAME="localhost")
    told: dict[str, Any] = {}
    with clock() as later:
        editors = edited(seed, later, incidents=30, edits=EDITS)
        for address in addresses(editors.world):
            answer = api.get(f"/api/v1/{address}")
            headers = sorted(pair for pair in answer.items() if pair[0] not in OF_THE_PROCESS)
            told[address] = [answer.status_code, [list(pair) for pair in headers], answer.getvalue().decode()]
    told["publications"] = list(Publication.objects.order_by("seq").values_list("seq", "counts", "totals"))
    told["revisions"] = list(
        Revision.objects.order_by("id").values_list("id", "change", "fields", "digest", "document")
    )
    return json.loads(json.dumps(told))  # type: ignore[no-any-return]  # tuples become lists, as on the other side


if __name__ == "__main__":
    tell(story)
