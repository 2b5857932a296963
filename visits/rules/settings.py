"""What new settings of the visiting duty may say."""

from __future__ import annotations

from datetime import date

from ui.words import full_day
from visits.rules.facts import AT_THE_DOOR, Policy
from visits.rules.periods import ONE_DAY, Cadence

SOON_LIMITS = {Cadence.MONTH: 27, Cadence.QUARTER: 89}
"""Most days before the end of a period that are not before its beginning."""


def policy_faults(policy: Policy, today: date) -> dict[str, str]:
    """Return what is wrong with new settings, by the field of the form.

    A visit is judged by the settings of its day, and a missed period by those it was
    missed under: new ones begin tomorrow at the earliest and rewrite nothing. A visit
    at the door is what the duty asks for (L31, L32) and always counts.
    """
    faults = {}
    if policy.effective_from <= today:
        faults["effective_from"] = (
            f"最早从明天（{full_day(today + ONE_DAY)}）起。已经过去的日子按当时的规则算，不能改。"
        )
    if AT_THE_DOOR not in policy.ways:
        faults["ways"] = "上门走访一定要算数，请勾上“上门”。"
    for cadence, most in SOON_LIMITS.items():
        if not 1 <= policy.soon_days[cadence] <= most:
            faults[f"soon_days_{cadence.value}"] = f"请填 1 到 {most} 之间的天数。"
    return faults
