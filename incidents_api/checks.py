"""Each wrong setting has an id and a hint; `manage.py check` and the start of the server show them."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from incidents_api.environment import Environment

PORT = re.compile(r"(?<=[^:]):[0-9]+$")
"""At the end of a host. Django compares hosts without their ports, so a host with one would never be known."""


@register(Tags.security, deploy=True)
def check_secret_key_is_given(**_: Any) -> list[CheckMessage]:
    """Warn where a deployment would run on the key that was made for development."""
    if not settings.SECRET_KEY_IS_GENERATED:
        return []
    return [
        checks.Warning(
            "SECRET_KEY is not set, so the server generated one.",
            hint="Set SECRET_KEY (or SECRET_KEY_FILE) so that all processes and machines use the same key.",
            id="site.W001",
        )
    ]


@register(Tags.security)
def check_allowed_hosts(**_: Any) -> list[CheckMessage]:
    """Refuse none at all, a wildcard, and an address instead of a host name."""
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS is empty, so every request would be refused.",
                hint="List the host names of this site, separated by commas.",
                id="site.E003",
            )
        )
    for host in settings.ALLOWED_HOSTS:
        if host == "*" and not settings.DEBUG:
            found.append(
                Error(
                    "ALLOWED_HOSTS is '*': clients could forge the host in links of responses.",
                    hint="List the host names of this site, separated by commas.",
                    id="site.E001",
                )
            )
        elif "/" in host or (PORT.search(host) and (host.count(":") == 1 or "]" in host)):
            found.append(
                Error(
                    f"ALLOWED_HOSTS contains {host!r}, which is not a host name.",
                    hint=f"Use {urlsplit(host).hostname or PORT.sub('', host.split('/')[0])!r}.",
                    id="site.E002",
                )
            )
    return found


@register("environment")
def check_environment(**_: Any) -> list[CheckMessage]:
    """Name each variable of the environment that the settings could not take."""
    return [Error(message, hint=hint, id=id_) for id_, message, hint in settings.SETTINGS_PROBLEMS]


@register()
def check_serving(**_: Any) -> list[CheckMessage]:
    """Name each variable that only `serve` reads and that it could not take."""
    from incidents_api.management.commands import serve  # it knows models, and they are not there yet above

    env = Environment()
    serve.read_listener(env)
    serve.read_example(env)
    return [Error(message, hint=hint, id=id_) for id_, message, hint in env.problems]


@register(Tags.caches)
def check_cache_library(**_: Any) -> list[CheckMessage]:
    """Refuse a cache whose library is not installed, which would fail at the first use."""
    if "redis" not in settings.CACHES["default"]["BACKEND"] or find_spec("redis"):
        return []
    return [
        Error(
            "CACHE_URL uses Redis, but the Redis client library is not installed.",
            hint="Install it in .venv (uv pip install redis), or unset CACHE_URL.",
            id="site.E017",
        )
    ]


@register("environment")
def check_sqlite_directory(**_: Any) -> list[CheckMessage]:
    """Refuse a SQLite file in a directory that is missing or cannot be written to."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3") or "memory" in str(database["NAME"]):
        return []
    folder = Path(database["NAME"]).absolute().parent
    if folder.is_dir() and os.access(folder, os.W_OK):
        return []
    return [
        Error(
            f"The database file cannot be created in {folder}: it is not a writable directory.",
            hint="Create the directory, or change DATABASE_URL (or VAR_DIR).",
            id="site.E018",
        )
    ]
