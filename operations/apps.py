"""App configuration."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What those who run a deployment need; no page of it is for the office."""

    name = "operations"
    verbose_name = "运行维护"
