"""The due rule: one date answers whether a duty is done, due, overdue or excused.

Pure values and functions, no database, no clock: every question names its day. The
same engine serves the visits to a household (month or quarter), the 恳谈会 of a
representative (quarter) and the 民情分析会 of a village (month); only the facts differ.

**The rule** (design section 5; duties L31 to L34 of domain 2.3, from the report).
`due_on` is the last day of the earliest period that must be covered and is not yet.

What design leaves open is decided so:

1. *Full periods only.* A period is owed when somebody is linked on every day of it. A
   link from the first day of a period owes that period; one from the second day first
   owes the next. A link that ends in mid-period does not owe that period.
2. *A visit settles the present.* A visit in a period covers it and ends the overdue of
   every earlier one, so that `due_on` is the end of the next period owed: overdue
   says who needs a visit now, and after the visit nobody does. The earlier periods
   stay missed for good (`missed_periods`, with `made_up_on`), because a visit counts
   for its own period only (lessons C 22, 23). So only the last visit matters for the
   date, and all visits matter for the history.
3. *A handover is not a new beginning.* Links that follow each other without a day
   between are one chain: the duty is owed to the household, and a change of
   representative neither excuses the running period nor wipes out an overdue one.
   After a gap the duty begins anew, by the first decision.
4. *The quarter is the ground floor.* Every linked household owes each full quarter;
   full months in a key category are owed instead of the quarter they lie in, because
   they ask for the same visit sooner. So becoming 重点 never postpones a date, going in
   and out of categories never frees a household from both duties, and one neglect is
   never counted twice. Key from 15 November: the first month owed is December. Key
   until 15 November: October was the last month owed, and if it was visited the next
   date is the end of the first quarter.
5. *A waiver moves the deadline it covers.* A period whose last day is waived is not
   owed: whoever planned the visit for the end of the period could not make it, and
   may not be overdue the morning after the waiver ends. A period whose last day is free
   again is owed: a household back from hospital should be seen, not skipped. While a
   waiver covers the day the standing is `excused`, and so it is before it begins when
   it covers the end of the running period; but what was missed before it is overdue
   until it begins and again after it ends, and a household visited in the period is
   `done`, waiver or not.
6. *Settings have a first day.* Nothing is owed before the first policy; a change in
   mid-period works like a category that begins or ends there.
7. *Known ends count.* An end known beforehand (of a link, a category, a waiver)
   counts from the moment it is known, so the stored date does not have to be touched
   when the day comes.
"""

from visits.rules.bursts import Burst, BurstKind, Noted, bursts
from visits.rules.due import (
    Judgement,
    Owed,
    Standing,
    assess,
    due_on,
    excusing,
    last_visit_on,
    made_up_by,
    missed_periods,
    next_owed,
    owed_periods,
    standing,
    visit_refusal,
)
from visits.rules.facts import (
    AT_THE_DOOR,
    BY_PHONE,
    Category,
    Contact,
    Facts,
    Policy,
    Waiver,
    cadence_on,
    counted_days,
    key_categories,
    policy_on,
)
from visits.rules.periods import ONE_DAY, Cadence, Period, Span, joined, span_until
from visits.rules.replay import History, Recorded, standing_as_of
from visits.rules.settings import SOON_LIMITS, policy_faults
from visits.rules.topics import TOPICS
from visits.rules.waiving import (
    MOST_MONTHS,
    effect_of,
    longest_until,
    waiver_refusal,
)
from visits.rules.wording import (
    HOUSEHOLD_VISIT,
    SENTIMENT_REVIEW,
    SOURCE_REPORT,
    TALK_MEETING,
    Subject,
    explain,
    explain_judged,
)

__all__ = [
    "AT_THE_DOOR",
    "BY_PHONE",
    "HOUSEHOLD_VISIT",
    "MOST_MONTHS",
    "ONE_DAY",
    "SENTIMENT_REVIEW",
    "SOON_LIMITS",
    "SOURCE_REPORT",
    "TALK_MEETING",
    "TOPICS",
    "Burst",
    "BurstKind",
    "Cadence",
    "Category",
    "Contact",
    "Facts",
    "History",
    "Judgement",
    "Noted",
    "Owed",
    "Period",
    "Policy",
    "Recorded",
    "Span",
    "Standing",
    "Subject",
    "Waiver",
    "assess",
    "bursts",
    "cadence_on",
    "counted_days",
    "due_on",
    "effect_of",
    "excusing",
    "explain",
    "explain_judged",
    "joined",
    "key_categories",
    "last_visit_on",
    "longest_until",
    "made_up_by",
    "missed_periods",
    "next_owed",
    "owed_periods",
    "policy_faults",
    "policy_on",
    "span_until",
    "standing",
    "standing_as_of",
    "visit_refusal",
    "waiver_refusal",
]
