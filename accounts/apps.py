"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, posts, permissions, audit."""

    name = "accounts"
    verbose_name = "账号与权限"
