"""Django's middleware for people who log in, which requests of the API pass by.

The API knows nobody: it has no session and no cookie. So nothing is looked up there, and no answer can depend on it.
Each is a subclass, because the checks of Django's admin look for theirs in the settings. Those of sessions and CSRF are
Django's own, which its checks for production know by name alone; they cost little.
"""

from __future__ import annotations

from collections.abc import Awaitable

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


class _StaffOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if request.path_info.startswith(settings.API_PREFIXES):
            return self.get_response(request)
        return super().__call__(request)


class AuthenticationMiddleware(_StaffOnly, auth.AuthenticationMiddleware):
    """Finds the user of a session."""


class MessageMiddleware(_StaffOnly, messages.MessageMiddleware):
    """Keeps messages for the next page."""
