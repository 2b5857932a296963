# The narrowing policies of databases set up before `NarrowToRepresentative` asked inside
# its sub-select; on new ones they are so already. ALTER POLICY takes no rows in hand.

from django.db import migrations

RESAID = """
DO $$
DECLARE
    policy record;
BEGIN
    FOR policy IN
        SELECT tablename, replace(
            qual,
            '(( SELECT scope_representative() AS scope_representative) IS NULL)',
            '(SELECT scope_representative() IS NULL)'
        ) AS wanted, qual
        FROM pg_policies
        WHERE schemaname = current_schema() AND policyname = 'narrow_representative'
    LOOP
        IF policy.wanted <> policy.qual THEN
            EXECUTE format(
                'ALTER POLICY narrow_representative ON %I USING (%s)',
                policy.tablename, policy.wanted
            );
        END IF;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0002_scope"),
        ("evaluations", "0002_scope"),
        ("funding", "0002_scope"),
        ("households", "0002_scope"),
        ("notices", "0002_scope"),
        ("representatives", "0004_by_elections_scope"),
        ("sentiment", "0010_exhibits_scope"),
        ("trainings", "0002_scope"),
        ("visits", "0010_enclosures_scope"),
        ("reports", "0006_archive_scope"),
    ]

    operations = [migrations.RunSQL(RESAID, migrations.RunSQL.noop)]
