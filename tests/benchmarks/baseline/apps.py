"""The app of the baseline."""

from django.apps import AppConfig


class BaselineConfig(AppConfig):
    """The same data in ordinary tables."""

    name = "tests.benchmarks.baseline"
    label = "baseline"
    default_auto_field = "django.db.models.BigAutoField"
