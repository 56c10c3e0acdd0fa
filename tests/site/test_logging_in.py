"""Whoever cannot get in is told why, on a page that looks like the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
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
    assert "<h1>Too many failed logins</h1>" in html
    assert "is locked for 15 minutes" in html
    assert settings.AXES_COOLOFF_TIME == 0.25
    assert "<style" not in html


def test_a_form_older_than_the_session_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "editor", "password": "wrong"})

    html = response.content.decode()
    assert response.status_code == 403
    assert "<h1>Nothing was saved</h1>" in html
    assert "<style" not in html


PASSWORD = "a-Long-passphrase-77"
PROXY = "10.0.0.1"


@pytest.fixture
def owner() -> User:
    """Somebody with an account for the admin."""
    return User.objects.create_user("editor", password=PASSWORD, is_staff=True)


def log_in(browser: Client, name: str = "editor", password: str = PASSWORD, **headers: str) -> int:
    """Return the status: 302 is in, 200 a wrong password, 429 locked."""
    data = {"username": name, "password": password}
    return browser.post("/admin/login/?next=/admin/", data, REMOTE_ADDR=PROXY, headers=headers).status_code


def guess(browser: Client, times: int, name: str = "editor", **headers: str) -> list[int]:
    return [log_in(browser, name, "wrong", **headers) for _ in range(times)]


def known_browser(name: str = "editor") -> Client:
    """Return a browser that has logged in and out again."""
    browser = Client()
    assert log_in(browser, name) == 302
    browser.post("/admin/logout/")
    return browser


def cookie_of(browser: Client) -> tuple[str, str]:
    return next((name, each.value) for name, each in browser.cookies.items() if name.startswith("login_device_"))


def test_strangers_at_the_same_address_cannot_lock_out_a_known_browser(owner: User) -> None:
    browser = known_browser()

    assert guess(Client(), 9) == [200] * 7 + [429] * 2
    assert log_in(browser) == 302
    assert log_in(Client()) == 429  # the guesser is limited still, with the right password too


def test_strangers_elsewhere_lock_out_nobody_else(owner: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    far, near = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "198.51.100.7"}

    assert guess(Client(), 8, **far)[-1] == 429
    assert log_in(Client(), **near) == 302
    assert log_in(Client(), **far) == 429
    assert log_in(Client(), **{"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}) == 429  # a spoofed entry


def test_ipv6_addresses_of_one_network_are_counted_together(owner: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1

    tried = [guess(Client(), 1, **{"X-Forwarded-For": f"2001:db8:1:2::{number}"})[0] for number in range(1, 9)]
    assert tried == [200] * 7 + [429]
    assert log_in(Client(), **{"X-Forwarded-For": "2001:db8:1:3::1"}) == 302


def test_a_known_browser_has_a_limit_of_its_own(owner: User) -> None:
    browser, other = known_browser(), known_browser()

    assert guess(browser, 9) == [200] * 7 + [429] * 2
    assert log_in(browser) == 429
    assert log_in(other) == 302


def test_a_cookie_is_good_for_its_own_account_alone(owner: User) -> None:
    User.objects.create_user("other", password=PASSWORD, is_staff=True)
    name, value = cookie_of(known_browser("other"))
    browser = Client()
    browser.cookies[name] = value
    browser.cookies[cookie_of(known_browser())[0]] = value

    assert guess(Client(), 8)[-1] == 429
    assert log_in(browser) == 429
    assert log_in(browser, "other") == 302


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value[:-1],
        lambda value: f"x{value}",
        lambda value: "",
        lambda value: "a" * 5000,
        lambda value: ":",
    ],
)
def test_a_cookie_cannot_be_made_up(owner: User, change: Callable[[str], str]) -> None:
    name, value = cookie_of(known_browser())
    browser = Client()
    browser.cookies[name] = change(value)

    assert guess(Client(), 8)[-1] == 429
    assert log_in(browser) == 429


def test_a_cookie_of_another_key_is_none(owner: User, settings: Any) -> None:
    browser = known_browser()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, and a long one at that", []

    assert guess(Client(), 8)[-1] == 429
    assert log_in(browser) == 429


def test_a_cookie_is_known_for_half_a_year(owner: User) -> None:
    browser = known_browser()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=179)):
        assert guess(Client(), 8)[-1] == 429
        assert log_in(browser) == 302  # and is renewed
        browser.post("/admin/logout/")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=350)):
        assert guess(Client(), 8)[-1] == 429
        assert log_in(browser) == 302
    with time_machine.travel(datetime.now(UTC) + timedelta(days=540)):
        assert guess(Client(), 8)[-1] == 429
        assert log_in(browser) == 429


def test_a_browser_that_calls_itself_a_device_adds_nothing_to_its_count(owner: User) -> None:
    browser = known_browser()
    guess(browser, 1)
    agent = AccessAttempt.objects.get().user_agent
    assert agent.startswith("device:")

    guess(Client(), 9, **{"User-Agent": agent})
    assert log_in(browser) == 302


def test_attempts_during_a_lock_are_not_written_and_do_not_prolong_it(owner: User) -> None:
    stranger = Client()
    guess(stranger, 8)
    before = AccessAttempt.objects.values().get()
    guess(stranger, 5)
    assert AccessAttempt.objects.values().get() == before

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert log_in(stranger) == 302


def test_the_cookie_stays_with_the_admin_and_out_of_scripts(owner: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    browser = Client()
    log_in(browser)
    sent = browser.cookies[cookie_of(browser)[0]]

    assert (sent["path"], sent["httponly"], sent["samesite"], sent["secure"]) == ("/admin/", True, "Lax", True)
    assert "editor" not in cookie_of(browser)[0]
