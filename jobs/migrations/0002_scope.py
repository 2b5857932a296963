"""Jobs under the scope. Their history is their own state; it is not tracked."""

from django.db import migrations

from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("accounts", "0002_scope")]

    operations = [EnableScope("Job")]
