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
        if verbs:
            ours = Permission.objects.filter(content_type__app_label__in=("incidents", "ledger"))
            user.user_permissions.add(*ours.filter(codename__regex=rf"^({'|'.join(verbs)})"))
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
