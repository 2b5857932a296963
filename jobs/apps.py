"""App configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that is done behind the page: an outbox of jobs, and the worker's pulse."""

    name = "jobs"
    verbose_name = "后台任务"
