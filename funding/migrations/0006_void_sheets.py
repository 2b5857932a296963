"""A draft that is not to be paid is given up: it holds up no other month, no resolution."""

from django.db import migrations, models
from django.db.models import Q

from funding.guards import RESOLUTION_OF_DRAFTS, RESOLUTION_OF_LOOSE

NAME = "funding_sheet_posted_with_notice"
# Programs of before know no state but those that it allowed, and write none of the new.
FORWARDS = [
    f"""
-- squawk-ignore ban-drop-constraint
ALTER TABLE funding_subsidysheet DROP CONSTRAINT {NAME}
""",
    f"""
ALTER TABLE funding_subsidysheet ADD CONSTRAINT {NAME}
    CHECK (state IN ('draft', 'checked', 'void') OR notice_id IS NOT NULL) NOT VALID
""",
]
BACKWARDS = [
    f"ALTER TABLE funding_subsidysheet DROP CONSTRAINT {NAME}",
    f"""
ALTER TABLE funding_subsidysheet ADD CONSTRAINT {NAME}
    CHECK (state IN ('draft', 'checked') OR notice_id IS NOT NULL)
""",
]
STATES = [
    ("draft", "草拟"), ("checked", "已核对"), ("posted", "公示"), ("locked", "已锁定"),
    ("paid", "已发放"), ("signed", "已签收"), ("void", "已作废"),
]  # fmt: skip
ACTS = [
    ("make", "生成"), ("refresh", "重新计算"), ("check", "核对"), ("post", "提交公示"),
    ("back", "退回"), ("lock", "锁定"), ("pay", "登记发放"), ("sign", "登记签收"),
    ("void", "作废"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("funding", "0005_carry_again")]

    operations = [
        migrations.AlterField(
            "subsidysheet",
            "state",
            models.CharField("状态", choices=STATES, default="draft", max_length=8),
        ),
        migrations.AlterField(
            "sheetstep", "act", models.CharField("办理", choices=ACTS, max_length=8)
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARDS, BACKWARDS)],
            state_operations=[
                migrations.RemoveConstraint("subsidysheet", name=NAME),
                migrations.AddConstraint(
                    "subsidysheet",
                    models.CheckConstraint(
                        name=NAME,
                        condition=Q(state__in=("draft", "checked", "void"))
                        | Q(notice__isnull=False),
                    ),
                ),
            ],
        ),
        migrations.RunSQL(RESOLUTION_OF_LOOSE, RESOLUTION_OF_DRAFTS),
    ]
