"""App configuration."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits, the due rule, overdue flags, waivers, reminders."""

    name = "visits"
    verbose_name = "走访"

    def ready(self) -> None:
        """Offer the visit ledger to the import wizard."""
        from visits import resources  # noqa: F401
