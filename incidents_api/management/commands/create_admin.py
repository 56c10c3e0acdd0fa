"""Create the account of a member of staff, or give one a new password."""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from axes.utils import reset as forget_failed_logins
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

DEFAULT_NAME = "admin"


class Command(BaseCommand):
    """Prompts on a terminal; otherwise generates a password and prints it once."""

    help = "Create an account for /admin/. Generates a password if there is no terminal, or if you enter none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--username", help=f"Name of the account. Prompted for on a terminal; otherwise {DEFAULT_NAME!r}."
        )
        parser.add_argument(
            "--reset", action="store_true", help="Set a new password for an existing account, and remove its lock."
        )

    def handle(self, *args: Any, username: str | None, reset: bool, **options: Any) -> None:
        """Create or change the account; raises CommandError."""
        call_command("migrate", interactive=False, verbosity=0)  # the first command that people run may be this
        try:
            name = username or self._ask_name()
            user = self._account(name, reset=reset)
            given = self._ask_password(user)
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Nothing has been changed.") from None
        password = given or secrets.token_urlsafe(18)
        user.set_password(password)
        user.is_staff = user.is_superuser = user.is_active = True
        user.save()
        forget_failed_logins(username=name)
        self.stdout.write(f"{'New password for' if reset else 'Created'} {name}.")
        if not given:
            self.stdout.write(f"Password: {password}\nIt is not stored in plain text: write it down.")

    def _ask_name(self) -> str:
        if not sys.stdin.isatty():
            return DEFAULT_NAME
        return input(f"Username [{DEFAULT_NAME}]: ").strip() or DEFAULT_NAME

    def _account(self, name: str, *, reset: bool) -> User:
        model = get_user_model()
        user = model.objects.filter(username=name).first()
        if user and not reset:
            raise CommandError(
                f"The account {name!r} already exists. Use another --username, or set a new password with "
                f"manage.py create_admin --username {name} --reset"
            )
        if not user and reset:
            raise CommandError(f"There is no account {name!r}.")
        user = user or model(username=name)
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return user

    def _ask_password(self, user: User) -> str:
        """A valid password from the prompt; empty to generate one."""
        while sys.stdin.isatty():
            password = getpass("Password [empty: generate one]: ")
            if not password:
                break
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                continue
            if password == getpass("Again: "):
                return password
            self.stderr.write("The passwords do not match.")
        return ""
