"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """公示: public notices with an end, masked by construction, and objections."""

    name = "notices"
    verbose_name = "公示"

    def ready(self) -> None:
        """Register what the worker can do."""
        from notices import tasks  # noqa: F401
