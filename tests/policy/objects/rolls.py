"""Who there is: representatives, seats and by-elections, accounts, households moving."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts.models import Post, Token, User
from accounts.sealing import Sealed, blind_index
from households.models import Household, Transfer
from notices.models import Objection, PublicNotice
from regions.models import Region, VillagerGroup
from representatives.models import (
    ByElection,
    Candidate,
    Constituency,
    Representative,
    Seat,
    Vacancy,
)
from tests.cast import SINCE, hashed
from tests.days import today

OTHER = 430582102000
"""The other township."""


def make_election(code: int, unit: Constituency, seat: Seat, user: User) -> ByElection:
    """Make a by-election whose plan is there and whose notice is a draft."""
    day = today()
    notice = PublicNotice.objects.create(
        region_id=code,
        kind="by_election",
        title="补选结果公示",
        issuer="村民委员会",
        first_day=day,
        last_day=day,
        contact_name="申主任",
        contact_phone="0739-2721234",
    )
    election = ByElection.objects.create(
        region_id=code,
        constituency=unit,
        mode="group",
        stage="review",
        started_on=SINCE,
        started_by=user,
        meets_on=day,
        entitled=40,
        notice=notice,
    )
    Vacancy.objects.create(
        region_id=code,
        by_election=election,
        seat=seat,
        since=SINCE,
        evidence="增加名额的决定",
    )
    return election


def make_candidate(code: int, election: ByElection, name: str) -> Candidate:
    return Candidate.objects.create(
        region_id=code,
        by_election=election,
        name=name,
        sex="f",
        birth_year=1970,
        politics="masses",
        nominated_by="self",
        has_rights=True,
    )


def make_objection(code: int, notice: PublicNotice, user: User) -> Objection:
    return Objection.objects.create(
        region_id=code,
        notice=notice,
        received_on=today(),
        way="phone",
        words="年龄不够",
        recorded_by=user,
        recorded_at=timezone.now(),
    )


def make_representative(code: int, group: VillagerGroup, name: str) -> Representative:
    return Representative.objects.create(
        region_id=code,
        name=name,
        group=group,
        id_number=Sealed.of("430599195611059784", "id_number"),
        id_index=blind_index(name + str(code)),
        phone=Sealed.of("13800036893", "phone"),
    )


def make_account(code: int, mark: str) -> tuple[User, Post]:
    user = User.objects.create(
        username=f"clerk-{code}",
        name=f"{mark}文书",
        password=hashed(),
        must_change_password=False,
    )
    post = Post.objects.create(
        user=user, role="village_clerk", region_id=code, started_on=SINCE
    )
    return user, post


def make_token(code: int, user: User, post: Post) -> Token:
    day = today()
    return Token.objects.create(
        name="一表通",
        digest=f"{code}",
        hint="abcd",
        user=user,
        post=post,
        place_id=code,
        made_on=day,
        expires_on=day + dt.timedelta(days=30),
    )


def make_transfer(
    code: int, mark: str, household: Household, *, is_outgoing: bool
) -> Transfer:
    """Make both halves of a move; the other half lies in a village of nobody's."""
    pair, elsewhere = uuid.uuid4(), last_village(OTHER)
    halves = {
        side: Transfer.objects.create(
            region_id=code if side == is_outgoing else elsewhere,
            pair=pair,
            is_outgoing=side,
            household=household if side and is_outgoing else None,
            other_region=elsewhere if side == is_outgoing else code,
            head=f"{mark}户主",
            offered_on=SINCE,
        )
        for side in (True, False)
    }
    return halves[is_outgoing]


def last_village(township: int) -> int:
    """Return a village that no one of the cast stands in."""
    villages = Region.objects.filter(parent_id=township).order_by("-code")
    return villages[0].code
