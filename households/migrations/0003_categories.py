"""The default key categories, and their history."""

from django.db import migrations

from accounts.history import TrackHistory

# 低保五保, 重病重残, 空巢, 留守, 烈军属 are the city's own; the rest follow 湖南's
# "五个到户" and neighbouring counties' lists of twelve. The city edits them.
CATEGORIES = (
    ("dibao", "低保户"),
    ("tekun", "特困（五保）户"),
    ("monitored", "防返贫监测户"),
    ("illness", "重病户"),
    ("disability", "重残户"),
    ("elderly", "独居/空巢老人户"),
    ("left_child", "留守儿童户"),
    ("hard_child", "困境儿童/孤儿户"),
    ("veteran", "烈属军属户"),
    ("left_woman", "留守妇女困难户"),
    ("accident", "突发变故户"),
    ("other", "其他重点户"),
)


def add_categories(apps, schema_editor):
    """Fill the city's list with its default."""
    category = apps.get_model("households", "Category")
    for order, (code, name) in enumerate(CATEGORIES, start=1):
        category.objects.create(code=code, name=name, is_key=True, order=order)


class Migration(migrations.Migration):
    dependencies = [("households", "0002_scope")]

    operations = [
        migrations.RunPython(add_categories, migrations.RunPython.noop),
        TrackHistory("households_category", key="code", region=None),
    ]
