"""Messages under the scope; a person's own, whatever post he works from.

Besides: of others' messages only what people sent is seen, for the sender must see who
has read it, and never by a representative; and only the recipient marks as read. Jobs
act for nobody (`scope_user()` is null) and see what they sent.
"""

from django.db import migrations

from regions.operations import EnableScope

MINE = "recipient_id = (SELECT scope_user())"
NOBODY = "(SELECT scope_user()) IS NULL"
SENT = "(sent_by_id IS NOT NULL AND (SELECT scope_representative()) IS NULL)"


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("accounts", "0002_scope")]

    operations = [
        EnableScope("Message", own="recipient_id"),
        migrations.RunSQL(
            "CREATE POLICY narrow_to_told ON inbox_message AS RESTRICTIVE FOR SELECT "
            f"USING ({MINE} OR {NOBODY} OR {SENT})",
            "DROP POLICY narrow_to_told ON inbox_message",
        ),
        migrations.RunSQL(
            "CREATE POLICY narrow_to_reader ON inbox_message AS RESTRICTIVE FOR UPDATE "
            f"USING ({MINE} OR {NOBODY})",
            "DROP POLICY narrow_to_reader ON inbox_message",
        ),
    ]
