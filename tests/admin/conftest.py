"""Staff who are logged in, with what they may do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

LogIn = Callable[..., Client]


@pytest.fixture
def log_in(db: None) -> LogIn:
    """Log in somebody with the permissions of these verbs on everything here."""

    def enter(name: str, *verbs: str, superuser: bool = False) -> Client:
        user = User.objects.create(username=name, is_staff=True, is_superuser=superuser)
        for verb in verbs:
            user.user_permissions.add(
                *Permission.objects.filter(
                    content_type__app_label__in=("incidents", "ledger"), codename__startswith=verb
                )
            )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def editor(log_in: LogIn) -> Client:
    """Somebody who may do everything but redact."""
    return log_in("editor", "view", "add", "change", "delete")


@pytest.fixture
def viewer(log_in: LogIn) -> Client:
    """Somebody who may only look."""
    return log_in("viewer", "view")


@pytest.fixture
def superuser(log_in: LogIn) -> Client:
    """Somebody who may redact."""
    return log_in("root", superuser=True)
