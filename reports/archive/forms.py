"""Which township, and why; what of a brought log is wanted."""

from typing import Any

from django import forms

from accounts.forms.log import AuditFilter
from accounts.models import Post
from regions.models import Region
from reports.archive.asking import places_of
from reports.exports import LONGEST_REASON
from ui.forms import PlainWords


class ArchiveForm(PlainWords, forms.Form):
    """A township's archive: the place is only asked for where there are several."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    township = forms.ChoiceField(label="哪个乡镇（街道）")
    reason = forms.CharField(
        label="理由",
        max_length=LONGEST_REASON,
        help_text="批准的人会看到，也记入操作日志。",
        error_messages={
            "required": "请写明为什么要整个乡镇的资料，例如“迁到上级平台”。"
        },
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place.pk): place for place in places_of(post)}
        if len(self._places) == 1:
            del self.fields["township"]
            return
        field = self.fields["township"]
        field.choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((code, place.name) for code, place in self._places.items()),
        ]

    def place(self) -> Region:
        """Return the township that was chosen, or the only one."""
        chosen = self.cleaned_data.get("township")
        return self._places[chosen] if chosen else next(iter(self._places.values()))


class InheritedFilter(AuditFilter):
    """The filters of the audit page, and a word that a line must hold."""

    field_order = ("q", "who", "what", "place", "since", "until")

    q = forms.CharField(label="内容里有", required=False, max_length=30)
