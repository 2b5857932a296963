"""Imports under the scope. What they change is in the history of what they change."""

from django.db import migrations

from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("workbooks", "0001_initial"), ("jobs", "0002_scope")]

    operations = [
        EnableScope("Upload"),
        EnableScope("RowVerdict"),
        EnableScope("RememberedColumns"),
    ]
