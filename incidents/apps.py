"""The app of the working records."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Working records, loading, publishing and the admin."""

    name = "incidents"
    verbose_name = "Incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let a redaction take down the files of releases that hold what it redacts."""
        from incidents.ledger.signals import redacted
        from incidents.releasing.release import take_down

        redacted.connect(take_down)
