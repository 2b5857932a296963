"""How a city's duties are counted without reading them: in SQL, beside the due rule."""

from regions.tallying import Tally

DUTIES = Tally(
    name="visits_tally",
    tally="visits_dutytally",
    source="visits_duty",
    number="households",
    heap={
        "region_code": "region_code",
        "is_held": "representative_id IS NOT NULL",
        "cadence": "cadence",
        "due_on": "due_on",
        "seen_in": "date_trunc('month', last_visit_on)::date",
    },
)
CREATE, DROP = DUTIES.create, DUTIES.drop
