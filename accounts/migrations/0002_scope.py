"""Posts and logs under the scope; the history of what exists so far."""

from django.db import migrations

from accounts.history import DROP_RECORD_FUNCTION, RECORD_FUNCTION, TrackHistory
from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("regions", "0002_scope")]

    operations = [
        EnableScope("Post", own="user_id"),
        EnableScope("AccessEntry", writes="append"),
        EnableScope("RowChange", writes="none"),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON accounts_auditseal FROM sd_app",
            "GRANT UPDATE, DELETE ON accounts_auditseal TO sd_app",
        ),
        migrations.RunSQL(RECORD_FUNCTION, DROP_RECORD_FUNCTION),
        TrackHistory("accounts_post"),
        TrackHistory("accounts_user", region=None, unseen=("password", "last_login")),
        TrackHistory("regions_region", key="code", region=None),
        TrackHistory("regions_villagergroup"),
    ]
