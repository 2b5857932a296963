"""App configuration."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    """Households, their categories, and who looks after whom."""

    name = "households"
    verbose_name = "联系户"

    def ready(self) -> None:
        """Offer the rolls to the import wizard, and keep villages that have some."""
        from households import resources  # noqa: F401
        from households.ending import on_the_roll
        from regions.services import ask_before_ending

        ask_before_ending(on_the_roll)
