"""What came with visits under the scope, narrowed as the visits themselves are."""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0009_enclosures"),
        ("attachments", "0002_scope"),
    ]

    operations = [
        EnableScope("Enclosure"),
        NarrowToRepresentative(
            "Enclosure",
            "EXISTS (SELECT FROM visits_visit mine WHERE mine.representative_id = {own}"
            " AND mine.id = visits_enclosure.visit_id) OR "
            "EXISTS (SELECT FROM visits_handedvisit mine WHERE"
            " mine.representative_id = {own} AND mine.id = visits_enclosure.handed_id)",
        ),
        TrackHistory("visits_enclosure"),
    ]
