"""What is kept of 双约双评."""

# --- covenants, schemes, ratings ---
from evaluations.models.covenants import AdoptedBy, Covenant, CovenantVersion
from evaluations.models.ratings import (
    Entry,
    HouseholdRating,
    RatingRound,
    RoundStep,
    SelfAssessment,
    VillageSetting,
)
from evaluations.models.schemes import (
    Scheme,
    SchemeCategory,
    SchemeItem,
    SchemeState,
    SchemeTier,
)
from evaluations.models.villages import ManualPoints, VillageRating

__all__ = [
    "AdoptedBy",
    "Covenant",
    "CovenantVersion",
    "Entry",
    "HouseholdRating",
    "ManualPoints",
    "RatingRound",
    "RoundStep",
    "Scheme",
    "SchemeCategory",
    "SchemeItem",
    "SchemeState",
    "SchemeTier",
    "SelfAssessment",
    "VillageRating",
    "VillageSetting",
]
