"""App configuration."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Files that other apps' rows own."""

    name = "attachments"
    verbose_name = "附件"
