"""Addresses of 双约双评 under /api/v1/."""

from django.urls import path

from evaluations.api import (
    EntryEvidence,
    EntryWithdrawal,
    RoundDetail,
    RoundEntries,
    RoundList,
    RoundStepTaken,
    SelfAssessmentDetail,
)
from evaluations.api_covenants import (
    CovenantDates,
    CovenantDetail,
    CovenantEnding,
    CovenantList,
    CovenantRevision,
    CovenantScan,
)
from evaluations.api_drafts import (
    NewCategory,
    NewItem,
    NewTier,
    OneCategory,
    OneItem,
    OneTier,
    SchemeTrial,
)
from evaluations.api_results import (
    RatingPlacing,
    RatingSetting,
    RatingTelling,
    RoundNotice,
    VillageRatingNotice,
)
from evaluations.api_schemes import (
    SchemeAdaptation,
    SchemeDetail,
    SchemeInForce,
    SchemeList,
)
from evaluations.api_villages import (
    VillageRatingConfirmation,
    VillageRatingDetail,
    VillageRatingEvidence,
    VillageRatingFiling,
    VillageRatingList,
    VillageRatingMark,
    VillageRatingReopening,
)

urlpatterns = [
    path("ratings/", RoundList.as_view(), name="ratings"),
    path("ratings/setting/", RatingSetting.as_view(), name="rating-setting"),
    path("ratings/<int:pk>/", RoundDetail.as_view(), name="rating"),
    path("ratings/<int:pk>/notice/", RoundNotice.as_view(), name="rating-notice"),
    path("ratings/<int:pk>/entries/", RoundEntries.as_view(), name="rating-entries"),
    path(
        "ratings/<int:pk>/steps/<slug:act>/",
        RoundStepTaken.as_view(),
        name="rating-step",
    ),
    path(
        "ratings/<int:pk>/self-assessments/<int:household>/",
        SelfAssessmentDetail.as_view(),
        name="self-assessment",
    ),
    path(
        "rating-entries/<int:pk>/withdraw/",
        EntryWithdrawal.as_view(),
        name="rating-entry-withdraw",
    ),
    path(
        "rating-entries/<int:pk>/evidence/",
        EntryEvidence.as_view(),
        name="rating-entry-evidence",
    ),
    path(
        "rating-results/<int:pk>/place/",
        RatingPlacing.as_view(),
        name="rating-place",
    ),
    path("rating-results/<int:pk>/tell/", RatingTelling.as_view(), name="rating-tell"),
    path("covenants/", CovenantList.as_view(), name="covenants"),
    path("covenants/<int:pk>/", CovenantDetail.as_view(), name="covenant"),
    path(
        "covenants/<int:pk>/texts/", CovenantRevision.as_view(), name="covenant-texts"
    ),
    path("covenants/<int:pk>/end/", CovenantEnding.as_view(), name="covenant-end"),
    path(
        "covenant-texts/<int:pk>/scan/",
        CovenantScan.as_view(),
        name="covenant-text-scan",
    ),
    path(
        "covenant-texts/<int:pk>/dates/",
        CovenantDates.as_view(),
        name="covenant-dates",
    ),
    path("schemes/", SchemeList.as_view(), name="schemes"),
    path("schemes/<int:pk>/", SchemeDetail.as_view(), name="scheme"),
    path("schemes/<int:pk>/adapt/", SchemeAdaptation.as_view(), name="scheme-adapt"),
    path("schemes/<int:pk>/in-force/", SchemeInForce.as_view(), name="scheme-force"),
    path("schemes/<int:pk>/trial/", SchemeTrial.as_view(), name="scheme-trial"),
    path(
        "schemes/<int:pk>/categories/", NewCategory.as_view(), name="scheme-categories"
    ),
    path(
        "schemes/<int:pk>/categories/<int:part>/",
        OneCategory.as_view(),
        name="scheme-category",
    ),
    path("schemes/<int:pk>/items/", NewItem.as_view(), name="scheme-items"),
    path("schemes/<int:pk>/items/<int:part>/", OneItem.as_view(), name="scheme-item"),
    path("schemes/<int:pk>/tiers/", NewTier.as_view(), name="scheme-tiers"),
    path("schemes/<int:pk>/tiers/<int:part>/", OneTier.as_view(), name="scheme-tier"),
    path("village-ratings/", VillageRatingList.as_view(), name="village-ratings"),
    path(
        "village-ratings/<int:pk>/",
        VillageRatingDetail.as_view(),
        name="village-rating",
    ),
    path(
        "village-ratings/<int:pk>/marks/",
        VillageRatingMark.as_view(),
        name="village-rating-mark",
    ),
    path(
        "village-ratings/<int:pk>/evidence/<int:item>/",
        VillageRatingEvidence.as_view(),
        name="village-rating-evidence",
    ),
    path(
        "village-ratings/<int:pk>/notice/",
        VillageRatingNotice.as_view(),
        name="village-rating-notice",
    ),
    path(
        "village-ratings/<int:pk>/confirm/",
        VillageRatingConfirmation.as_view(),
        name="village-rating-confirm",
    ),
    path(
        "village-ratings/<int:pk>/reopen/",
        VillageRatingReopening.as_view(),
        name="village-rating-reopen",
    ),
    path(
        "village-ratings/<int:pk>/file/",
        VillageRatingFiling.as_view(),
        name="village-rating-file",
    ),
]
