"""App configuration."""

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    """What people say: issues, talk meetings, the month's review."""

    name = "sentiment"
    verbose_name = "民情"

    def ready(self) -> None:
        """Let a duty to meet go with the mandate it follows from: it is computed."""
        from sentiment.models import MeetingDuty
        from workbooks.undoing import derived

        derived(MeetingDuty, deleted=False)
