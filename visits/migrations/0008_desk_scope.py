"""Answers under the scope; the history of what raw SQL could change without a trace.

Visits and flags record updates and deletes only: their own columns say who wrote them
and when, millions are written, and an import of thousands must not pay for a second row
each. A withdrawal or a resolved flag costs one more row.
"""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

CHANGES = ("update", "delete")
SUGGESTED = {
    "visit": ("困难户必访", "独居老人必访", "留守儿童必访", "重病重残必访", "矛盾户必访"),
    "record": ("家庭变化必记", "困难诉求必记", "意见建议必记", "矛盾隐患必记", "外出返乡必记"),
}  # fmt: skip


def suggest(apps, schema_editor):
    """Offer words for 五必访 and 五必记, all off: the five are not known (domain 3.6)."""
    mark = apps.get_model("visits", "Mark")
    for kind, names in SUGGESTED.items():
        for order, name in enumerate(names, 1):
            mark.objects.create(kind=kind, name=name, order=order)


class Migration(migrations.Migration):
    dependencies = [("visits", "0007_desk")]

    operations = [
        EnableScope("BurstAnswer"),
        # A question to the village is not on the representative's phone.
        NarrowToRepresentative("BurstAnswer", "false"),
        TrackHistory("visits_burstanswer"),
        TrackHistory("visits_visit", events=CHANGES),
        TrackHistory("visits_overdueflag", events=CHANGES),
        migrations.RunPython(suggest, migrations.RunPython.noop),
        TrackHistory("visits_mark", region=None),
    ]
