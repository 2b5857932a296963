"""Visits and what follows from them: one due date for each household."""

from visits.models.duties import Duty, DutyQuerySet, DutyTally, OverdueFlag, waived
from visits.models.handed import Enclosure, HandedState, HandedVisit
from visits.models.marks import BurstAnswer, Mark, MarkKind
from visits.models.policy import CadenceChoice, DutyCheck, PlanState, Policy, PolicyPlan
from visits.models.topics import Topic
from visits.models.urging import Urging
from visits.models.visits import Satisfaction, Visit, VisitQuerySet, Way
from visits.models.waivers import Reason, Waiver, WaiverQuerySet

__all__ = [
    "BurstAnswer",
    "CadenceChoice",
    "Duty",
    "DutyCheck",
    "DutyQuerySet",
    "DutyTally",
    "Enclosure",
    "HandedState",
    "HandedVisit",
    "Mark",
    "MarkKind",
    "OverdueFlag",
    "PlanState",
    "Policy",
    "PolicyPlan",
    "Reason",
    "Satisfaction",
    "Topic",
    "Urging",
    "Visit",
    "VisitQuerySet",
    "Waiver",
    "WaiverQuerySet",
    "Way",
    "waived",
]
