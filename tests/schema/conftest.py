"""The example dataset with some history: records that were changed, withdrawn, merged and redacted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from incidents import publishing
from incidents.models import Incident
from tests.worlds import world

SLOW = "test_schemathesis.py"
"""A module of slow tests alone."""

SIGNALS = (request_started, request_finished)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Make no test of each operation where none of them would run: that takes seconds."""
    return True if collection_path.name == SLOW and config.getoption("markexpr") == "not slow" else None


def write_history() -> None:
    """Publish the example dataset, then give some of its records every fate that a record can have."""
    call_command("loaddata", "luhansk_2022", verbosity=0)
    threat, coercion, movement = (incident(number) for number in (5, 9, 10))
    threat.summary = "Leaflets that threaten the invaders are pasted up across the region."
    threat.save()
    publishing.publish([threat], message="Reword")
    publishing.withdraw([coercion], reason="Told twice.")
    publishing.merge(incident(6), incident(4), reason="The same.")
    publishing.redact(movement, reason="For safety.")


def incident(number: int) -> Incident:
    found: Incident = Incident.objects.get(public_id=f"luhansk-2022-{number:04}")
    return found


@world
def written() -> None:
    """Have it in the database."""
    write_history()


@pytest.fixture
def history(written: None) -> Iterator[None]:
    """Ask about it without Django's test client."""
    for signal in SIGNALS:  # Django's own test client does the same, for each request
        signal.disconnect(close_old_connections)
    yield
    for signal in SIGNALS:
        signal.connect(close_old_connections)
