"""The guards of money, and the standards that the report of 2023 names."""

import datetime as dt
from decimal import Decimal

from django.db import migrations

from accounts.history import TrackHistory
from funding.guards import CREATE, DROP

REPORT = "2023年3月14日报道：村级运转保障经费中按每村5000元标准切块安排"
BAND = "2023年3月14日报道：从村集体经济可支配收入中安排100至200元/月的误工补贴"
PRACTICE = "没有查到文件规定，按通常做法，由市民政局核定"
STANDARDS = (
    ("allotment", "5000.00", REPORT),
    ("subsidy_least", "100.00", BAND),
    ("subsidy_most", "200.00", BAND),
    ("notice_days", "5", PRACTICE),
    ("late_month", "10", PRACTICE),
    ("late_share", "50", PRACTICE),
)


def add_standards(apps, schema_editor):
    """Begin with what is known; there is no money in the system before it."""
    rows = apps.get_model("funding", "Standard").objects
    for kind, amount, basis in STANDARDS:
        rows.create(
            kind=kind,
            amount=Decimal(amount),
            effective_from=dt.date(2022, 1, 1),
            basis=basis,
        )


class Migration(migrations.Migration):
    dependencies = [("funding", "0002_scope")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(add_standards, migrations.RunPython.noop),
        # Only now: before there are divisions, a row has nowhere to enter the history.
        TrackHistory("funding_standard", region=None),
    ]
