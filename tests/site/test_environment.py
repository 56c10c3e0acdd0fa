import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from incidents_api.environment import Environment
from tests.schema.server import ROOT

POSTGRES = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"


def ids(env: Environment) -> list[str]:
    return [problem.id for problem in env.problems]


@pytest.mark.parametrize(
    ("value", "flag"), [("on", True), ("1", True), ("True", True), (" yes ", True), ("OFF", False), ("0", False)]
)
def test_a_yes_or_no_is_read(value: str, flag: bool) -> None:
    env = Environment({"DEBUG": value})

    assert (env.flag("DEBUG", default=not flag), ids(env)) == (flag, [])


@pytest.mark.parametrize("value", ["maybe", "2", "enabled", "-"])
def test_what_is_neither_yes_nor_no_is_noted_and_the_default_taken(value: str) -> None:
    env = Environment({"DEBUG": value})

    assert (env.flag("DEBUG", default=False), ids(env)) == (False, ["site.E011"])


@pytest.mark.parametrize("value", ["x", "1.5", "1e9", "-1", "٣", "9" * 5000, "0x10"])
def test_what_is_no_number_is_noted_and_the_default_taken(value: str) -> None:
    env = Environment({"DATABASE_POOL": value})

    assert (env.number("DATABASE_POOL", 8), ids(env)) == (8, ["site.E012"])


def test_a_variable_that_is_empty_is_as_good_as_not_set() -> None:
    env = Environment({"A": "", "B": " ", "C": ""})

    assert (env.text("A", "a"), env.number("B", 3), env.flag("C", default=True)) == ("a", 3, True)
    assert ids(env) == []


def test_a_list_has_commas() -> None:
    env = Environment({"HOSTS": "a.example, b.example ,"})

    assert env.words("HOSTS", []) == ["a.example", "b.example"]


def test_a_secret_may_begin_with_a_dollar() -> None:
    assert Environment({"SECRET_KEY": "$HOME"}).text("SECRET_KEY") == "$HOME"


def test_a_file_can_hold_the_value(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")

    assert Environment({"KEY_FILE": str(tmp_path / "key"), "KEY": "other"}).text("KEY") == "from the file"


def test_a_file_that_cannot_be_read_is_noted(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    env = Environment({"A_FILE": str(tmp_path / "none"), "B_FILE": str(tmp_path / "binary"), "C_FILE": str(tmp_path)})

    assert [env.text(name, "default") for name in "ABC"] == ["default"] * 3
    assert ids(env) == ["site.E010"] * 3


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("postgres://user:p%40ss@host:5432/incidents", POSTGRES, "incidents"),
        ("postgresql:///incidents?host=/run/postgresql", POSTGRES, "incidents"),
        ("sqlite:////srv/incidents.sqlite3", SQLITE, "/srv/incidents.sqlite3"),
        ("", SQLITE, "/default"),
    ],
)
def test_a_database_url_is_read(url: str, engine: str, name: str) -> None:
    env = Environment({"DATABASE_URL": url})

    found = env.database("DATABASE_URL", "sqlite:////default")

    assert (found["ENGINE"], found["NAME"], ids(env)) == (engine, name, [])


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "://",
        "mysql://user:hunter2@host/db",
        "postgres://user:hunter2@host:port/db",
        "postgres://user:hunter2@host:99999/db",
        "postgres://user:hunter2@host/",
        "postgres://user:hunter2/x@host/db",
        "postgres://user:hunter2@[::1/db",
        "sqlite://host/relative.sqlite3",
    ],
)
def test_a_database_url_that_cannot_be_read_is_noted_without_its_password_and_is_no_database(url: str) -> None:
    env = Environment({"DATABASE_URL": url})

    found = env.database("DATABASE_URL", "sqlite:////default")

    assert (found["ENGINE"], ids(env)) == ("django.db.backends.dummy", ["site.E014"])
    assert "hunter2" not in str(env.problems)


@pytest.mark.parametrize("url", ["redis", "memcached://host", "http://host", "://"])
def test_a_cache_url_that_cannot_be_read_is_noted(url: str) -> None:
    env = Environment({"CACHE_URL": url})

    assert "locmem" in env.cache("CACHE_URL", "locmemcache://")["BACKEND"]
    assert ids(env) == ["site.E015"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, {"OPTIONS": {"MAX_ENTRIES": 2000}}), ({"CACHE_URL": "rediscache://host:6379/0"}, {})],
    ids=["locmem", "redis"],
)
def test_only_the_cache_in_memory_is_bounded_by_entries(given: dict[str, str], expected: dict[str, object]) -> None:
    # Redis's client takes what is in OPTIONS for an argument of its connections.
    script = "import json; from incidents_api import settings; print(json.dumps(settings.CACHES['default']))"
    environment = {name: value for name, value in os.environ.items() if name != "CACHE_URL"} | given
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert {name: found[name] for name in ("OPTIONS",) if name in found} == expected
