"""A new issue: somebody came, or called."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Post
from households.models import Household
from regions.models import Region, VillagerGroup
from representatives.forms.people import groups_of
from sentiment import services
from sentiment.forms.exhibits import exhibits_field
from sentiment.models import Issue, Source
from sentiment.services import Heard
from ui.forms import DateInput, Picks, PlainWords
from visits.models import Satisfaction, Topic

SOURCES = ((Source.CALLER.value, "来访"), (Source.PHONE.value, "来电"))


class NewIssueForm(PlainWords, forms.Form):
    """来访、来电: who said what. A household is found by its head's name."""

    source = forms.ChoiceField(
        label="怎样来的", choices=SOURCES, widget=Picks, initial="caller"
    )
    heard_on = forms.DateField(label="哪天", widget=DateInput)
    head = forms.CharField(
        label="反映人（户主姓名）",
        required=False,
        max_length=30,
        help_text="写户主姓名就记到这一户。不肯说姓名、不是本村的户，空着。",
    )
    group = forms.ModelChoiceField(
        VillagerGroup.objects.none(),
        label="所在组",
        required=False,
        empty_label="没有填",
    )
    topic = forms.ChoiceField(label="类别")
    words = forms.CharField(
        label="反映内容",
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text="照原话记，不要写身份证号、电话号码。",
    )
    satisfaction = forms.ChoiceField(
        label="当时满意吗", required=False, choices=Satisfaction.choices, widget=Picks
    )
    exhibits = exhibits_field()

    def __init__(self, *args: Any, village: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        today = timezone.localdate()
        self.fields["heard_on"].initial = today
        self.fields["heard_on"].widget.attrs["max"] = today.isoformat()
        self.fields["group"].queryset = groups_of(village)  # type: ignore[attr-defined]
        topics = Topic.objects.offered().values_list("name", "name")
        self.fields["topic"].choices = [("", "请选"), *topics]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the one household that is meant."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["household"] = None
        if name := given.get("head"):
            given["household"] = self._household(name, given.get("group"))
        return given

    def _household(self, name: str, group: VillagerGroup | None) -> Household | None:
        found = Household.objects.living().filter(region=self.village, head=name)
        found = found.select_related("group")
        if group is not None:
            found = found.filter(group=group)
        homes = list(found[:5])
        if len(homes) == 1:
            return homes[0]
        groups = "、".join(dict.fromkeys(str(home.group) for home in homes))
        if homes and group is not None:
            self.add_error(
                "head",
                f"{groups}叫“{name}”的不止一户，分不清是哪一户。请空着，把姓名写进内容。",
            )
        elif homes:
            self.add_error("group", f"叫“{name}”的有几户（{groups}），请选所在组。")
        else:
            self.add_error(
                "head",
                f"名册上没有“{name}”这一户。请核对姓名和组，或者空着，把姓名写进内容。",
            )
        return None

    def collect(self, by: Post) -> Issue:
        """Enter the issue; raises what the service refuses."""
        given = self.cleaned_data
        heard = Heard(
            source=Source(given["source"]),
            heard_on=given["heard_on"],
            topic=given["topic"],
            words=given["words"],
            household=given["household"],
            group=given["group"],
            satisfaction=given["satisfaction"],
        )
        return services.collect(
            heard=heard, on=timezone.localdate(), by=by, files=given["exhibits"]
        )
