"""What is kept of ratings, appraisals and honours."""

from appraisals.models.appraisal_tickets import (
    AppraisalBallot,
    AppraisalScan,
    AppraisalVote,
)
from appraisals.models.appraisals import Appraisal, AppraisalPlan, AppraisalResult
from appraisals.models.honours import (
    Commendation,
    CommendationPhoto,
    Demonstration,
    Growth,
    Honour,
)

__all__ = [
    "Appraisal",
    "AppraisalBallot",
    "AppraisalPlan",
    "AppraisalResult",
    "AppraisalScan",
    "AppraisalVote",
    "Commendation",
    "CommendationPhoto",
    "Demonstration",
    "Growth",
    "Honour",
]
