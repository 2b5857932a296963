"""The three villages, each with one of everything."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.sealing import Sealed, blind_index
from households.models import ContactLink, Household
from regions.models import VillagerGroup
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    MandateEnd,
    Seat,
)
from tests.cast import SINCE, VILLAGE, first_village, sibling_code
from tests.days import today
from tests.policy.objects.rolls import (
    OTHER,
    make_account,
    make_candidate,
    make_election,
    make_objection,
    make_representative,
    make_token,
    make_transfer,
)
from tests.policy.objects.work import (
    make_approval,
    make_attachment,
    make_file,
    make_handed,
    make_issue,
    make_job,
    make_meetings,
    make_plan,
    make_training,
    make_upload,
    make_visit,
    make_waiver,
)
from tests.policy.objects.yearly import (
    make_appraisal,
    make_money,
    make_rated,
)
from visits.models import (
    Policy,
)


@dataclass(frozen=True)
class Place:
    """A village with one of everything; `mark` stands in each name on its pages."""

    code: int
    mark: str
    objects: Mapping[str, Any]


def build_places() -> dict[str, Place]:
    """Set up our village, its sibling and a village of the other township."""
    return {
        "own": _furnish(VILLAGE, "甲"),
        "sibling": _furnish(sibling_code(), "乙"),
        "foreign": _furnish(first_village(OTHER), "丙"),
    }


def _furnish(code: int, mark: str) -> Place:
    day = today()
    group = VillagerGroup.objects.create(region_id=code, number=1)
    term = CommitteeTerm.objects.create(
        region_id=code,
        started_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2030, 12, 31),
        members=5,
        women=2,
    )
    unit = Constituency.objects.create(
        region_id=code, name="1组", mode="group", group=group
    )
    seats = [
        Seat.objects.create(
            region_id=code, constituency=unit, number=number, opened_on=SINCE
        )
        for number in (1, 2, 3)
    ]
    serving, gone = (make_representative(code, group, f"{mark}代表{n}") for n in "一二")
    left = {"ended_on": day, "end_cause": MandateEnd.MOVED}
    for person, seat, ending in ((serving, seats[0], {}), (gone, seats[1], left)):
        Mandate.objects.create(
            region_id=code,
            representative=person,
            seat=seat,
            mode="group",
            started_on=SINCE,
            until=dt.date(2030, 12, 31),
            **ending,
        )
    household = Household.objects.create(
        region_id=code,
        group=group,
        head=f"{mark}户主",
        id_number=Sealed.of("430599195611059784", "id_number"),
        id_index=blind_index(f"430599195611059784{mark}"),
        phone=Sealed.of("13800036893", "phone"),
        registered_on=SINCE,
    )
    ContactLink.objects.create(
        region_id=code, household=household, representative=serving, started_on=SINCE
    )
    user, post = make_account(code, mark)
    serving.photo = make_file(code, user)
    serving.save(update_fields=["photo"])
    visit = make_visit(code, household, serving, user)
    election = make_election(code, unit, seats[2], user)
    enclosed = make_attachment(visit, user)
    return Place(
        code,
        mark,
        {
            "code": code,
            "representative": serving.pk,
            "former": gone.pk,
            "unit": unit.pk,
            "term": term.pk,
            "vacant": seats[2].pk,
            "household": household.pk,
            "incoming": make_transfer(code, mark, household, is_outgoing=False).pk,
            "outgoing": make_transfer(code, mark, household, is_outgoing=True).pk,
            "account": user.pk,
            "post": post.pk,
            "token": make_token(code, user, post).pk,
            "job": make_job(code).pk,
            "visit": visit.pk,
            "attachment": enclosed.pk,
            **make_rated(household, post, enclosed),
            "issue": make_issue(code, mark, serving, household).pk,
            **make_meetings(code, household, serving, user),
            **make_training(code, serving, user),
            "handed": make_handed(code, household, serving, user).pk,
            "waiver": make_waiver(code, household, user).pk,
            "upload": make_upload(code, user, post).pk,
            "approval": make_approval(code, user, post).pk,
            "plan": make_plan(code, user).pk,
            "policy": Policy.objects.order_by("effective_from")[0].pk,
            "election": election.pk,
            "candidate": make_candidate(code, election, f"{mark}户主").pk,
            "notice": election.notice_id,
            "objection": make_objection(code, election.notice, user).pk,
            **make_appraisal(code, serving, user),
            **make_money(code, serving, user),
        },
    )
