"""Addresses of appraisals and honours under /api/v1/."""

from django.urls import path

from appraisals.api import AppraisalDetail, AppraisalFiling, AppraisalList
from appraisals.api_honours import (
    CommendationList,
    DemonstrationDetail,
    DemonstrationList,
    GrowthEnding,
    GrowthList,
    HonourList,
    HonourReceipt,
)
from appraisals.api_plans import AppraisalPlanList
from appraisals.api_steps import (
    AppraisalClosing,
    AppraisalConfirmation,
    AppraisalDiscarding,
    AppraisalGrades,
    AppraisalMeeting,
    AppraisalNotice,
    AppraisalRecount,
    AppraisalRelisting,
    AppraisalReopening,
    AppraisalReturn,
    AppraisalSelf,
)
from appraisals.api_steps import AppraisalTickets as Tickets

STEPS = (
    ("meeting", AppraisalMeeting),
    ("relist", AppraisalRelisting),
    ("discard", AppraisalDiscarding),
    ("self", AppraisalSelf),
    ("close", AppraisalClosing),
    ("recount", AppraisalRecount),
    ("grades", AppraisalGrades),
    ("confirm", AppraisalConfirmation),
    ("notice", AppraisalNotice),
    ("reopen", AppraisalReopening),
    ("return", AppraisalReturn),
    ("file", AppraisalFiling),
)
STEP = "appraisals/<int:pk>/"

urlpatterns = [
    path("appraisals/", AppraisalList.as_view(), name="appraisals"),
    path(STEP, AppraisalDetail.as_view(), name="appraisal"),
    path(f"{STEP}tickets/<slug:body>/", Tickets.as_view(), name="appraisal-tickets"),
    *(
        path(f"{STEP}{name}/", view.as_view(), name=f"appraisal-{name}")
        for name, view in STEPS
    ),
    path("appraisal-plans/", AppraisalPlanList.as_view(), name="appraisal-plans"),
    path("honours/", HonourList.as_view(), name="honours"),
    path("honours/<int:pk>/receive/", HonourReceipt.as_view(), name="honour-receive"),
    path("commendations/", CommendationList.as_view(), name="commendations"),
    path("growth/", GrowthList.as_view(), name="growth"),
    path("growth/<int:pk>/end/", GrowthEnding.as_view(), name="growth-end"),
    path("demonstrations/", DemonstrationList.as_view(), name="demonstrations"),
    path(
        "demonstrations/<int:pk>/", DemonstrationDetail.as_view(), name="demonstration"
    ),
]
