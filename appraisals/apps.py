"""App configuration."""

from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    """The yearly appraisal of representatives; honours, growth, demonstration villages."""

    name = "appraisals"
    verbose_name = "履职评议与表彰"

    def ready(self) -> None:
        """Offer the ledgers of past years' grades and honours to the wizard."""
        from appraisals import honour_resources, resources  # noqa: F401
