"""One sheet as its page and its paper show it: people with their lines, where it stands."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from accounts.models import Post
from accounts.sealing import Sealed
from appraisals.models import AppraisalResult
from funding.models import (
    LineKind,
    PayAccount,
    SheetAct,
    SheetState,
    SheetStep,
    SubsidyLine,
    SubsidySheet,
)
from funding.models.subsidy import FINAL, IN_WORK
from funding.rules import NOUGHT, possible
from funding.rules.resolutions import study_warning
from funding.rules.sheets import (
    appraisal_warning,
    blocks_locking,
    without_appraisal,
)
from notices.models import State
from representatives.models import Representative
from ui.parts import Event, Step

NEXT = {
    SheetState.DRAFT: "核对每个人的天数和金额，没有问题就点“核对无误”。",
    SheetState.CHECKED: "定公示的日期和受理人，提交公示。",
    SheetState.POSTED: "公示期满、没有异议，就可以锁定。",
    SheetState.LOCKED: "按表转账，发完登记发放。",
    SheetState.PAID: "打印补贴表，请大家签字，拍照或扫描附上。",
    SheetState.SIGNED: "这个月办完了。",
    SheetState.VOID: "这个月不发。又要发的，按现在的决议重新计算。",
}
"""What is to be done in each state, in one sentence."""
NAMED = 3
"""How many names a warning lists."""


@dataclass(frozen=True)
class Person:
    """One person of a sheet: his lines, what they come to, where it goes."""

    representative: Representative
    lines: tuple[SubsidyLine, ...]
    account: PayAccount | None = None

    @property
    def amount(self) -> Decimal:
        """What he gets by this sheet."""
        return sum((line.amount for line in self.lines), NOUGHT)

    @property
    def is_adjusted(self) -> bool:
        """Whether an earlier month is made up for."""
        return any(line.kind == LineKind.ADJUSTMENT for line in self.lines)

    @property
    def number(self) -> Sealed | None:
        """The account, masked wherever it is printed."""
        return self.account.number if self.account else None

    @property
    def words(self) -> str:
        """Why he gets what he gets."""
        return "".join(line.words for line in self.lines)


class Desk:
    """A sheet, the day, and who looks at it."""

    def __init__(
        self, sheet: SubsidySheet, on: dt.date, post: Post | None = None
    ) -> None:
        self.sheet, self.on, self.post = sheet, on, post

    @cached_property
    def people(self) -> list[Person]:
        """Everybody on the sheet, by group and name; two statements."""
        lines = self.sheet.lines.select_related("representative__group").order_by(
            "representative__group__number", "representative__initials",
            "representative_id", "-of_month",
        )  # fmt: skip
        accounts = {
            one.representative_id: one
            for one in PayAccount.objects.filter(region=self.sheet.region_id)
        }
        found: dict[int, list[SubsidyLine]] = {}
        for line in lines:
            found.setdefault(line.representative_id, []).append(line)
        return [
            Person(own[0].representative, tuple(own), accounts.get(person))
            for person, own in found.items()
        ]

    @property
    def acts(self) -> tuple[SheetAct, ...]:
        """What whoever looks may do now."""
        rights = self.post.kind.permissions if self.post else frozenset()
        return tuple(SheetAct(act.value) for act in possible(self.sheet.at, rights))

    @property
    def next_words(self) -> str:
        """What is to be done now."""
        return NEXT[SheetState(self.sheet.state)]

    @cached_property
    def lock_refusal(self) -> str:
        """Why it cannot be locked yet; empty if it can, or is not on view."""
        notice = self.sheet.notice
        if self.sheet.state != SheetState.POSTED or notice is None:
            return ""
        stands = notice.state in (State.PUBLISHED, State.ENDED)
        unsettled = notice.objections.filter(settled_on=None).count()
        return blocks_locking(notice.last_day if stands else None, unsettled, self.on)

    @property
    def warnings(self) -> list[str]:
        """What does not stop the sheet and should be seen (L25, L39, accounts)."""
        if self.sheet.state == SheetState.VOID:
            return []
        resolution = self.sheet.resolution
        found = [study_warning(resolution.studied_on, resolution.held_on)]
        people = {p.representative.pk: p.representative.name for p in self.people}
        recent = AppraisalResult.objects.within_a_year(self.on)
        appraised = recent.filter(representative__in=people)
        ids = set(appraised.values_list("representative_id", flat=True))
        found += appraisal_warning(without_appraisal(people, ids))
        if missing := [p.representative.name for p in self.people if not p.account]:
            more = f"等 {len(missing)} 人" if len(missing) > NAMED else ""
            names = "、".join(missing[:NAMED])
            found.append(f"{names}{more}还没有登记领款账号，发放前请补上。")
        return [words for words in found if words]

    @property
    def steps(self) -> list[Step]:
        """Where it stands between 草拟 and 签收; nowhere once it was given up."""
        if self.sheet.state == SheetState.VOID:
            return []
        states = [*IN_WORK, *FINAL]
        now = states.index(SheetState(self.sheet.state))
        is_done = self.sheet.state == SheetState.SIGNED
        return [
            Step(
                state.label,
                state="done"
                if place < now or is_done
                else "now"
                if place == now
                else "todo",
            )
            for place, state in enumerate(states)
        ]

    @property
    def events(self) -> list[Event]:
        """Who did what, the latest first."""
        rows = SheetStep.objects.filter(sheet=self.sheet).select_related("by")
        return [
            Event(
                when=timezone.localtime(step.at),
                title=step.get_act_display(),
                who=step.by.name,
                text=f"{step.words} 合计 {step.total:,.2f} 元".strip(),
            )
            for step in rows.order_by("-pk")
        ]
