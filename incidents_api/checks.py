"""Each wrong setting has an id and a hint; `manage.py check` and the start of the server show them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_secret_key_is_given(**_: Any) -> list[CheckMessage]:
    """Warn where a deployment would run on the key that was made for development."""
    if not settings.SECRET_KEY_IS_GENERATED:
        return []
    return [
        Warning(
            "SECRET_KEY is not set; the server made one for itself.",
            hint="Set SECRET_KEY (or SECRET_KEY_FILE) so that all processes and machines share one.",
            id="site.W001",
        )
    ]


@register(Tags.security)
def check_allowed_hosts(**_: Any) -> list[CheckMessage]:
    """Refuse a wildcard and anything that is an address instead of a host name."""
    found: list[CheckMessage] = []
    for host in settings.ALLOWED_HOSTS:
        if host == "*" and not settings.DEBUG:
            found.append(
                Error(
                    "ALLOWED_HOSTS is '*': links in answers could be made to point anywhere.",
                    hint="List the host names that people use, joined by commas.",
                    id="site.E001",
                )
            )
        elif "/" in host:
            found.append(
                Error(
                    f"ALLOWED_HOSTS holds {host!r}, which is not a host name.",
                    hint=f"Use {urlsplit(host).hostname or host.split('/')[0]!r}.",
                    id="site.E002",
                )
            )
    return found


@register(Tags.caches)
def check_cache(**_: Any) -> list[CheckMessage]:
    """Refuse a CACHE_URL that names no cache."""
    if settings.CACHES["default"].get("BACKEND"):
        return []
    return [
        Error(
            "CACHE_URL names no known kind of cache.",
            hint="Use for example locmemcache://, rediscache://host:6379/0 or filecache:///path.",
            id="site.E003",
        )
    ]
