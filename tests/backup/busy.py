"""Editors who do not stop while backups are made: `python -m tests.backup.busy SEED STOP` works until STOP exists.

They publish, edit, withdraw, merge, redact, load and release in the database of the environment. Each act is one
transaction, in which a note of a working record tells the publication: so the two can be seen to be of one moment.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

NOTED = "data-1"


def main(seed: int, stop: Path) -> None:
    """Edit until the file exists."""
    import django

    django.setup()
    from incidents.releasing.release import refresh, stale
    from tests.mirroring.story import Story
    from tests.releases.making import Quiet, made

    story, number = Story(seed), 0
    while not stop.exists():
        _act(story)
        chance = story.chance.random()
        if chance < 0.02:
            number += 1
            made(f"release-{number}")
        elif chance < 0.04:
            for name in stale()[-1:]:
                refresh(name, Quiet())
    sys.stdout.write(f"{number}\n")


def _act(story: Any) -> None:
    from django.db import transaction

    from incidents.ledger.models import Head
    from incidents.models import Dataset

    with transaction.atomic():
        story.step()
        Dataset.objects.filter(public_id=NOTED).update(note=f"publication {Head.objects.get().seq}")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
