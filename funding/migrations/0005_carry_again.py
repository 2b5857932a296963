"""What comes back to a year that was carried over may be carried over again."""

from django.db import migrations

# No program relies on it but the one that says "carried over already" in a race, and the
# fund's own balance then refuses the second.
FORWARDS = """
-- squawk-ignore ban-drop-constraint
ALTER TABLE funding_carryover DROP CONSTRAINT funding_carry_once
"""
BACKWARDS = """
ALTER TABLE funding_carryover ADD CONSTRAINT funding_carry_once UNIQUE (source_id)
"""


class Migration(migrations.Migration):
    dependencies = [("funding", "0004_resolution_of_drafts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([FORWARDS], [BACKWARDS])],
            state_operations=[
                migrations.RemoveConstraint("carryover", name="funding_carry_once")
            ],
        )
    ]
