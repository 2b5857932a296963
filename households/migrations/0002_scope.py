"""Households and links under the scope, and their history."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

LINKED = (
    "EXISTS (SELECT FROM households_contactlink mine WHERE mine.household_id = {household}"
    " AND mine.representative_id = {{own}}"
    " AND (mine.ended_on IS NULL OR mine.ended_on > (now() AT TIME ZONE 'Asia/Shanghai')::date))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0001_initial"),
        ("representatives", "0002_scope"),
    ]

    operations = [
        EnableScope("Household"),
        EnableScope("CategoryTag"),
        EnableScope("ContactLink"),
        EnableScope("Transfer"),
        NarrowToRepresentative(
            "Household", LINKED.format(household="households_household.id")
        ),
        NarrowToRepresentative(
            "CategoryTag",
            LINKED.format(household="households_categorytag.household_id"),
        ),
        NarrowToRepresentative("ContactLink", "representative_id = {own}"),
        NarrowToRepresentative("Transfer", "false"),
        TrackHistory("households_household", unseen=("version", "initials")),
        TrackHistory("households_categorytag"),
        TrackHistory("households_contactlink"),
        TrackHistory("households_transfer"),
    ]
