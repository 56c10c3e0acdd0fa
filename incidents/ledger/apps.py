"""The app of the ledger."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """What is published: the only tables the public sees."""

    name = "incidents.ledger"
    label = "ledger"
    verbose_name = "Ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of what the ledger needs from its database, and what follows a flush."""
        from incidents.ledger.after_flush import begin_again
        from incidents.ledger.areas import prepare_connections
        from incidents.ledger.checks import check_database_features, check_database_fits
        from incidents.ledger.database.indexes import make_for_attributes
        from incidents.ledger.signals import datasets_published

        prepare_connections()
        checks.register(check_database_features, checks.Tags.database)
        checks.register(check_database_fits, checks.Tags.database)
        post_migrate.connect(begin_again, sender=self)
        datasets_published.connect(make_for_attributes)
