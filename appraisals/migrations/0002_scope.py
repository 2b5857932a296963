"""Appraisals and honours under the scope, their history, and what the database holds."""

import datetime as dt

from django.db import migrations

from accounts.history import TrackHistory
from appraisals.triggers import INSTALL, REMOVE
from regions.operations import EnableScope, NarrowToRepresentative

OF_OWN = (
    "EXISTS (SELECT FROM appraisals_appraisalresult mine"
    " WHERE mine.appraisal_id = appraisals_appraisal.id"
    " AND mine.representative_id = {own})"
)
BASIS = (
    "邵东市村（居）民代表联系群众工作机制（报道）：每年评议一次，按一定比例评选优秀代表。"
    "权重、分数线和比例是预置的，请市里核定。"
)
SCOPED = (
    "Appraisal",
    "AppraisalResult",
    "AppraisalBallot",
    "AppraisalVote",
    "AppraisalScan",
    "Honour",
    "Commendation",
    "CommendationPhoto",
    "Growth",
    "Demonstration",
)
HIDDEN = (
    "AppraisalBallot",
    "AppraisalVote",
    "AppraisalScan",
    "Commendation",
    "CommendationPhoto",
    "Growth",
    "Demonstration",
)


def add_plan(apps, schema_editor):
    """The plan as it is preset: the report names no weights and no ratio."""
    apps.get_model("appraisals", "AppraisalPlan").objects.create(
        year=2022, effective_from=dt.date(2022, 1, 1), basis=BASIS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0002_scope"),
        ("appraisals", "0001_initial"),
        ("households", "0002_scope"),
        ("notices", "0002_scope"),
        ("representatives", "0004_by_elections_scope"),
    ]

    operations = [
        *(EnableScope(name) for name in SCOPED),
        NarrowToRepresentative("Appraisal", OF_OWN),
        NarrowToRepresentative("AppraisalResult", "representative_id = {own}"),
        NarrowToRepresentative("Honour", "representative_id = {own}"),
        *(NarrowToRepresentative(name, "false") for name in HIDDEN),
        migrations.RunPython(add_plan, migrations.RunPython.noop),
        TrackHistory("appraisals_appraisalplan", region=None, unseen=("is_used",)),
        TrackHistory("appraisals_appraisal", unseen=("version",)),
        TrackHistory("appraisals_appraisalresult", unseen=("rows",)),
        TrackHistory("appraisals_appraisalballot"),
        TrackHistory("appraisals_appraisalvote"),
        TrackHistory("appraisals_appraisalscan"),
        TrackHistory("appraisals_honour", unseen=("version",)),
        TrackHistory("appraisals_commendation", unseen=("version",)),
        TrackHistory("appraisals_commendationphoto"),
        TrackHistory("appraisals_growth"),
        TrackHistory("appraisals_demonstration", unseen=("version",)),
        migrations.RunSQL(INSTALL, REMOVE),
    ]
