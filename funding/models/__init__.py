"""What is kept of work funds and of what representatives are paid."""

from funding.models.fund import (
    CarryOver,
    EntryKind,
    FundEntry,
    Overdraw,
    WorkFund,
)
from funding.models.resolutions import LeftOut, MeetingKind, Resolution
from funding.models.scans import Scan
from funding.models.standards import Standard, StandardKind, standards
from funding.models.subsidy import (
    LineKind,
    PayAccount,
    SheetAct,
    SheetState,
    SheetStep,
    SubsidyLine,
    SubsidySheet,
)

__all__ = [
    "CarryOver",
    "EntryKind",
    "FundEntry",
    "LeftOut",
    "LineKind",
    "MeetingKind",
    "Overdraw",
    "PayAccount",
    "Resolution",
    "Scan",
    "SheetAct",
    "SheetState",
    "SheetStep",
    "Standard",
    "StandardKind",
    "SubsidyLine",
    "SubsidySheet",
    "WorkFund",
    "standards",
]
