"""App configuration."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Papers in the official layout, said once, as .docx and as a printed page."""

    name = "papers"
    verbose_name = "公文"
