"""App configuration."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Work funds of villages, and what representatives are paid for lost time."""

    name = "funding"
    verbose_name = "经费与补贴"
