"""App configuration."""

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    """What people say: issues, talk meetings, the month's review."""

    name = "sentiment"
    verbose_name = "民情"

    def ready(self) -> None:
        """Offer the ledgers that come in; what is computed does not hold up an undo."""
        from sentiment import meeting_resources, resources  # noqa: F401
        from sentiment.models import MeetingDuty
        from workbooks.undoing import derived

        derived(MeetingDuty, deleted=False)
