"""The app of the site itself: its system checks; and a name for the one that guards logins."""

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings checks, templates and commands that concern the site as a whole."""

    name = "incidents_api"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register the checks of the settings."""
        from incidents_api import checks  # noqa: F401 - registers itself


class LoginsConfig(AxesConfig):
    """Logins that were tried; the admin's index calls the app by what is in it."""

    verbose_name = "Logins"
