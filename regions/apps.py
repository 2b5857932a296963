"""App configuration."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """The division tree, and scope: who may see which rows."""

    name = "regions"
    verbose_name = "区划"
