"""What tests of loading begin with."""

import pytest
from django.core.management import call_command

from tests.exports.files import SEED


@pytest.fixture
def seed() -> None:
    """Load the dataset that ships."""
    call_command("loaddata", SEED, verbosity=0)
