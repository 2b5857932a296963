"""App configuration."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits, the due rule, overdue flags, waivers, reminders."""

    name = "visits"
    verbose_name = "走访"
