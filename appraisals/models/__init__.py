"""What is kept of ratings, appraisals and honours."""

from appraisals.models.appraisals import (
    Appraisal,
    AppraisalBallot,
    AppraisalPlan,
    AppraisalResult,
    AppraisalScan,
    AppraisalVote,
)
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
