"""What requests cost, by the address that they come from. What is not for programs and readers costs nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.conf import settings

from incidents_api.addresses import address_group, address_in
from incidents_api.rest.errors import Problem
from incidents_api.serving.limits import Counter, Policy, Verdict, headers
from incidents_api.serving.refusals import too_many_requests

FREE = ("/api/v1/docs/", "/api/v1/redoc/", "/api/v1/schema/")
ROWS_A_UNIT = 100
SEARCH_UNITS = 10
"""What a search costs: as much as a page of a thousand records."""
_LIMIT = re.compile(r"(?:^|&)limit=([0-9]{1,4})(?:&|$)")


MEMORY = Path("/dev/shm")  # noqa: S108 - the file is ours alone: its name is a keyed hash, and its mode 0600


def _file() -> Path:
    """File for counting requests, in memory if the system supports it.

    In a file on a disk that is being written to, each count could have to wait for that.
    """
    var = Path(settings.VAR_DIR)
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return var / "rates"
    name = blake2b(str(var).encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()
    return MEMORY / f"incidents-api-{name}"


class Rates:
    """The policies of this server, and the counter that all of its processes share."""

    def __init__(self, counter: Counter | None, requests: Policy | None, work: Policy | None) -> None:
        self.counter, self.requests, self.work = counter, requests, work
        self.policies = [policy for policy in (requests, work) if policy]

    @staticmethod
    def from_settings() -> Rates:
        """Make the limits from RATE_LIMIT and RATE_LIMIT_WORK."""
        requests = Policy("requests", *settings.RATE_LIMIT) if settings.RATE_LIMIT else None
        work = Policy("work", *settings.RATE_LIMIT_WORK) if settings.RATE_LIMIT_WORK else None
        counter = Counter(_file(), settings.SECRET_KEY.encode()) if requests or work else None
        return Rates(counter, requests, work)

    def of(self, environ: Mapping[str, Any]) -> Spent:
        """Account of the client address of a request."""
        return Spent(self, environ)


class Spent:
    """What one request has cost so far."""

    def __init__(self, rates: Rates, environ: Mapping[str, Any]) -> None:
        self.rates = rates
        self.address = address_group(address_in(environ))
        self.verdicts: dict[str, Verdict] = {}
        path = environ["PATH_INFO"]
        self.counts = (
            path.startswith(settings.API_PREFIXES)
            and not path.startswith(FREE)
            and environ["REQUEST_METHOD"] != "OPTIONS"
        )
        limit = _LIMIT.search(environ["QUERY_STRING"]) if self.counts else None
        if self.counts and environ["REQUEST_METHOD"] == "POST":
            self.cost = SEARCH_UNITS  # its limit is in the body
            return
        self.cost = 1 + (int(limit[1]) - 1) // ROWS_A_UNIT if limit and limit[1] != "0" else 1

    def ask(self) -> None:
        """Charge the units of the request; raises a 429 problem."""
        self._spend(self.rates.requests, self.cost)

    def work(self, cost: int) -> None:
        """Pay for a job; raises a 429 problem."""
        self._spend(self.rates.work, cost)

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Rate limit headers of the response; empty without limits."""
        return headers(self.rates.policies, self.verdicts.values()) if self.verdicts else []

    def _spend(self, policy: Policy | None, cost: int) -> None:
        if policy is None or self.rates.counter is None or not self.counts:
            return
        verdict = self.rates.counter.spend(policy, self.address, cost)
        self.verdicts[policy.name] = verdict
        if not verdict.allowed:
            problem: Problem = too_many_requests(policy.name, verdict.retry_after)
            raise problem
