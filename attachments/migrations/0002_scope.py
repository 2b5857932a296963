"""Attachments and their bytes under the scope; bytes are written once.

Their storage is EXTERNAL: photos and sound are packed already, so that packing them
again would cost time and gain nothing, and a part can be read without the whole.
"""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_initial"), ("accounts", "0002_scope")]

    operations = [
        EnableScope("Attachment"),
        EnableScope("AttachmentContent", writes="append"),
        TrackHistory("attachments_attachment"),
        migrations.RunSQL(
            "ALTER TABLE attachments_attachmentcontent "
            "ALTER content SET STORAGE EXTERNAL, ALTER preview SET STORAGE EXTERNAL",
            "ALTER TABLE attachments_attachmentcontent "
            "ALTER content SET STORAGE EXTENDED, ALTER preview SET STORAGE EXTENDED",
        ),
    ]
