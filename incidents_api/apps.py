"""The app of the site itself: its system checks; and a name for the one that guards logins."""

from typing import Any

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig


def delete_answers(**_: Any) -> None:
    """Delete what was made of the ledger for readers before a redaction; what is being sent of it ends."""
    from incidents_api.serving.answer_files import answers_of_this_site

    answers_of_this_site().purge()


class SiteConfig(AppConfig):
    """Settings checks, templates and commands that concern the site as a whole."""

    name = "incidents_api"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register the checks of the settings."""
        from incidents.ledger.signals import redacted
        from incidents_api import checks  # noqa: F401 - registers itself

        redacted.connect(delete_answers, dispatch_uid="delete_answers")


class LoginsConfig(AxesConfig):
    """Logins that were tried; the admin's index calls the app by what is in it."""

    verbose_name = "Logins"
