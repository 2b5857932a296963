"""Addresses of ratings, appraisals and honours."""

from django.urls import path

from evaluations.views import (
    appraisal_plans,
    appraisal_reading,
    appraisal_steps,
    appraisals,
    growth,
    honours,
)

app_name = "evaluations"
STEP = "appraisals/<int:pk>"
urlpatterns = [
    path("appraisals/", appraisals.appraisal_list, name="appraisals"),
    path(
        "appraisals/in/<int:code>/",
        appraisals.appraisals_below,
        name="appraisals-below",
    ),
    path("appraisals/begin/", appraisals.appraisal_begin, name="appraisal-begin"),
    path("appraisals/own/", appraisal_reading.own, name="own"),
    path("appraisals/of/<int:pk>/", appraisal_reading.person_appraisals, name="person"),
    path("appraisals/results/<int:pk>/", appraisal_reading.result, name="result"),
    path("appraisals/plans/", appraisal_plans.plans, name="plans"),
    path("appraisals/plans/new/", appraisal_plans.plan_new, name="plan-new"),
    path(f"{STEP}/", appraisals.appraisal, name="appraisal"),
    path(
        f"{STEP}/paper/<slug:slug>/", appraisals.appraisal_paper, name="appraisal-paper"
    ),
    path(
        f"{STEP}/scans/<uuid:attachment>/",
        appraisals.appraisal_scan,
        name="appraisal-scan",
    ),
    path(
        f"{STEP}/arrange/", appraisal_steps.appraisal_arrange, name="appraisal-arrange"
    ),
    path(f"{STEP}/relist/", appraisal_steps.appraisal_relist, name="appraisal-relist"),
    path(
        f"{STEP}/tickets/<slug:body>/",
        appraisal_steps.appraisal_ballot,
        name="appraisal-ballot",
    ),
    path(f"{STEP}/self/", appraisal_steps.appraisal_self, name="appraisal-self"),
    path(f"{STEP}/close/", appraisal_steps.appraisal_close, name="appraisal-close"),
    path(
        f"{STEP}/recount/", appraisal_steps.appraisal_recount, name="appraisal-recount"
    ),
    path(f"{STEP}/grades/", appraisal_steps.appraisal_grades, name="appraisal-grades"),
    path(
        f"{STEP}/confirm/", appraisal_steps.appraisal_confirm, name="appraisal-confirm"
    ),
    path(f"{STEP}/notice/", appraisal_steps.appraisal_notice, name="appraisal-notice"),
    path(f"{STEP}/reopen/", appraisal_steps.appraisal_reopen, name="appraisal-reopen"),
    path(f"{STEP}/return/", appraisal_steps.appraisal_return, name="appraisal-return"),
    path(f"{STEP}/file/", appraisal_steps.appraisal_file, name="appraisal-file"),
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
