import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks

from incidents_api import checks
from incidents_api.environment import SettingProblem

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parent.parent.parent


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "VAR_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment | variables, capture_output=True, text=True, check=False
    )


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_settings_as_they_come_pass() -> None:
    assert run_checks() == []


def test_all_wrong_values_are_named_at_once_and_none_is_a_traceback(tmp_path: Path) -> None:
    done = run(
        "manage.py",
        "check",
        VAR_DIR=str(tmp_path),
        DEBUG="maybe",
        HTTPS="perhaps",
        BEHIND_PROXY="2",
        TRUSTED_PROXIES="1",
        ALLOWED_HOSTS=",",
        SQLITE_TIMEOUT="soon",
        DATABASE_POOL="-1",
        HSTS_SECONDS="1e9",
        LOG_LEVEL="loud",
        DATABASE_URL="mysql://user:hunter2@host/db",
        CACHE_URL="nonsense",
        SECRET_KEY_FILE="/nonexistent",
        PUBLIC_URL="incidents.example.org",
        CSRF_TRUSTED_ORIGINS="https://a.example.org,b.example.org",
        PORT="99999999",
        WEB_CONCURRENCY="zero",
        WEB_THREADS="0",
        EXAMPLE_DATA="perhaps",
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr
    named = re.findall(r"\((site\.E\d+)\) (\w+)", done.stderr)
    assert sorted(named) == [
        ("site.E003", "ALLOWED_HOSTS"),
        ("site.E010", "SECRET_KEY_FILE"),
        ("site.E011", "BEHIND_PROXY"),
        ("site.E011", "DEBUG"),
        ("site.E011", "EXAMPLE_DATA"),
        ("site.E011", "HTTPS"),
        ("site.E012", "DATABASE_POOL"),
        ("site.E012", "HSTS_SECONDS"),
        ("site.E012", "PORT"),
        ("site.E012", "SQLITE_TIMEOUT"),
        ("site.E012", "WEB_CONCURRENCY"),
        ("site.E012", "WEB_THREADS"),
        ("site.E013", "LOG_LEVEL"),
        ("site.E014", "DATABASE_URL"),
        ("site.E015", "CACHE_URL"),
        ("site.E019", "CSRF_TRUSTED_ORIGINS"),
        ("site.E019", "PUBLIC_URL"),
        ("site.E030", "TRUSTED_PROXIES"),
    ]
    assert done.stderr.count("HINT: ") == len(named)


def test_a_server_does_not_start_on_a_value_that_was_put_in_anothers_place(tmp_path: Path) -> None:
    done = run("-c", "import incidents_api.wsgi", VAR_DIR=str(tmp_path), DATABASE_URL="nonsense")

    assert done.returncode == 1
    assert "ImproperlyConfigured: site.E014: DATABASE_URL" in done.stderr


def test_a_place_where_no_key_can_be_kept_is_named() -> None:
    done = run("manage.py", "check", VAR_DIR="/proc/nowhere", DATABASE_URL="postgres:///incidents")

    assert "(site.E016) The generated SECRET_KEY cannot be stored in /proc/nowhere" in done.stderr


@pytest.mark.parametrize(
    ("hosts", "debug", "found"),
    [
        (["example.org", "127.0.0.1", "[::1]", ".example.org"], False, []),
        (["*"], False, ["site.E001"]),
        (["*"], True, []),
        (["https://example.org/"], False, ["site.E002"]),
        (["example.org:8000"], False, ["site.E002"]),
        (["[::1]:8000"], False, ["site.E002"]),
        ([], False, ["site.E003"]),
    ],
)
def test_hosts_are_names(settings: Any, hosts: list[str], debug: bool, found: list[str]) -> None:
    settings.ALLOWED_HOSTS, settings.DEBUG = hosts, debug

    assert ids(checks.check_allowed_hosts()) == found


def test_the_hint_about_a_host_gives_its_name(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["https://data.example.org:8000/x"]

    assert checks.check_allowed_hosts()[0].hint == "Use 'data.example.org'."

    settings.ALLOWED_HOSTS = ["data.example.org:8000"]
    assert checks.check_allowed_hosts()[0].hint == "Use 'data.example.org'."


def test_a_deployment_on_a_key_of_its_own_making_is_warned_of(settings: Any) -> None:
    settings.SECRET_KEY_IS_GENERATED = True
    assert ids(checks.check_secret_key_is_given()) == ["site.W001"]

    settings.SECRET_KEY_IS_GENERATED = False
    assert checks.check_secret_key_is_given() == []


def test_a_cache_without_its_library_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    assert ids(checks.check_cache_library()) == ["site.E017"]


@pytest.mark.parametrize(("folder", "found"), [("", []), ("missing", ["site.E018"])])
def test_a_database_file_needs_a_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str, found: list[str]
) -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / folder / "incidents.sqlite3")}
    monkeypatch.setitem(settings.DATABASES, "default", database)

    assert ids(checks.check_sqlite_directory()) == found


def test_each_note_becomes_a_check(settings: Any) -> None:
    settings.SETTINGS_PROBLEMS = [SettingProblem("site.E012", "PORT is x.", "Choose a number.")]

    (error,) = checks.check_environment()
    assert (error.id, error.msg, error.hint) == ("site.E012", "PORT is x.", "Choose a number.")
