"""Money under the scope, and its history. A representative sees what he is paid."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

ONLY_STAFF = "false"
OWN_SHEET = (
    "EXISTS (SELECT FROM funding_subsidyline mine"
    " WHERE mine.sheet_id = funding_subsidysheet.id"
    " AND mine.representative_id = {own})"
)


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0001_initial"),
        ("attachments", "0002_scope"),
        ("notices", "0002_scope"),
        ("representatives", "0002_scope"),
    ]

    operations = [
        EnableScope("WorkFund", writes="append"),
        EnableScope("CarryOver", writes="append"),
        EnableScope("FundEntry", writes="append"),
        EnableScope("Overdraw", writes="append"),
        EnableScope("Resolution"),
        EnableScope("LeftOut"),
        EnableScope("SubsidySheet"),
        EnableScope("SubsidyLine"),
        EnableScope("SheetStep", writes="append"),
        EnableScope("PayAccount"),
        EnableScope("Scan"),
        NarrowToRepresentative("WorkFund", ONLY_STAFF),
        NarrowToRepresentative("CarryOver", ONLY_STAFF),
        NarrowToRepresentative("FundEntry", ONLY_STAFF),
        NarrowToRepresentative("Overdraw", ONLY_STAFF),
        NarrowToRepresentative("LeftOut", "representative_id = {own}"),
        NarrowToRepresentative("SubsidySheet", OWN_SHEET),
        NarrowToRepresentative("SubsidyLine", "representative_id = {own}"),
        NarrowToRepresentative("SheetStep", ONLY_STAFF),
        NarrowToRepresentative("PayAccount", "representative_id = {own}"),
        NarrowToRepresentative("Scan", ONLY_STAFF),
        TrackHistory("funding_workfund"),
        TrackHistory("funding_carryover"),
        TrackHistory("funding_fundentry"),
        TrackHistory("funding_resolution"),
        TrackHistory("funding_leftout"),
        TrackHistory("funding_subsidysheet", unseen=("version",)),
        TrackHistory("funding_subsidyline", unseen=("facts",)),
        TrackHistory("funding_payaccount", unseen=("version", "number")),
        TrackHistory("funding_scan"),
    ]
