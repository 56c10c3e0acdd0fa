"""The app of the site itself: its system checks."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings checks, templates and commands that concern the site as a whole."""

    name = "incidents_api"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register the checks of the settings."""
        from incidents_api import checks  # noqa: F401 - registers itself
