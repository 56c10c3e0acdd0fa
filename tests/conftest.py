"""What every test relies on."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import caches
from django.db import DEFAULT_DB_ALIAS
from django.test import client, override_settings
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker
from rest_framework.test import APIClient
from whitenoise.middleware import WhiteNoiseMiddleware

from incidents.query.moment import forget_state
from incidents.query.place_states import states
from tests import worlds as kept
from tests.older_versions import OlderVersions
from tests.serving.server import filled_database
from tests.templates import Template, template_of_the_run

# Some machines keep no bytecode. Then each of the hundreds of processes that tests start would compile us anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# In CI the same examples each time, so that a failure belongs to the change that shows it. Elsewhere new
# ones, to find more. Never a deadline: two suites share two cores.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let slow tests be sampled, the same ones for the same seed."""
    parser.addoption("--sample", type=float, default=1.0, help="part of the slow tests to run, from 0 to 1")
    parser.addoption("--seed", default="1", help="which of them, and what those that draw lots begin with")
    parser.addoption("--part", choices=("first", "second"), help="run one of two parts of the suite, of alike length")


def pytest_report_header(config: pytest.Config) -> str:
    """Say how to run the same again."""
    return f"slow tests: --seed={config.getoption('--seed')} --sample={config.getoption('--sample')}"


FIRST_PART = frozenset(
    (
        *("admin", "aggregate", "api", "attributes", "backup", "changes", "codebook", "contract", "disclosure"),
        *("docs", "engines", "exports", "fields", "fixtures", "ledger"),
    )
)
"""Packages of the first part. Those that share a session's filled database are in the other one."""

FAST_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"

STARTING_PROCESSES = ("backup", "engines", "faults", "mirroring", "operating", "serving", "upgrades")
"""Packages whose tests start processes that use a database; modules elsewhere are marked with `processes`."""


@pytest.hookimpl(tryfirst=True)  # before pytest-django moves tests that need commits to the end
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other run does as well, and those slow tests that are not in the sample."""
    kept.together(items)
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        _leave_out(config, items, [item for item in items if not _uses_a_database(item)])
    if chosen_part := config.getoption("--part"):
        others = [item for item in items if (_package(item) in FIRST_PART) != (chosen_part == "first")]
        _leave_out(config, items, others)
    part = config.getoption("--sample")
    slow = [item for item in items if item.get_closest_marker("slow")]
    if part >= 1 or not slow:
        return
    chosen = Random(config.getoption("--seed")).sample(slow, max(1, round(part * len(slow))))
    _leave_out(config, items, [item for item in slow if item not in chosen])


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the modules and tests, which stay to the end, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_unconfigure() -> None:
    """Let the interpreter clean up as ever: DuckDB reports what it was not given back."""
    gc.unfreeze()


def _uses_a_database(item: pytest.Item) -> bool:
    """Tell whether a test can have another outcome on another database; pytest-django lets no other touch one."""
    fixtures = getattr(item, "fixturenames", ())
    return (
        item.get_closest_marker("django_db") is not None
        or item.get_closest_marker("processes") is not None
        or not {"db", "transactional_db", "django_db_setup"}.isdisjoint(fixtures)
        or _package(item) in STARTING_PROCESSES
    )


def _package(item: pytest.Item) -> str:
    """Package of a test below this one; for a module here, the name of its file."""
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _leave_out(config: pytest.Config, items: list[pytest.Item], unwanted: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=unwanted)
    left_out = set(unwanted)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Create the test database whoever asks for it: pytest-django creates none for processes that get a copy of it."""
    with django_db_blocker.unblock():
        created = setup_databases(verbosity=0, interactive=False, aliases=[DEFAULT_DB_ALIAS])  # type: ignore[arg-type]  # the stubs take it for a mapping
    yield
    with django_db_blocker.unblock():
        teardown_databases(created, verbosity=0)


@pytest.fixture(scope="session")
def migrated(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Template]:
    """Keep an empty database, for processes to be given copies of."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            template = stack.enter_context(template_of_the_run(tmp_path_factory.mktemp("migrated")))
        yield template


@pytest.fixture(scope="session")
def filled(migrated: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """Keep a database with some thousand incidents, for servers to be given copies of."""
    with filled_database(migrated, tmp_path_factory.mktemp("filled")) as template:
        yield template


@pytest.fixture(scope="session")
def older_versions(tmp_path_factory: pytest.TempPathFactory) -> OlderVersions:
    """Keep the code of earlier versions, and empty databases that it made."""
    return OlderVersions(tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="session")
def worlds(migrated: Template, django_db_blocker: DjangoDbBlocker) -> Iterator[kept.Worlds]:
    """Keep records that many tests begin with."""
    worlds = kept.Worlds()
    yield worlds
    with django_db_blocker.unblock():
        worlds.have(())


@pytest.fixture
def the_worlds_of_the_test(
    request: pytest.FixtureRequest, worlds: kept.Worlds, django_db_blocker: DjangoDbBlocker
) -> None:
    """Have those records in the database that the test asks for."""
    with django_db_blocker.unblock():
        worlds.have(kept.asked(request.node))


@pytest.fixture
def _django_db_helper(the_worlds_of_the_test: None, _django_db_helper: None) -> None:
    """Begin the transaction of a test where its records are already there."""


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> str:
    """Begin what draws lots with this."""
    return str(request.config.getoption("--seed"))


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    """Start each test with nothing remembered from the one before."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()
    states.forget()
    forget_state()


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_fast() -> Iterator[None]:
    """Hash new passwords at once; those that are kept for tests are still read."""
    with override_settings(PASSWORD_HASHERS=[FAST_HASHER, *project.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once() -> Iterator[None]:
    """Let each client of a test know the static files without looking for them on the disk again."""
    look, found = WhiteNoiseMiddleware.add_files_from_finders, dict[tuple[object, ...], dict[str, object]]()

    def look_once(middleware: WhiteNoiseMiddleware) -> None:
        key = (middleware.static_prefix, middleware.static_root, *project.STATICFILES_DIRS, *project.INSTALLED_APPS)
        if key not in found:
            look(middleware)
            found[key] = dict(middleware.files)
        middleware.files.update(found[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def answers_remember_no_inputs() -> Iterator[None]:
    """Keep no copy of the context of each input: a form has a thousand, and tests look at what the page was made of."""
    remember: Callable[..., None] = vars(client)["store_rendered_templates"]

    def remember_pages(store: Any, signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any) -> None:
        if "/widgets/" not in str(template.name):
            remember(store, signal, sender, template, context, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", remember_pages)
        yield


@pytest.fixture
def api() -> APIClient:
    """Ask the server as an anonymous reader would."""
    return APIClient()
