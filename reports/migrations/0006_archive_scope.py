"""The log that came with an archive: under the scope, written by the owner alone."""

from django.db import migrations

from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_archive"), ("accounts", "0002_scope")]

    operations = [EnableScope("InheritedRecord", writes="none")]
