"""App configuration."""

from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    """Trainings of representatives: classes, attendance, coverage."""

    name = "trainings"
    verbose_name = "培训"

    def ready(self) -> None:
        """Offer the sign-in sheet to whoever imports."""
        from trainings import resources  # noqa: F401
