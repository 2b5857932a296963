"""App configuration."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """The division tree, and scope: who may see which rows."""

    name = "regions"
    verbose_name = "区划"

    def ready(self) -> None:
        """Teach the fields our comparisons."""
        from regions.postgresql import lookups  # noqa: F401 - registers them
