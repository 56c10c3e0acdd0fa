"""Loads and publications that are killed leave nothing if they had not committed, and all if they had."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.databases import new_database
from tests.faults.killing import AFTER, BEFORE, PUBLISHED
from tests.loading.files import events, write
from tests.schema.server import NOT_OURS, ROOT

ROWS, KILLS = 60, 50
NOTHING = "{'Incident': 0, 'Revision': 0, 'Publication': 0} of head 0, 0 others"

Run = Callable[..., list[str]]


@contextmanager
def given_database(folder: Path) -> Iterator[dict[str, str]]:
    """Give the environment of a new database without records, on the engine that the tests run on."""
    given = os.environ.get("DATABASE_URL", "")
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "incidents_api.settings"}
    with ExitStack() as stack:
        if given.startswith("postgres"):
            environment["DATABASE_URL"] = stack.enter_context(new_database(given))
        else:
            environment["DATABASE_URL"] = f"sqlite:///{folder / 'faults.sqlite3'}"
        python(environment, "manage.py", "migrate", "-v0")
        yield environment


def python(environment: dict[str, str], *arguments: object) -> list[str]:
    """Run Python to its end; return the lines that it prints."""
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Kill loads of a file at given moments."""
    file = write(tmp_path / "events.csv", events(ROWS))
    with given_database(tmp_path) as environment:
        yield lambda *moments: python(environment, "-m", "tests.faults.killing", file, *moments)


@pytest.fixture
def run_publication(tmp_path: Path) -> Iterator[Run]:
    """Kill publications at given moments."""
    with given_database(tmp_path) as environment:
        yield lambda *moments: python(environment, "-m", "tests.faults.killing", "publish", *moments)


def judge(moments: list[str], chosen: list[int], left: list[str]) -> tuple[int, int]:
    """Compare what killed loads left with what they had committed; return how many left nothing, and how many all."""
    whole = moments.index(AFTER) + 1
    kept = {told.partition(": ")[2] for number, told in zip(chosen, left, strict=True) if number >= whole}
    lost = {told.partition(": ")[2] for number, told in zip(chosen, left, strict=True) if number < whole}
    assert lost == {NOTHING}
    (everything,) = kept
    assert everything.startswith(f"{{'Incident': {ROWS}, ")
    assert everything.count("of head 1, ") == 1
    return sum(number < whole for number in chosen), sum(number >= whole for number in chosen)


@pytest.mark.slow
def test_a_load_killed_around_its_commit_leaves_all_or_nothing(run: Run) -> None:
    moments = run()
    assert moments.count(AFTER) == 1  # one load is one transaction
    commit = moments.index(AFTER) + 1
    chosen = [commit // 2, commit - 1, commit]
    left = run(*chosen)

    assert [told.partition(":")[0] for told in left[1:]] == [BEFORE, AFTER]
    assert judge(moments, chosen, left) == (2, 1)


@pytest.mark.slow
def test_fifty_killed_loads_leave_all_or_nothing(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    moments = run()
    commit, last = moments.index(AFTER) + 1, len(moments)
    after = list(range(commit, last + 1))[:10]
    before = [max(1, commit * number // KILLS) for number in range(KILLS - max(len(after), 10))]
    chosen = before + [after[number % len(after)] for number in range(10)]
    left = run(*chosen)

    nothing, everything = judge(moments, chosen, left)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(chosen)} loads killed: {nothing} left nothing, {everything} left all\n")
    assert (nothing, everything) == (40, 10)


@pytest.mark.slow
def test_a_publication_killed_around_its_commit_leaves_all_or_nothing(run_publication: Run) -> None:
    moments = run_publication()
    assert moments.count(AFTER) == 1
    commit = moments.index(AFTER) + 1
    left = [told.partition(": ")[2] for told in run_publication(commit // 2, commit - 1, commit)]

    records = f"'Incident': {PUBLISHED}"
    assert left[:2] == [f"{{{records}, 'Revision': 0, 'Publication': 0}} of head 0, 2 others"] * 2
    assert left[2].startswith(f"{{{records}, 'Revision': ")
    assert left[2].endswith("'Publication': 1} of head 1, 2 others")
