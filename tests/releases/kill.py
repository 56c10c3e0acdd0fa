"""Makes a release and dies in the middle: `python -m tests.releases.kill NAME RECORDS STEP`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django


def main() -> None:
    """Make a release; kill this process once so many records are written, or when files are moved into place."""
    django.setup()
    from incidents.releasing import building, packing
    from incidents.releasing import release as releasing
    from tests.releases.making import Quiet

    name, step = sys.argv[1:3]

    def die(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    quiet = Quiet()
    if step == "writing":
        quiet.reach = die  # type: ignore[method-assign]  # replaced to die at this moment
    elif step == "packing":
        packing.pack = die
    elif step == "moving":

        def moved(*args: Any) -> None:
            building.move(*args)
            die()

        releasing.move = moved  # type: ignore[attr-defined,assignment]  # replaced to die at this moment
    releasing.make(releasing.ReleaseRequest(name), quiet)


if __name__ == "__main__":
    main()
