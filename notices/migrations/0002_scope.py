"""Notices and objections under the scope, their history, and the door for everybody."""

from django.db import migrations

from accounts.history import TrackHistory
from notices.public import DOOR, DROP_DOOR
from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("accounts", "0002_scope")]

    operations = [
        EnableScope("PublicNotice"),
        EnableScope("Objection"),
        NarrowToRepresentative("Objection", "false"),
        TrackHistory("notices_publicnotice", unseen=("version",)),
        TrackHistory("notices_objection"),
        migrations.RunSQL(DOOR, DROP_DOOR),
    ]
