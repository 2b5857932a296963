"""App configuration."""

from django.apps import AppConfig


class RepresentativesConfig(AppConfig):
    """Seats, representatives, mandates, vacancies, by-elections, trainings."""

    name = "representatives"
    verbose_name = "村（居）民代表"

    def ready(self) -> None:
        """Offer the rolls to the import wizard, and keep villages that have some."""
        from regions.services import ask_before_ending
        from representatives import resources  # noqa: F401
        from representatives.ending import in_office

        ask_before_ending(in_office)
