"""Photos and voice notes beside a form of 民情."""

from django import forms

from attachments.forms import AttachmentsField
from sentiment.services.exhibits import KINDS, MOST
from ui.forms import FilePick, PhoneFiles, PlainWords

PHOTOS = "image/jpeg,image/png,image/webp"


def exhibits_field(
    *, on_phone: bool = False, required: bool = False
) -> AttachmentsField:
    """Return the field: on the phone two large buttons, at a desk the file dialog."""
    by_phone = PhoneFiles({"accept": PHOTOS, "capture": "environment"})
    return AttachmentsField(
        label="拍照、录音" if on_phone else "照片、录音",
        kinds=KINDS,
        most=MOST,
        required=required,
        widget=by_phone if on_phone else FilePick({"accept": f"{PHOTOS},audio/*"}),
        error_messages={"required": "请先选照片或录音。"},
        help_text="" if on_phone else f"一个不超过 10 MB，最多 {MOST} 个。没有也行。",
    )


class ExhibitsForm(PlainWords, forms.Form):
    """Adding photos and voice notes to an issue that is there."""

    exhibits = exhibits_field(required=True)
