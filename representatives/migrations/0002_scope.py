"""Seats and people under the scope, and their history."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

MODELS = ("CommitteeTerm", "Constituency", "Seat", "Representative", "Mandate")


class Migration(migrations.Migration):
    dependencies = [("representatives", "0001_initial"), ("accounts", "0002_scope")]

    operations = [
        *(EnableScope(model) for model in MODELS),
        NarrowToRepresentative("Representative", "id = {own}"),
        NarrowToRepresentative("Mandate", "representative_id = {own}"),
        TrackHistory("representatives_committeeterm"),
        TrackHistory("representatives_constituency"),
        TrackHistory("representatives_seat"),
        TrackHistory("representatives_representative", unseen=("version", "initials")),
        TrackHistory("representatives_mandate"),
    ]
