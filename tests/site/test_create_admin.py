import re
from collections.abc import Callable, Iterator
from io import StringIO
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db

GOOD = "correct horse battery staple"


def create_admin(*arguments: str) -> str:
    out = StringIO()
    call_command("create_admin", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def answers() -> Iterator[Callable[..., None]]:
    """Sit at a terminal: the first answer is the name, the others are passwords."""
    with (
        patch("sys.stdin.isatty", return_value=True),
        patch("builtins.input") as name,
        patch("incidents_api.management.commands.create_admin.getpass") as password,
    ):

        def give(*given: str) -> None:
            name.return_value, password.side_effect = given[0], list(given[1:])

        yield give


def test_without_a_terminal_the_password_is_made_and_shown_once() -> None:
    shown = create_admin()

    match = re.search(r"^Password: (\S{24})$", shown, re.MULTILINE)
    user = User.objects.get(username="admin")
    assert match
    assert user.check_password(match[1])
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)


def test_two_passwords_that_were_made_differ() -> None:
    assert create_admin("--username=a").split()[3] != create_admin("--username=b").split()[3]


def test_on_a_terminal_it_asks_for_both(answers: Callable[..., None]) -> None:
    answers("olena", GOOD, GOOD)

    assert create_admin() == "Created olena.\n"
    assert User.objects.get(username="olena").check_password(GOOD)


def test_an_empty_answer_takes_the_usual_name_and_makes_a_password(answers: Callable[..., None]) -> None:
    answers("", "")

    assert create_admin().startswith("Created admin.\nPassword: ")


def test_a_weak_password_is_refused_and_asked_for_again(answers: Callable[..., None]) -> None:
    answers("olena.savchuk", "password", "olena.savchuk.1", "one that is long", "another that is long", GOOD, GOOD)

    shown = create_admin()
    assert "too common" in shown
    assert "too similar to the username" in shown
    assert "The passwords do not match." in shown
    assert User.objects.get(username="olena.savchuk").check_password(GOOD)


def test_an_existing_account_is_left_alone() -> None:
    User.objects.create_user("admin", password=GOOD)

    with pytest.raises(CommandError, match=r"already.*--reset"):
        create_admin()

    assert User.objects.get(username="admin").check_password(GOOD)


def test_an_existing_account_gets_a_new_password_when_asked() -> None:
    User.objects.create_user("admin", password=GOOD, is_active=False)

    shown = create_admin("--reset")

    user = User.objects.get(username="admin")
    assert shown.startswith("New password for admin.\n")
    assert user.is_active
    assert not user.check_password(GOOD)


def test_an_account_that_is_not_there_cannot_be_reset() -> None:
    with pytest.raises(CommandError, match="no account 'nobody'"):
        create_admin("--username=nobody", "--reset")


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(CommandError, match="valid username"):
        create_admin("--username=a b")


def test_whoever_leaves_the_terminal_changes_nothing() -> None:
    with (
        patch("sys.stdin.isatty", return_value=True),
        patch("builtins.input", side_effect=EOFError),
        pytest.raises(CommandError, match="Nothing has been changed"),
    ):
        create_admin()

    assert not User.objects.exists()
