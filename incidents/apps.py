"""The app of the working records."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Working records, loading, publishing and the admin."""

    name = "incidents"
    verbose_name = "Incidents"
    default_auto_field = "django.db.models.BigAutoField"
