"""What one representative was paid, line by line with reasons: it settles disputes."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from funding.models import SheetState, SubsidyLine
from funding.models.subsidy import SHOWN
from funding.rules import NOUGHT
from representatives.models import Representative

PAID = (SheetState.PAID, SheetState.SIGNED)


@dataclass(frozen=True)
class Line:
    """One line: of which month, how much, why, and whether it has been paid out."""

    row: SubsidyLine

    @property
    def is_paid(self) -> bool:
        """Whether the money has gone out."""
        return self.row.sheet is None or self.row.sheet.state in PAID

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        sheet = self.row.sheet
        if sheet is None:
            return "以前发的"
        if sheet.paid_on:
            return f"{sheet.paid_on} 已发"
        return str(sheet.get_state_display())

    @property
    def words(self) -> str:
        """Why so much."""
        return self.row.words or "系统启用以前发的，从台账导入。"


class Statement:
    """A person's lines, the latest month first; one statement of SQL.

    Sheets that are still being worked on are left out: they may change.
    """

    def __init__(self, person: Representative) -> None:
        self.person = person

    @cached_property
    def lines(self) -> list[Line]:
        """Every line that was shown to the public, and those of before the system."""
        rows = SubsidyLine.objects.filter(representative=self.person).select_related(
            "sheet__resolution"
        )
        found = sorted(
            rows,
            key=lambda row: (
                row.sheet.month if row.sheet else row.of_month,
                row.of_month,
            ),
            reverse=True,
        )
        return [
            Line(row) for row in found if row.sheet is None or row.sheet.state in SHOWN
        ]

    @property
    def paid(self) -> Decimal:
        """What was paid out in all."""
        return sum((one.row.amount for one in self.lines if one.is_paid), NOUGHT)

    @property
    def coming(self) -> Decimal:
        """What is on a sheet and not paid out yet."""
        return sum((one.row.amount for one in self.lines if not one.is_paid), NOUGHT)
