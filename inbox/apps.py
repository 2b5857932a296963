"""App configuration."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Messages to people inside the product, and channels that point to them."""

    name = "inbox"
    verbose_name = "消息"
