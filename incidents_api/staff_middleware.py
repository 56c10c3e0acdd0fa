"""Django's middleware for people who log in, which requests of the API pass by.

The API knows nobody: it has no session and no cookie. So nothing is looked up there, and no answer can depend on it.
Each is a subclass, because the checks of Django look for theirs in the settings.
"""

from __future__ import annotations

from collections.abc import Awaitable

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponseBase
from django.middleware import csrf
from django.utils.deprecation import MiddlewareMixin


class _StaffOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if request.path_info.startswith(settings.API_PREFIXES):
            return self.get_response(request)
        return super().__call__(request)


class SessionMiddleware(_StaffOnly, sessions.SessionMiddleware):
    """Finds the session of a cookie."""


class CsrfViewMiddleware(_StaffOnly, csrf.CsrfViewMiddleware):
    """Refuses forms that another site sends."""


class AuthenticationMiddleware(_StaffOnly, auth.AuthenticationMiddleware):
    """Finds the user of a session."""


class MessageMiddleware(_StaffOnly, messages.MessageMiddleware):
    """Keeps messages for the next page."""
