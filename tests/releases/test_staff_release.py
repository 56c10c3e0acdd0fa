"""Staff make releases in the admin, and files anew after a redaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.admin import releases
from incidents.ledger.models import Release
from tests.releases.making import contents

pytestmark = pytest.mark.django_db

ADD = "admin:ledger_release_add"
LIST = "admin:ledger_release_changelist"


@pytest.fixture
def staff() -> Client:
    """Somebody who may look at releases and make them."""
    user = User.objects.create(username="ann", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=("add_release", "view_release")))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def add(client: Client, **values: Any) -> Any:
    data = {"name": "all-1", "dataset": "", "as_of": "", "title": "", "notes": "", **values}
    return client.post(reverse(ADD), data, follow=True)


def test_a_release_is_made_by_its_name_alone(world: Any, var: Path, staff: Client) -> None:
    page = add(staff)
    assert page.redirect_chain, page.context["adminform"].form.errors
    release = Release.objects.get()
    assert (release.name, release.seq, release.author, release.counts["incident"]) == ("all-1", 2, "ann", 30)
    assert "all-1/incidents.csv" in contents(var)
    listed = staff.get(reverse(LIST)).content.decode()
    assert "available" in listed
    shown = staff.get(reverse("admin:ledger_release_change", args=["all-1"])).content.decode()
    assert "incidents.csv (" in shown


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "12"}, "is not a valid name of a release"),
        ({"dataset": "nothing"}, "No dataset"),
        ({"as_of": "9"}, "There is no publication 9"),
    ],
)
def test_what_cannot_be_is_told_in_the_form(
    world: Any, var: Path, staff: Client, values: dict[str, str], why: str
) -> None:
    page = add(staff, **values)
    assert not page.redirect_chain
    assert why in str(page.context["adminform"].form.errors)
    assert contents(var) == {}


def test_a_large_one_is_left_to_the_command(
    world: Any, var: Path, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "MADE_HERE_AT_MOST", 29)
    page = add(staff)
    assert "manage.py release all-1" in str(page.context["adminform"].form.errors)
    assert contents(var) == {}


def test_files_are_made_anew_after_a_redaction(world: Any, var: Path, staff: Client) -> None:
    add(staff)
    data = {"action": "refresh_selected", "_selected_action": ["all-1"]}
    assert "have no redacted record" in staff.post(reverse(LIST), data, follow=True).content.decode()
    publishing.redact(next(iter(world.incidents.values())), reason="For safety.")
    assert "unavailable: publication 3" in staff.get(reverse(LIST)).content.decode()
    assert "Rebuilt: all-1." in staff.post(reverse(LIST), data, follow=True).content.decode()
    assert Release.objects.get().counts["incident"] == 29


def test_who_may_only_look_makes_none(world: Any, var: Path, staff: Client) -> None:
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="add_release"))
    assert staff.get(reverse(LIST)).status_code == 200
    assert staff.post(reverse(ADD), {"name": "all-1"}).status_code == 403
    assert contents(var) == {}
