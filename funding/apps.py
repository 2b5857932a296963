"""App configuration."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Work funds of villages, and what representatives are paid for lost time."""

    name = "funding"
    verbose_name = "经费与补贴"

    def ready(self) -> None:
        """Offer the ledgers of what was paid and booked before the system."""
        from funding import fund_resources, resources  # noqa: F401
