"""A photo belongs to the person's own village."""

from django.db import migrations

from regions.operations import AddScopedReference


class Migration(migrations.Migration):
    dependencies = [("representatives", "0005_photo")]

    operations = [AddScopedReference("Representative", "photo")]
