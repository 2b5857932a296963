"""App configuration."""

from django.apps import AppConfig


class RepresentativesConfig(AppConfig):
    """Seats, representatives, mandates, vacancies, by-elections, trainings."""

    name = "representatives"
    verbose_name = "村（居）民代表"

    def ready(self) -> None:
        """Offer the rolls to the import wizard."""
        from representatives import resources  # noqa: F401
