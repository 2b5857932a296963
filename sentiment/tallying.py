"""How a city's duties to meet are counted without reading them (`regions.tallying`)."""

from regions.tallying import Tally

MEETINGS = Tally(
    name="sentiment_tally",
    tally="sentiment_meetingtally",
    source="sentiment_meetingduty",
    number="meetings",
    heap={
        "region_code": "region_code",
        "is_talk": "representative_id IS NOT NULL",
        "due_on": "due_on",
        "met_in": "date_trunc('month', last_on)::date",
    },
)
