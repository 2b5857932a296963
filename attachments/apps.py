"""App configuration."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Photos, voice notes and scans, checked and kept in the scope."""

    name = "attachments"
    verbose_name = "附件"
