"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Pages that show several domains: home, dashboards, exports."""

    name = "reports"
    verbose_name = "概况与报表"
