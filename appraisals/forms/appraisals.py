"""Forms of an appraisal: the meeting, tickets, 自评, minutes, grades, the city's plan."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from appraisals.board import Board, Line
from appraisals.models import AppraisalPlan, AppraisalResult
from appraisals.rules.appraisals import (
    Ballot,
    Grade,
    Input,
    Part,
    Votes,
    ballot_faults,
    days_fault,
    plan_faults,
    votes_fault,
)
from appraisals.services.appraisals import Judged, Meeting, grade_faults
from attachments.forms import AttachmentsField
from representatives.forms.by_elections import Versioned
from ui.forms import DateInput, PlainWords

MOST_TICKETS = 5000
CELLS = {grade.value: grade.label for grade in Grade} | {"invalid": "作废"}
"""What is counted on one person's line of the tickets; the first may be left empty."""


class YearForm(PlainWords, forms.Form):
    """Which year a page is about."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)


class MeetingForm(Versioned):
    """评议会, and who does not take part and why."""

    met_on = forms.DateField(label="评议会日期", widget=DateInput())
    place = forms.CharField(label="地点", max_length=60, help_text="例如：村部会议室。")
    chair = forms.CharField(
        label="主持人",
        max_length=30,
        help_text="村务监督委员会的人，一般是主任。",
    )
    recorder = forms.CharField(label="记录人", max_length=30, required=False)
    counts_until = forms.DateField(
        label="履职情况算到哪一天",
        widget=DateInput(),
        help_text="走访、恳谈会、民情都算到这一天为止。",
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board
        for one in board.results:
            self.fields[f"unrated_{one.pk}"] = forms.CharField(
                label=f"{one.representative.name}不参评的原因",
                max_length=60,
                required=False,
                initial=one.unrated,
            )

    def rows(self) -> Iterator[tuple[AppraisalResult, BoundField]]:
        """Yield each person with the field of why not."""
        for one in self.board.results:
            yield one, self[f"unrated_{one.pk}"]

    def clean(self) -> dict[str, Any]:
        """Hold the days against the year."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("met_on") and given.get("counts_until"):
            year, today = self.board.row.year, timezone.localdate()
            days = (given["met_on"], given["counts_until"])
            for field, words in days_fault(year, *days, today).items():
                self.add_error(field, words)
        return given

    def meeting(self) -> Meeting:
        """Return the meeting of a form in order."""
        names = ("met_on", "place", "chair", "counts_until", "recorder")
        return Meeting(**{name: self.cleaned_data[name] for name in names})

    def unrated(self) -> dict[int, str]:
        """Return the reasons, by result."""
        return {
            one.pk: self.cleaned_data[f"unrated_{one.pk}"] for one in self.board.results
        }


class BallotForm(Versioned):
    """The tickets of one body. 优秀 may be left empty: the rest of those returned."""

    present = forms.IntegerField(label="到会人数", min_value=1, max_value=MOST_TICKETS)
    issued = forms.IntegerField(label="发出票", min_value=1, max_value=MOST_TICKETS)
    returned = forms.IntegerField(label="收回票", min_value=1, max_value=MOST_TICKETS)

    def __init__(
        self, *args: Any, people: Sequence[AppraisalResult], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for one in self.people:
            for column, label in CELLS.items():
                self.fields[f"{column}_{one.pk}"] = forms.IntegerField(
                    label=f"{one.representative.name} {label}",
                    min_value=0,
                    max_value=MOST_TICKETS,
                    required=False,
                )

    def rows(
        self,
    ) -> Iterator[tuple[AppraisalResult, list[tuple[BoundField, str]]]]:
        """Yield each person with his fields, and what each of them counts."""
        for one in self.people:
            yield one, [(self[f"{key}_{one.pk}"], name) for key, name in CELLS.items()]

    def clean(self) -> dict[str, Any]:
        """Hold the numbers against each other, each in its place."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        for field, words in ballot_faults(self.ballot()).items():
            self.add_error(field, words)
        for one in self.people:
            if fault := votes_fault(self._votes(one), given["returned"]):
                self.add_error(f"excellent_{one.pk}", fault)
        return given

    def ballot(self) -> Ballot:
        """Return how many were present, went out and came back."""
        given = self.cleaned_data
        return Ballot(given["present"], given["issued"], given["returned"])

    def _votes(self, one: AppraisalResult) -> Votes:
        first, *rest = CELLS
        counts = [self.cleaned_data.get(f"{c}_{one.pk}") or 0 for c in rest]
        best: int | None = self.cleaned_data.get(f"{first}_{one.pk}")
        if best is None:
            best = max(self.cleaned_data["returned"] - sum(counts), 0)
        return Votes(best, *counts)

    def votes(self) -> dict[int, Votes]:
        """Return what the tickets say, by result."""
        return {one.pk: self._votes(one) for one in self.people}


class PeopleForm(Versioned):
    """One choice of grade for each person, in the order of the roll."""

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board
        choices = [
            ("", "请选"),
            *((g.grade.value, g.name) for g in board.scheme.grades),
        ]
        for line in board.rated:
            self.fields[f"grade_{line.result.pk}"] = forms.ChoiceField(
                label=f"{line.result.representative.name} 等次",
                choices=choices,
                initial=self.begins_with(line),
                required=False,
            )

    def begins_with(self, line: Line) -> str:
        """Return what the choice begins with."""
        return line.result.self_grade

    def chosen(self) -> dict[int, Grade]:
        """Return the grades that were chosen, by result."""
        given = (
            (line.result.pk, self.cleaned_data.get(f"grade_{line.result.pk}"))
            for line in self.board.rated
        )
        return {pk: Grade(grade) for pk, grade in given if grade}


class SelfForm(PeopleForm):
    """自评: what each thinks of himself."""

    def rows(self) -> Iterator[tuple[Line, BoundField]]:
        """Yield each person with his field."""
        for line in self.board.rated:
            yield line, self[f"grade_{line.result.pk}"]


class GradesForm(PeopleForm):
    """等次: begins with what the scores reach; 优秀 is chosen by hand, within the ratio."""

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, board=board, **kwargs)
        for line in board.rated:
            self.fields[f"words_{line.result.pk}"] = forms.CharField(
                label=f"{line.result.representative.name} 说明",
                max_length=200,
                required=False,
                initial=line.result.words,
            )

    def begins_with(self, line: Line) -> str:
        """Return the grade that was saved, else the one the score reaches."""
        if line.result.grade:
            return line.result.grade
        return "" if line.suggested is Grade.EXCELLENT else str(line.suggested or "")

    def rows(self) -> Iterator[tuple[Line, BoundField, BoundField]]:
        """Yield each person with his two fields."""
        for line in self.board.rated:
            pk = line.result.pk
            yield line, self[f"grade_{pk}"], self[f"words_{pk}"]

    def clean(self) -> dict[str, Any]:
        """Hold the grades against scores and ratio."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            for pk, words in grade_faults(self.board, self.grades()).items():
                self.add_error(f"grade_{pk}" if pk else None, words)
        return given

    def grades(self) -> dict[int, Judged]:
        """Return what was decided, by result."""
        return {
            pk: Judged(grade, self.cleaned_data.get(f"words_{pk}", ""))
            for pk, grade in self.chosen().items()
        }


class CloseForm(Versioned):
    """The minutes, and scans of the tally sheets where there are some."""

    minutes = forms.CharField(
        label="会议记录",
        max_length=3000,
        widget=forms.Textarea({"rows": 8}),
        help_text="谁述职、谁发言、怎么投票、谁监票计票。照着签字的纸质记录写。",
    )
    scans = AttachmentsField(
        label="计票表、签字记录的扫描件或照片",
        help_text="没有可以不传，纸质的留在村里。",
    )


class PlanForm(PlainWords, forms.ModelForm):  # type: ignore[type-arg]
    """An edition of the city's plan."""

    class Meta:
        model = AppraisalPlan
        fields = (
            "year",
            "effective_from",
            *(f"w_{part}" for part in Part),
            *(f"i_{one}" for one in Input),
            "share",
            "at_least",
            "township_share",
            "notice_days",
            "demonstrations",
            "basis",
        )
        widgets = {"effective_from": DateInput()}
        help_texts = {
            "share": "参评人数的百分之几，算出来不足 1 名的零头不算。",
            "at_least": "人少的村按比例不到 1 名时，至少可以评几名；填 0 就是不能评。",
            "township_share": "全镇在任代表的百分之几，备案时核对。",
            "basis": "例如：市民政局哪一年哪一号文件。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in self.instance.scheme.grades:
            for name, label, value in (
                ("name", "叫什么", rule.name),
                ("least", "最低分", rule.least),
                ("worth", "一票折合", rule.worth),
            ):
                self.fields[f"{name}_{rule.grade}"] = (
                    forms.CharField(label=label, max_length=8, initial=value)
                    if name == "name"
                    else forms.IntegerField(
                        label=label, min_value=0, max_value=100, initial=value
                    )
                )

    def grade_rows(self) -> Iterator[tuple[Grade, list[BoundField]]]:
        """Yield each grade with its three fields."""
        for grade in Grade:
            yield (
                grade,
                [self[f"{name}_{grade}"] for name in ("name", "least", "worth")],
            )

    def weights(self, prefix: str, of: Iterable[str]) -> list[BoundField]:
        """Return the fields of some weights."""
        return [self[f"{prefix}_{one}"] for one in of]

    @property
    def parts(self) -> list[BoundField]:
        """The weights of the five parts."""
        return self.weights("w", Part)

    @property
    def inputs(self) -> list[BoundField]:
        """The weights inside the system part."""
        return self.weights("i", Input)

    def clean(self) -> dict[str, Any]:
        """Hold weights, thresholds and shares against each other."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        where = {"parts": "w_party", "inputs": "i_trainings", "grades": None}
        plan = AppraisalPlan(**self.edition())
        for name, words in plan_faults(plan.scheme, plan.township_share).items():
            self.add_error(where.get(name, name), words)
        if plan.effective_from < timezone.localdate():
            words = "生效日期不能早于今天，已经开始的评议按原来的方案办。"
            self.add_error("effective_from", words)
        return given

    def edition(self) -> dict[str, Any]:
        """Return the columns of the edition."""
        given = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        grades = [
            {
                "grade": grade.value,
                "name": self.cleaned_data[f"name_{grade}"],
                "least": self.cleaned_data[f"least_{grade}"],
                "worth": self.cleaned_data[f"worth_{grade}"],
            }
            for grade in Grade
        ]
        return given | {"grades": grades}

    def _post_clean(self) -> None:
        """Leave the constraints to the rules, which say it in words."""
