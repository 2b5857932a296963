"""What reports keep of their own: the figures of periods that are over, and the settings."""

from reports.models.approvals import Approval, ApprovalQuerySet, ApprovalState
from reports.models.closed import (
    ClosedPeriod,
    ClosedSum,
    ClosedSummary,
    ClosedSummaryQuerySet,
    RunningPace,
    SpanChoice,
    closed_in,
)
from reports.models.inherited import InheritedRecord, RecordKind
from reports.models.settings import (
    Measure,
    Preset,
    PresetQuerySet,
    Schedule,
    ScheduleQuerySet,
)

__all__ = [
    "Approval",
    "ApprovalQuerySet",
    "ApprovalState",
    "ClosedPeriod",
    "ClosedSum",
    "ClosedSummary",
    "ClosedSummaryQuerySet",
    "InheritedRecord",
    "Measure",
    "Preset",
    "PresetQuerySet",
    "RecordKind",
    "RunningPace",
    "Schedule",
    "ScheduleQuerySet",
    "SpanChoice",
    "closed_in",
]
