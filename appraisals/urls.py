"""Addresses of appraisals and honours."""

from django.urls import path

from appraisals.views import (
    appraisals,
    growth,
    honours,
    plans,
    reading,
    steps,
)

app_name = "appraisals"
STEP = "appraisals/<int:pk>"
urlpatterns = [
    path("appraisals/", appraisals.appraisal_list, name="appraisals"),
    path(
        "appraisals/in/<int:code>/",
        appraisals.appraisals_below,
        name="appraisals-below",
    ),
    path(
        "appraisals/in/<int:code>/paper/",
        appraisals.summary_paper,
        name="summary-paper",
    ),
    path("appraisals/begin/", appraisals.appraisal_begin, name="appraisal-begin"),
    path("appraisals/own/", reading.own, name="own"),
    path("appraisals/of/<int:pk>/", reading.person_appraisals, name="person"),
    path("appraisals/results/<int:pk>/", reading.result, name="result"),
    path("appraisals/plans/", plans.plans, name="plans"),
    path("appraisals/plans/new/", plans.plan_new, name="plan-new"),
    path(f"{STEP}/", appraisals.appraisal, name="appraisal"),
    path(
        f"{STEP}/paper/<slug:slug>/", appraisals.appraisal_paper, name="appraisal-paper"
    ),
    path(
        f"{STEP}/scans/<uuid:attachment>/",
        appraisals.appraisal_scan,
        name="appraisal-scan",
    ),
    path(f"{STEP}/arrange/", steps.appraisal_arrange, name="appraisal-arrange"),
    path(f"{STEP}/relist/", steps.appraisal_relist, name="appraisal-relist"),
    path(f"{STEP}/discard/", steps.appraisal_discard, name="appraisal-discard"),
    path(
        f"{STEP}/tickets/<slug:body>/",
        steps.appraisal_ballot,
        name="appraisal-ballot",
    ),
    path(f"{STEP}/self/", steps.appraisal_self, name="appraisal-self"),
    path(f"{STEP}/close/", steps.appraisal_close, name="appraisal-close"),
    path(f"{STEP}/recount/", steps.appraisal_recount, name="appraisal-recount"),
    path(f"{STEP}/grades/", steps.appraisal_grades, name="appraisal-grades"),
    path(f"{STEP}/confirm/", steps.appraisal_confirm, name="appraisal-confirm"),
    path(f"{STEP}/notice/", steps.appraisal_notice, name="appraisal-notice"),
    path(f"{STEP}/reopen/", steps.appraisal_reopen, name="appraisal-reopen"),
    path(f"{STEP}/return/", steps.appraisal_return, name="appraisal-return"),
    path(f"{STEP}/file/", steps.appraisal_file, name="appraisal-file"),
    path("honours/", honours.honours, name="honours"),
    path("honours/award/", honours.honour_award, name="honour-award"),
    path("honours/paper/", honours.honour_paper, name="honour-paper"),
    path("honours/commendation/", honours.commendation, name="commendation"),
    path("honours/<int:pk>/receive/", honours.honour_receive, name="honour-receive"),
    path("honours/photos/<int:pk>/<uuid:attachment>/", honours.photo, name="photo"),
    path("growth/", growth.growth_list, name="growth"),
    path("growth/new/", growth.growth_new, name="growth-new"),
    path("growth/<int:pk>/end/", growth.growth_end, name="growth-end"),
    path("demonstrations/", growth.demonstrations, name="demonstrations"),
    path(
        "demonstrations/<int:pk>/drop/",
        growth.demonstration_drop,
        name="demonstration-drop",
    ),
]
