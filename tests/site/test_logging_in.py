"""Whoever cannot get in is told why, on a page that looks like the others."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_locked_account_says_for_how_long(client: Client) -> None:
    User.objects.create_user("editor", password="a-Long-passphrase-77", is_staff=True)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post("/admin/login/", {"username": "editor", "password": "wrong"})

    html = response.content.decode()
    assert response.status_code == 429
    assert "<h1>Too many wrong passwords</h1>" in html
    assert "for a quarter of an hour" in html
    assert settings.AXES_COOLOFF_TIME == 0.25
    assert "<style" not in html


def test_a_form_older_than_the_session_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "editor", "password": "wrong"})

    html = response.content.decode()
    assert response.status_code == 403
    assert "<h1>Nothing was saved</h1>" in html
    assert "<style" not in html
