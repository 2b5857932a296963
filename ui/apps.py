"""The design system as a Django app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


class UiConfig(AppConfig):
    """No models; registers the check of what the templates need."""

    name = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Let `manage.py check` say when a setting is missing."""
        register(check_settings)


def check_settings(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """`ui.E001`: the form renderer without django.forms finds no widget templates."""
    ours = getattr(settings, "FORM_RENDERER", "") == "ui.forms.Renderer"
    if ours and not apps.is_installed("django.forms"):
        hint = 'Put "django.forms" after "ui" in INSTALLED_APPS.'
        return [Error("ui.forms.Renderer needs django.forms.", hint=hint, id="ui.E001")]
    return []
