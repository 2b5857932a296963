"""Forms of a by-election: start, plan, the township's word, who stands, the result."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from representatives.assembly import Place
from representatives.forms.fields import born_on
from representatives.forms.people import PersonFields, groups_of
from representatives.models import (
    ByElection,
    Candidate,
    MandateEnd,
    NominatedBy,
    Politics,
    Representative,
    Sex,
    VoterKind,
)
from representatives.rules import Candidate as RuledCandidate
from representatives.rules import check_candidate
from representatives.services import Plan, Sheet, VacancyFacts, sealed_identity
from ui.forms import ChoiceCards, DateInput, PlainWords

MOST_PEOPLE = 5000


class StartForm(PlainWords, forms.Form):
    """Which vacant seats, and what proves each vacancy."""

    def __init__(
        self, *args: Any, places: Sequence[Place], chosen: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(places)
        for place in self.places:
            key = place.seat.pk
            proof = place.last.end_evidence if place.last else ""
            self.fields[f"seat_{key}"] = forms.BooleanField(
                label=f"第 {place.seat.number} 席",
                required=False,
                initial=chosen in (None, key),
            )
            self.fields[f"evidence_{key}"] = forms.CharField(
                label="出缺依据",
                required=False,
                max_length=200,
                initial=proof,
                help_text="例如：死亡证明、户口迁出记录、书面辞职；新设席位写决定的会议。",
            )

    def rows(self) -> Iterable[tuple[Place, Any, Any]]:
        """Yield each vacant seat with its two fields."""
        for place in self.places:
            key = place.seat.pk
            yield place, self[f"seat_{key}"], self[f"evidence_{key}"]

    def clean(self) -> dict[str, Any]:
        """A seat that is chosen needs its proof (L10)."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [p for p in self.places if given.get(f"seat_{p.seat.pk}")]
        if not chosen:
            raise ValidationError("请至少选一个要补选的席位。")
        for place in chosen:
            if not given.get(f"evidence_{place.seat.pk}", "").strip():
                self.add_error(
                    f"evidence_{place.seat.pk}", "请写明出缺的依据，例如死亡证明。"
                )
        return given

    def vacancies(self) -> list[VacancyFacts]:
        """Return the seats of a form in order."""
        given = self.cleaned_data
        return [
            VacancyFacts.of(place, given[f"evidence_{place.seat.pk}"])
            for place in self.places
            if given[f"seat_{place.seat.pk}"]
        ]


class Versioned(PlainWords, forms.Form):
    """A step of a by-election: carries the version that the page was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PlanForm(Versioned):
    """方案: when, where, who presides, who is entitled."""

    meets_on = forms.DateField(label="推选日期", widget=DateInput())
    place = forms.CharField(
        label="推选地点", max_length=60, help_text="例如：3 组刘桂英家屋场。"
    )
    presider = forms.CharField(
        label="主持人", max_length=30, help_text="一般是村民小组长或者村委会成员。"
    )
    voters = forms.ChoiceField(
        label="哪些人参加推选",
        choices=[
            (VoterKind.HOUSEHOLDS, "户的代表|每户一人，应到人数就是户数"),
            (VoterKind.ADULTS, "十八周岁以上村（居）民|本单元全体成年人"),
        ],
        widget=ChoiceCards(),
    )
    entitled = forms.IntegerField(label="应到人数", min_value=1, max_value=MOST_PEOPLE)
    plan_note = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_meets_on(self) -> dt.date:
        """Refuse a day that is past: the township has still to look at it."""
        day: dt.date = self.cleaned_data["meets_on"]
        if day < timezone.localdate():
            raise ValidationError("推选日期不能早于今天。")
        return day

    def plan(self) -> Plan:
        """Return the plan of a form in order."""
        given = {k: v for k, v in self.cleaned_data.items() if k != "version"}
        return Plan(**given | {"voters": VoterKind(given["voters"])})


class ReviewForm(Versioned):
    """The township's word on a plan."""

    verdict = forms.ChoiceField(
        label="审核意见",
        choices=[
            ("approve", "同意|村里可以按方案推选"),
            ("return", "退回修改|写明哪里要改"),
        ],
        widget=ChoiceCards(),
    )
    words = forms.CharField(
        label="意见",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="退回的必须写，同意的可以不写。",
    )

    def clean(self) -> dict[str, Any]:
        """Sending back needs a reason."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("verdict") == "return" and not given.get("words", "").strip():
            self.add_error("words", "退回要写明哪里要改，村里才知道怎么办。")
        return given


class ReasonForm(Versioned):
    """Why a by-election is called off, or its result set aside."""

    reason = forms.CharField(
        label="原因", min_length=4, max_length=180, widget=forms.Textarea({"rows": 2})
    )


class CandidateForm(PlainWords, PersonFields):
    """A resident who stands."""

    nominated_by = forms.ChoiceField(
        label="怎么推荐的", choices=[("", "请选"), *NominatedBy.choices]
    )
    has_rights = forms.BooleanField(
        label="已核实：没有被依法剥夺政治权利",
        error_messages={"required": "请向派出所或司法所核实后勾选。"},
    )
    on_committee = forms.BooleanField(label="现在是村（居）委会成员", required=False)
    former = forms.ModelChoiceField(
        Representative.objects.none(),
        label="以前当过本村代表的，选是哪一位",
        required=False,
        empty_label="没有当过",
    )
    field_order = ("name", "sex", "id_number", "birth_year", "politics")

    def __init__(
        self,
        *args: Any,
        by_election: ByElection,
        row: Candidate | None = None,
        **kwargs: Any,
    ) -> None:
        held = kwargs.pop("initial", None) or {}
        if row:
            held = {n: getattr(row, n) for n in KEPT} | {"former": row.former_id}
        super().__init__(*args, initial=held, **kwargs)
        self.by_election, self.row = by_election, row
        village = by_election.region
        del self.fields["remark"]
        self.fields["group"].queryset = groups_of(village)  # type: ignore[attr-defined]
        self.fields["former"].queryset = former_people(village.pk)  # type: ignore[attr-defined]
        self.fields["sex"] = forms.ChoiceField(
            label="性别", choices=[("", "请选"), *Sex.choices]
        )
        self.fields["politics"] = forms.ChoiceField(
            label="政治面貌", choices=[("", "请选"), *Politics.choices]
        )
        hint = "用来核对年龄和是否已经是代表；没有的，出生年份必填。"
        if row and row.id_number:
            hint = f"现在是 {row.id_number}。不改就不用填。"
        self.fields["id_number"].help_text = hint
        if row and row.phone:
            self.fields["phone"].help_text = f"现在是 {row.phone}。不改就不用填。"

    def clean(self) -> dict[str, Any]:
        """Hold the person against L07 and L09 on the election day, field by field."""
        given = super().clean()
        if self.errors:
            return given
        if not self._number() and not given.get("birth_year"):
            self.add_error("birth_year", "身份证号和出生年份至少填一样，用来核对年龄。")
            return given
        day = self.by_election.meets_on or timezone.localdate()
        for finding in check_candidate(self._ruled(), day):
            field = "on_committee" if finding.rule.id == "L09" else "birth_year"
            if finding.rule.id == "L07" and given.get("id_number"):
                field = "id_number"
            self.add_error(field, f"{finding.problem}{finding.remedy}")
        return given

    def _number(self) -> str:
        typed: str = self.cleaned_data.get("id_number") or ""
        held = self.row.id_number if self.row else None
        return typed or (held.reveal() if held else "")

    def _ruled(self) -> RuledCandidate:
        given, number = self.cleaned_data, self._number()
        return RuledCandidate(
            name=given["name"],
            born=born_on(number) if number else None,
            birth_year=given.get("birth_year"),
            is_deprived=False,
            is_committee_member=given["on_committee"],
        )

    def person(self) -> dict[str, Any]:
        """Return the columns of a candidate; sealed ones only where something was typed."""
        given = self.cleaned_data
        person = {name: given[name] for name in KEPT}
        if number := self._number():
            person["birth_year"] = born_on(number).year
        sealed = sealed_identity(id_number=given["id_number"], phone=given["phone"])
        for name, index in (("id_number", "id_index"), ("phone", "phone_index")):
            if given[name] or self.row is None:
                person |= {name: sealed[name], index: sealed[index]}
        return person


KEPT = (
    "name",
    "sex",
    "nation",
    "birth_year",
    "education",
    "politics",
    "group",
    "offices",
    "draws_allowance",
    "nominated_by",
    "has_rights",
    "on_committee",
)


def former_people(village: int) -> Any:
    """Return people of the village who served before and do not now."""
    rows = Representative.objects.filter(region_id=village, mandates__isnull=False)
    gone = rows.exclude(mandates__ended_on=None)
    dead = gone.exclude(mandates__end_cause=MandateEnd.DEATH)
    return dead.order_by("initials").distinct()


class ResultForm(Versioned):
    """结果报告单 of one round: people, ballots, and each candidate's votes."""

    held_on = forms.DateField(label="投票日期", widget=DateInput())
    entitled = forms.IntegerField(label="应到", min_value=1, max_value=MOST_PEOPLE)
    present = forms.IntegerField(label="实到", min_value=0, max_value=MOST_PEOPLE)
    issued = forms.IntegerField(label="发出票", min_value=0, max_value=MOST_PEOPLE)
    returned = forms.IntegerField(label="收回票", min_value=0, max_value=MOST_PEOPLE)
    invalid = forms.IntegerField(label="无效票", min_value=0, max_value=MOST_PEOPLE)
    tellers = forms.CharField(label="监票人、计票人", required=False, max_length=60)
    quorum_reason = forms.CharField(
        label="到会人数不足、仍然有效的理由",
        required=False,
        max_length=200,
        help_text="只有到会不足三分之二时才填，例如：连续大雨，已书面委托并经镇里同意。",
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.candidates = list(candidates)
        for candidate in self.candidates:
            for key, word in (
                ("for", "赞成"),
                ("against", "反对"),
                ("abstain", "弃权"),
            ):
                self.fields[f"{key}_{candidate.pk}"] = forms.IntegerField(
                    label=f"{candidate.name} {word}",
                    min_value=0,
                    max_value=MOST_PEOPLE,
                    widget=forms.NumberInput({"inputmode": "numeric"}),
                )

    def rows(self) -> Iterable[tuple[Candidate, tuple[Any, Any, Any]]]:
        """Yield each candidate with the three fields of votes."""
        for candidate in self.candidates:
            names = (f"{key}_{candidate.pk}" for key in ("for", "against", "abstain"))
            yield candidate, tuple(self[name] for name in names)  # type: ignore[misc]

    def sheet(self) -> Sheet:
        """Return the sheet of a form in order."""
        given = self.cleaned_data
        names = ("held_on", "entitled", "present", "issued", "returned", "invalid")
        votes = {
            c.pk: tuple(given[f"{key}_{c.pk}"] for key in ("for", "against", "abstain"))
            for c in self.candidates
        }
        return Sheet(
            **{name: given[name] for name in names},
            votes=votes,
            tellers=given["tellers"],
            quorum_reason=given["quorum_reason"].strip(),
        )
