"""Covenants and ratings under the scope, their history, what triggers hold and keep."""

from django.db import migrations

from accounts.history import TrackHistory
from evaluations.triggers import CREATE, DROP
from regions.operations import EnableScope, NarrowToRepresentative

# A representative sees what was entered and decided about those he looks after.
OF_LINKED = (
    "EXISTS (SELECT FROM households_contactlink mine"
    " WHERE mine.household_id = {table}.household_id"
    " AND mine.representative_id = {{own}}"
    " AND (mine.ended_on IS NULL"
    " OR mine.ended_on > (now() AT TIME ZONE 'Asia/Shanghai')::date))"
)


def narrow(model: str) -> NarrowToRepresentative:
    """Narrow a table of households' rows to those that a representative looks after."""
    table = f"evaluations_{model.lower()}"
    return NarrowToRepresentative(model, OF_LINKED.format(table=table))


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0001_initial"),
        ("accounts", "0002_scope"),
        ("attachments", "0002_scope"),
        ("households", "0003_categories"),
        ("notices", "0002_scope"),
    ]

    operations = [
        EnableScope("Covenant"),
        EnableScope("CovenantVersion"),
        EnableScope("RatingRound"),
        EnableScope("RoundStep", writes="append"),
        EnableScope("Entry"),
        EnableScope("SelfAssessment"),
        EnableScope("HouseholdRating"),
        EnableScope("VillageSetting"),
        EnableScope("VillageRating"),
        EnableScope("ManualPoints"),
        narrow("Entry"),
        narrow("SelfAssessment"),
        narrow("HouseholdRating"),
        NarrowToRepresentative("ManualPoints", "false"),
        NarrowToRepresentative("VillageRating", "false"),
        TrackHistory("evaluations_covenant"),
        TrackHistory("evaluations_covenantversion", unseen=("version",)),
        TrackHistory("evaluations_ratinground", unseen=("version",)),
        TrackHistory("evaluations_entry"),
        TrackHistory("evaluations_selfassessment"),
        TrackHistory("evaluations_householdrating"),
        TrackHistory("evaluations_villagesetting"),
        TrackHistory("evaluations_villagerating", unseen=("version",)),
        TrackHistory("evaluations_manualpoints"),
        TrackHistory("evaluations_scheme", region=None, unseen=("version",)),
        TrackHistory("evaluations_schemecategory", region=None),
        TrackHistory("evaluations_schemeitem", region=None),
        TrackHistory("evaluations_schemetier", region=None),
        migrations.RunSQL(CREATE, DROP),
    ]
