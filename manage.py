#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from incidents_api.garbage import search_less


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")
    search_less()
    try:
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError, InterfaceError
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python. Run `make run` (it creates .venv), or use "
            ".venv/bin/python manage.py"
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except (DatabaseError, InterfaceError) as error:
        if "--traceback" in sys.argv:
            raise
        from incidents_api.rest.databases import reason

        said = " ".join(str(error).split())
        hint = "Run `manage.py check --database default` to check the database. --traceback shows the traceback."
        raise SystemExit(f"{reason(error) or 'The database reported an error.'} It answered: {said}.\n{hint}") from None


if __name__ == "__main__":
    main()
