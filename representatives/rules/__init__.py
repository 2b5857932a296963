"""Rules on seats, elections, mandates and assemblies: L01–L22, L30 and L36 of domain 2.3.

Pure values and functions. `RULES` holds every rule with its text, severity, basis and
the numbers it compares with; the bureau's decisions come as further versions through
`Rulebook.amended`. Each check takes facts and a day and returns findings, none when
all is well or the rule was not in force on that day. Fractions are compared in whole
numbers. L30 is asked by
`representatives.loads`; L29, one link for each household, is held by the database.
"""

from representatives.rules.assemblies import (
    check_decision,
    check_demand_for_assembly,
    check_demand_for_meeting,
    check_held_in_quarter,
    check_meeting_notice,
    check_quorum,
)
from representatives.rules.book import (
    Finding,
    Rule,
    Rulebook,
    Severity,
    Share,
    blocking,
)
from representatives.rules.candidates import (
    Candidate,
    age_on,
    check_candidate,
    priorities,
)
from representatives.rules.composition import (
    Assembly,
    Constituency,
    ElectingMode,
    Member,
    check_double_posts,
    check_group_constituency,
    check_households_per_seat,
    check_minority_share,
    check_representatives_share,
    check_seats,
    check_vacancy_age,
    check_women_share,
    preview,
)
from representatives.rules.elections import (
    Ballots,
    Notice,
    Outcome,
    Record,
    Tally,
    Voters,
    check_ballots,
    check_notice,
    check_record,
    check_turnout,
    count_votes,
)
from representatives.rules.mandates import (
    EndCause,
    Ending,
    check_ending,
    check_mandate_until,
    check_training,
    mandate_until,
)
from representatives.rules.statute import LAW_2018, NOTE_2026, REPORT_DAY, RULES

__all__ = [
    "LAW_2018",
    "NOTE_2026",
    "REPORT_DAY",
    "RULES",
    "Assembly",
    "Ballots",
    "Candidate",
    "Constituency",
    "ElectingMode",
    "EndCause",
    "Ending",
    "Finding",
    "Member",
    "Notice",
    "Outcome",
    "Record",
    "Rule",
    "Rulebook",
    "Severity",
    "Share",
    "Tally",
    "Voters",
    "age_on",
    "blocking",
    "check_ballots",
    "check_candidate",
    "check_decision",
    "check_demand_for_assembly",
    "check_demand_for_meeting",
    "check_double_posts",
    "check_ending",
    "check_group_constituency",
    "check_held_in_quarter",
    "check_households_per_seat",
    "check_mandate_until",
    "check_meeting_notice",
    "check_minority_share",
    "check_notice",
    "check_quorum",
    "check_record",
    "check_representatives_share",
    "check_seats",
    "check_training",
    "check_turnout",
    "check_vacancy_age",
    "check_women_share",
    "count_votes",
    "mandate_until",
    "preview",
    "priorities",
]
