"""App configuration."""

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    """What people say: issues, talk meetings, the month's review."""

    name = "sentiment"
    verbose_name = "民情"
