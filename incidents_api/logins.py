"""Lock-outs after failed logins, which do not affect browsers that have logged in before.

django-axes counts wrong passwords by account and address. Behind a proxy, or in one office, a stranger may have the
owner's address, and could keep the owner out. So a login leaves a signed cookie that names the account and a random
device. Attempts with a valid cookie for the account that they name are counted by that device alone; all others are
counted by address, and cannot reach the device's count.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

SALT = "incidents_api.logins"
SECONDS = 180 * 24 * 60 * 60
"""How long a browser is known after its last login."""

LONGEST_COOKIE = 1000
PREFIX = "device:"
"""Begins what stands for a device in the place of a User-Agent, where django-axes can count it."""


class DeviceHandler(AxesDatabaseHandler):
    """Counts the attempts of known devices apart from all others."""

    def is_allowed(self, request: HttpRequest, credentials: Any = None) -> bool:
        """False while the account is locked for this address or device."""
        _recognise(request, get_client_username(request, credentials))
        return bool(super().is_allowed(request, credentials))

    def user_login_failed(self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any) -> None:
        """Count a wrong password."""
        if request is not None:
            _recognise(request, get_client_username(request, credentials))
        super().user_login_failed(sender, credentials, request, **kwargs)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Forget the wrong passwords of this device or address, and let the browser be known from now on."""
        _recognise(request, user.get_username())
        super().user_logged_in(sender, request, user, **kwargs)
        device = request.login_device or secrets.token_urlsafe(16)  # type: ignore[attr-defined]  # set by _recognise
        request.login_cookie = (user.get_username(), device)  # type: ignore[attr-defined]  # for DeviceCookie


class DeviceCookie:
    """Sends the cookie of a browser that has just logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the cookie after a login."""
        response = self.get_response(request)
        if known := getattr(request, "login_cookie", None):
            response.set_cookie(
                _cookie_of(known[0]),
                signing.dumps(known, salt=SALT),
                max_age=SECONDS,
                path="/admin/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def lockout_parameters(request: Any, credentials: Any = None) -> list[list[str]]:
    """What django-axes counts a request by: account and known device, otherwise account and address."""
    return [["username", "user_agent" if getattr(request, "login_device", "") else "ip_address"]]


def _recognise(request: HttpRequest, username: str | None) -> None:
    """Note on a request the device that it comes from; empty if none is known for the account."""
    device = _device(request, username or "")
    request.login_device = device  # type: ignore[attr-defined]  # for lockout_parameters
    # Whoever calls their browser like a device must not add to its count.
    agent = str(request.META.get("HTTP_USER_AGENT", "<unknown>"))[:255]
    agent = f"not {agent}"[:255] if agent.startswith(PREFIX) else agent
    request.axes_user_agent = PREFIX + device if device else agent  # type: ignore[attr-defined]  # of django-axes


def _device(request: HttpRequest, username: str) -> str:
    cookie = request.COOKIES.get(_cookie_of(username), "")
    if not cookie or len(cookie) > LONGEST_COOKIE:
        return ""
    try:
        name, device = signing.loads(cookie, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(device) if name == username else ""


def _cookie_of(username: str) -> str:
    """Cookie name of an account, so that several accounts can share a browser."""
    return f"login_device_{blake2b(username.encode(errors='replace'), digest_size=6).hexdigest()}"
