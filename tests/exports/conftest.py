"""What tests of exports begin with."""

from django.core.management import call_command

from tests.exports.files import SEED
from tests.worlds import world


@world
def seed() -> None:
    """Load the dataset that ships."""
    call_command("loaddata", SEED, verbosity=0)
