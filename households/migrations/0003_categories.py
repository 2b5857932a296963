"""The default key categories, and their history."""

from django.db import migrations

from accounts.history import TrackHistory

# 低保五保, 重病重残, 空巢, 留守, 烈军属 are the city's own; the rest follow 湖南's
# "五个到户" and neighbouring counties' lists of twelve. The city edits them.
CATEGORIES = (
    ("dibao", "低保户", ("低保",)),
    ("tekun", "特困供养户", ("特困户", "五保户", "低保五保户")),
    ("monitored", "防返贫监测户", ("监测户", "易返贫致贫户")),
    ("illness", "重病户", ("大病户",)),
    ("disability", "重残户", ("残疾户",)),
    ("elderly", "空巢老人户", ("独居老人户", "空巢户", "独居老人")),
    ("left_child", "留守儿童户", ("留守儿童",)),
    ("hard_child", "困境儿童户", ("孤儿户", "困境儿童")),
    ("veteran", "烈属军属户", ("军属户", "烈属户", "优抚户")),
    ("left_woman", "留守妇女困难户", ("留守妇女户",)),
    ("accident", "突发变故户", ()),
    ("other", "其他重点户", ()),
)


def add_categories(apps, schema_editor):
    """Fill the city's list with its default."""
    category = apps.get_model("households", "Category")
    for order, (code, name, aliases) in enumerate(CATEGORIES, start=1):
        category.objects.create(
            code=code, name=name, aliases=list(aliases), is_key=True, order=order
        )


class Migration(migrations.Migration):
    dependencies = [("households", "0002_scope")]

    operations = [
        migrations.RunPython(add_categories, migrations.RunPython.noop),
        TrackHistory("households_category", key="code", region=None),
    ]
