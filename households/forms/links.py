"""Forms for who looks after whom: choosing a representative, leaving office."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.models import Household
from representatives.models import Mandate, MandateEnd, Representative
from representatives.rules import EndCause, Ending, check_ending
from ui.forms import DateInput, PlainWords

NOBODY = "0"
NOBODY_WORDS = "暂时没人"


class LabelForm(PlainWords, forms.Form):
    """Who shares the care of a household, and where it lies under 三长制; all optional."""

    party_member = forms.CharField(
        label="联系党员",
        max_length=30,
        required=False,
        help_text="和代表一起联系这一户的党员。",
    )
    patch = forms.CharField(label="片", max_length=30, required=False)
    neighbourhood = forms.CharField(label="邻", max_length=30, required=False)
    grid = forms.CharField(label="网格", max_length=30, required=False)


class EndingForm(PlainWords, forms.Form):
    """Why and from when somebody is no longer a representative."""

    cause = forms.ChoiceField(
        label="离任原因",
        choices=[("", "请选"), *MandateEnd.choices],
        help_text="罢免只能由推选他的推选单元开会表决。",
    )
    on = forms.DateField(
        label="从哪天起不再担任",
        widget=DateInput(),
        help_text="任期届满的，是任期结束的第二天。",
    )
    evidence = forms.CharField(
        label="依据",
        max_length=200,
        required=False,
        help_text="写清材料名称，例如：死亡证明、书面辞职、推选单元表决记录。",
    )

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        today = timezone.localdate()
        initial: dict[str, Any] = {"on": today}
        if mandate.until < today:
            after = mandate.until + dt.timedelta(days=1)
            initial = {"on": after, "cause": MandateEnd.EXPIRED}
        super().__init__(*args, initial=initial, **kwargs)
        self.mandate = mandate

    def clean_on(self) -> dt.date:
        """Refuse a day to come: until then he serves."""
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError("不能晚于今天，到那天再来办理。")
        return day

    def clean(self) -> dict[str, Any]:
        """Hold the ending against the rules (L18, L19)."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        if given["cause"] == MandateEnd.ENTRY_ERROR:
            self._hold_error_against_mandate(given)
            return given
        self._hold_against_rules(EndCause(given["cause"]), given)
        return given

    def _hold_against_rules(self, cause: EndCause, given: dict[str, Any]) -> None:
        evidence = given["evidence"]
        if cause.evidence and not evidence:
            self.add_error("evidence", f"请填写{cause.evidence}。")
        unit = self.mandate.seat.constituency.name
        ending = Ending(
            cause=cause,
            ended_on=given["on"],
            began=self.mandate.started_on,
            until=self.mandate.until,
            constituency=unit,
            evidence=evidence or cause.evidence,
            decided_by=unit,
        )
        for finding in check_ending(ending, timezone.localdate()):
            self.add_error("on", f"{finding.problem}{finding.remedy}")

    def _hold_error_against_mandate(self, given: dict[str, Any]) -> None:
        if given["on"] < self.mandate.started_on:
            self.add_error("on", f"不能早于当选日期 {self.mandate.started_on}。")
        if not given["evidence"]:
            self.add_error("evidence", "请写清哪里录错了。")

    @property
    def cause_words(self) -> str:
        """The cause as pages name it."""
        return MandateEnd(self.cleaned_data["cause"]).label


class HeirsForm(PlainWords, forms.Form):
    """Who takes over each household of somebody who leaves office."""

    def __init__(
        self,
        *args: Any,
        households: Iterable[Household],
        people: Iterable[Representative],
        proposed: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.households = list(households)
        self.people = {person.pk: person for person in people}
        named = [(str(pk), self._words(person)) for pk, person in self.people.items()]
        for household in self.households:
            heir = proposed.get(household.pk)
            self.fields[self.key(household)] = forms.ChoiceField(
                label=f"{household.group} {household.head}",
                choices=[(NOBODY, NOBODY_WORDS), *named],
                initial=str(heir) if heir else NOBODY,
                error_messages={
                    "required": "这一户是刚分来的，请选交给谁。",
                    "invalid_choice": "选的代表已经不在任，请另选一位。",
                },
            )

    @staticmethod
    def key(household: Household) -> str:
        """Return the name of a household's field."""
        return f"heir_{household.pk}"

    @staticmethod
    def _words(person: Representative) -> str:
        return f"{person.name}（{person.group or '没有填组'}）"

    def heirs(self) -> dict[int, Representative]:
        """Return the next representative by household; those without one are left out."""
        chosen = {
            int(name.removeprefix("heir_")): int(value)
            for name, value in self.cleaned_data.items()
            if value != NOBODY
        }
        return {household: self.people[pk] for household, pk in chosen.items()}
