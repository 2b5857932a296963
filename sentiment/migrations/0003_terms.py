"""The days for dealing with an issue that practice elsewhere suggests (domain 3.4)."""

import datetime as dt

from django.db import migrations

from accounts.history import TrackHistory

DAYS = {"village": 7, "township": 15, "city": 30}


def add_terms(apps, schema_editor):
    """Begin with the first policy of visits: there are no issues before it."""
    terms = apps.get_model("sentiment", "IssueTerm").objects
    for holder, days in DAYS.items():
        terms.create(holder=holder, days=days, effective_from=dt.date(2022, 1, 1))


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0002_scope")]

    operations = [
        migrations.RunPython(add_terms, migrations.RunPython.noop),
        # Only now: before there are divisions, a row has nowhere to enter the history.
        TrackHistory("sentiment_issueterm", region=None),
    ]
