"""The form field for photos, voice notes and scans."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.services import Refused
from attachments.examining import Examined, examine
from attachments.rules import Kind
from ui.forms import FilePick

ACCEPT = {
    Kind.PHOTO: "image/jpeg,image/png,image/webp",
    Kind.VOICE: "audio/*",
    Kind.SCAN: "application/pdf,image/jpeg,image/png",
}


class AttachmentsField(forms.FileField):
    """Some files of the kinds that are wanted; cleans to a list of `Examined`.

    Each is examined while the form is, so that a refusal stands beside the field.
    `camera` opens the phone's camera rather than its gallery.
    """

    def __init__(
        self,
        *,
        kinds: Collection[Kind] = (Kind.PHOTO, Kind.SCAN),
        most: int = 9,
        camera: bool = False,
        **kwargs: Any,
    ) -> None:
        self.kinds, self.most = tuple(kinds), most
        accept = ",".join(dict.fromkeys(ACCEPT[kind] for kind in self.kinds))
        attrs = {"accept": accept} | ({"capture": "environment"} if camera else {})
        kwargs.setdefault("widget", FilePick(attrs=attrs))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files examined; one sentence for each that is refused."""
        uploads = [one for one in data or () if one]
        if not uploads:
            super().clean(None, initial)  # says so where one is required
            return []
        if len(uploads) > self.most:
            raise ValidationError(f"一次最多 {self.most} 个文件，请分几次交。")
        found: list[Examined] = []
        refused: list[str] = []
        for upload in uploads:
            try:
                found.append(examine(upload, self.kinds))
            except Refused as refusal:
                refused.append(str(refusal))
        if refused:
            raise ValidationError(refused)
        return found
