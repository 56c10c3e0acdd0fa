"""What tests of loading begin with."""

from pathlib import Path

import pytest
from django.core.management import call_command

from tests.exports.files import SEED
from tests.loading.files import events, outcome, write
from tests.worlds import world


@world
def seed() -> None:
    """Load the dataset that ships."""
    call_command("loaddata", SEED, verbosity=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of three events that is loaded."""
    path = tmp_path / "events.csv"
    outcome(write(path, events(3)))
    return path
