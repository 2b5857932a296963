"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, posts, permissions, audit."""

    name = "accounts"
    verbose_name = "账号与权限"

    def ready(self) -> None:
        """Register how sign-in is described to other programs."""
        from accounts import schema  # noqa: F401
