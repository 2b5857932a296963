"""Where our own files are found: each address is worked out once in a process."""

from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class Kept(StaticFilesStorage):
    """Every page names nine files, whose addresses stay the same until it is deployed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[str | None, str] = {}

    def url(self, name: str | None) -> str:
        """Return the address of a file; raises ValueError where it was not collected."""
        if name not in self._kept:
            self._kept[name] = super().url(name)
        return self._kept[name]


class Collected(Kept, CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files under names that change with what is in them, as a deployment collects them."""
