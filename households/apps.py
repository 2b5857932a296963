"""App configuration."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    """Households, their categories, and who looks after whom."""

    name = "households"
    verbose_name = "联系户"

    def ready(self) -> None:
        """Offer the rolls to the import wizard."""
        from households import resources  # noqa: F401
