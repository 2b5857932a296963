"""Who is told what of a month's subsidy: check, lock, pay, sign, and what one was paid."""

from funding import telling
from funding.models import SheetState
from funding.tasks import ask_for_reminders
from inbox.models import Message
from tests.cast import Cast, at, everywhere
from tests.days import today
from tests.funding.stage import DAY, made, months_ago, posted, resolved, signed
from tests.rolls import Rolls, set_up


def in_person(cast: Cast, rolls: Rolls) -> None:
    """Let the representative's account be 张顺民's."""
    with everywhere():
        cast.representative.narrowed_to = rolls.people["张顺民"].pk
        cast.representative.save()


def told(kind: str) -> list[tuple[str, str]]:
    """Return who was told of a kind of thing and what, in that order."""
    with everywhere():
        rows = Message.objects.filter(kind=kind).order_by("pk")
        return list(rows.values_list("recipient__username", "title"))


def test_a_sheet_that_the_clerk_made_waits_for_the_secretary(cast: Cast) -> None:
    set_up()
    with at(cast.clerk):
        resolved(cast.clerk)
        sheet = made(cast.clerk)
    assert told(telling.TURN) == [("secretary", f"{sheet}生成好了，请核对")]


def test_each_step_to_the_signature_tells_the_other_and_whom_it_paid(
    cast: Cast,
) -> None:
    in_person(cast, set_up())
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = signed(cast.secretary)
    steps = [title.removeprefix(str(sheet)) for name, title in told(telling.TURN)]
    assert {name for name, _ in told(telling.TURN)} == {"clerk"}
    assert steps == [
        "已锁定，发放后请登记",
        "发放了，请打印出来让大家签字，再登记签收",
    ]
    [(name, title)] = told(telling.PAID)
    assert name == "representative"
    assert "150.00 元" in title


def test_the_village_is_told_once_that_a_notice_is_over(cast: Cast) -> None:
    set_up()
    with at(cast.secretary):
        resolved(cast.secretary)
        sheet = posted(cast.secretary)
    assert sheet.state == SheetState.POSTED
    last = sheet.notice.last_day
    with at(cast.township_staff):
        telling.remind(last)
        assert told(telling.OVER) == []
        telling.remind(last + DAY)
        telling.remind(last + DAY)
    assert [name for name, _ in told(telling.OVER)] == ["secretary"]


def test_a_month_that_is_over_can_be_reckoned_where_a_resolution_holds(
    cast: Cast,
) -> None:
    set_up()
    with at(cast.township_staff):
        telling.remind(today())
        assert told(telling.MONTH) == []
    with at(cast.secretary):
        resolved(cast.secretary, starts_on=months_ago(2))
    with at(cast.township_staff):
        telling.remind(today())
        telling.remind(today())
    assert sorted(name for name, _ in told(telling.MONTH)) == ["clerk", "secretary"]


def test_the_morning_asks_each_township_once(cast: Cast) -> None:
    assert ask_for_reminders() == ask_for_reminders() > 0
