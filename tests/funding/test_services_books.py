"""The book of a work fund: what is booked, refused, taken back, carried on (L28)."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from decimal import Decimal as D

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    ProgrammingError,
    connection,
    transaction,
)
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccessEntry, Action
from accounts.services import Refused
from funding import services
from funding.models import CarryOver, FundEntry, Overdraw, Scan, WorkFund
from funding.services import BeyondBalance
from regions.models import Region
from regions.scoping import scope
from tests.at_once import one_after_the_other
from tests.cast import CITY, TOWNSHIP, Cast, assemble, at
from tests.days import dated, this_year, today, tomorrow
from tests.funding.stage import opened, scan, spending, spent
from tests.rolls import changes


@pytest.fixture
def book(cast: Cast) -> Iterator[WorkFund]:
    """Return this year's fund of our village, 5,000.00 yuan in it, its scope open."""
    with at(cast.secretary):
        yield opened(cast.secretary)


def test_L28_every_village_is_allotted_the_standard_once(cast: Cast) -> None:
    township = Region.objects.get(pk=TOWNSHIP)
    villages = Region.objects.villages().within(township.scope).count()
    with at(cast.city_staff):
        first, again = (
            services.open_year(place=township, year=2026, by=cast.city_staff)
            for _ in range(2)
        )
        fund = WorkFund.objects.all()[0]
    assert (first, again) == (villages, 0)
    assert (fund.allotted, fund.balance) == (D("5000.00"), D("0.00"))
    assert "5000元" in fund.basis


def test_a_payment_is_booked_with_its_voucher_and_scan(
    cast: Cast, book: WorkFund
) -> None:
    entry = services.spend(
        fund=book, entry_id=uuid.uuid4(), spending=spending("120.50"),
        by=cast.clerk, files=[scan()],
    )  # fmt: skip

    assert (book.spent, book.balance) == (D("120.50"), D("4879.50"))
    assert entry.amount == D("-120.50")
    assert Scan.objects.get().entry == entry
    assert changes(entry, "insert")[0].after is None
    assert changes(book)[0].after["balance"] == 4879.50


def test_the_same_form_sent_twice_books_once(cast: Cast, book: WorkFund) -> None:
    made = uuid.uuid4()
    for _ in range(2):
        services.spend(
            fund=book, entry_id=made, spending=spending("100"), by=cast.clerk
        )
    assert book.entries.filter(kind="spent").count() == 1
    with pytest.raises(Refused, match="内容不一样"):
        services.spend(fund=book, entry_id=made, spending=spending("7"), by=cast.clerk)


def test_another_payment_under_the_id_of_a_booked_one_is_not_lost(
    cast: Cast, book: WorkFund
) -> None:
    """Who goes back in the browser and changes the voucher books nothing: he is told."""
    known = uuid.uuid4()
    one, other = spending("120", "001"), spending("120", "002", purpose="资料打印")
    services.spend(fund=book, entry_id=known, spending=one, by=cast.clerk)
    with pytest.raises(Refused, match="内容不一样"):
        services.spend(fund=book, entry_id=known, spending=other, by=cast.clerk)
    services.spend(fund=book, entry_id=known, spending=one, by=cast.clerk)
    assert book.entries.filter(kind="spent").count() == 1


def test_the_same_form_sent_twice_at_once_is_no_overdraw(own_database: str) -> None:
    """The second waits for the first, and finds its own payment instead of too little."""
    with transaction.atomic():
        cast = assemble()
    with at(cast.secretary):
        fund = opened(cast.secretary)
    known, paid = uuid.uuid4(), spending("3000")

    def send() -> None:
        mine = WorkFund(pk=fund.pk, region_id=fund.region_id, year=fund.year)
        services.spend(fund=mine, entry_id=known, spending=paid, by=cast.clerk)

    assert one_after_the_other(cast, send, send) == []
    with at(cast.secretary):
        fund.refresh_from_db()
        assert (fund.spent, fund.entries.count()) == (D("3000.00"), 2)
        assert not Overdraw.objects.exists()


def test_a_year_opened_by_two_at_once_is_opened_once(own_database: str) -> None:
    with transaction.atomic():
        cast = assemble()
    village = cast.secretary.region
    opened_by: list[int] = []

    def open_year() -> None:
        opened_by.append(
            services.open_year(place=village, year=this_year(), by=cast.secretary)
        )

    assert one_after_the_other(cast, open_year, open_year) == []
    assert opened_by == [1, 0]


def test_5000_01_is_refused_kept_and_logged(cast: Cast, book: WorkFund) -> None:
    with pytest.raises(BeyondBalance, match=r"余额只有 5,000.00 元.*超出 0.01 元"):
        spent(book, cast.secretary, "5000.01")

    attempt = Overdraw.objects.get()
    line = AccessEntry.objects.get(action=Action.REFUSED)
    assert (attempt.amount, attempt.balance) == (D("5000.01"), D("5000.00"))
    assert (
        line.subject
        == "2026 年工作经费支出 5,000.01 元，超出余额 5,000.00 元".replace(
            "2026", str(today().year)
        )
    )
    assert not book.entries.filter(kind="spent").exists()
    spent(book, cast.secretary, "5000.00")
    assert book.balance == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"amount": D(0)}, "大于 0"),
        ({"amount": D("-3")}, "大于 0"),
        ({"booked_on": tomorrow}, "还没有到|不在"),
        ({"booked_on": lambda: dt.date(this_year() - 1, 12, 31)}, "各年的钱分开记"),
        ({"voucher": "007"}, "凭证号 007 已经登记过"),
    ],
)
def test_what_is_wrong_with_a_payment_is_said(
    cast: Cast, book: WorkFund, more: dict[str, object], words: str
) -> None:
    spent(book, cast.clerk, "10", "007")
    with pytest.raises(Refused, match=words):
        spent(book, cast.clerk, **dated({"voucher": "008"} | more))  # type: ignore[arg-type]
    assert book.entries.filter(kind="spent").count() == 1


def test_no_more_is_received_than_was_allotted(cast: Cast, book: WorkFund) -> None:
    with pytest.raises(Refused, match=r"已到账 5,000.00 元，再到账 0.01 元"):
        services.receive(
            fund=book, entry_id=uuid.uuid4(), amount=D("0.01"), booked_on=today(),
            purpose="多拨", by=cast.clerk,
        )  # fmt: skip


def test_a_wrong_line_is_taken_back_by_a_counter_entry_once(
    cast: Cast, book: WorkFund
) -> None:
    wrong = spent(book, cast.clerk, "300")
    for attempt in range(2):
        try:
            services.take_back(
                entry=wrong, entry_id=uuid.uuid4(), reason="记错了村", on=today(),
                by=cast.clerk,
            )  # fmt: skip
        except Refused as refused:
            assert attempt == 1
            assert "已经冲销过" in str(refused)  # noqa: PT017 - both runs are checked
    book.refresh_from_db()
    assert (book.spent, book.balance) == (D("0.00"), D("5000.00"))
    assert [e.kind for e in book.entries.in_order()] == [
        "received",
        "spent",
        "reversal",
    ]
    assert spent(book, cast.clerk, "300").voucher == wrong.voucher


def test_money_that_was_spent_cannot_be_un_received(cast: Cast, book: WorkFund) -> None:
    spent(book, cast.clerk, "300")
    came = book.entries.get(kind="received")
    with pytest.raises(BeyondBalance):
        services.take_back(
            entry=came,
            entry_id=uuid.uuid4(),
            reason="没有到",
            on=today(),
            by=cast.clerk,
        )


def test_what_is_left_goes_into_the_next_year_by_a_decision_alone(
    cast: Cast, book: WorkFund
) -> None:
    spent(book, cast.clerk, "1200")
    january = dt.date(book.year + 1, 1, 15)
    facts = {"fund": book, "decided_on": today(), "by": cast.secretary}
    with pytest.raises(Refused, match="还没有过完"):
        services.carry_over(decision="镇财政所批复", on=today(), **facts)
    with pytest.raises(Refused, match="依据"):
        services.carry_over(decision=" ", on=january, **facts)
    services.carry_over(decision="镇财政所批复", on=january, **facts)

    book.refresh_from_db()
    after = WorkFund.objects.get(year=book.year + 1)
    assert (book.balance, book.carried) == (D("0.00"), D("-3800.00"))
    assert (after.balance, after.budget) == (D("3800.00"), D("8800.00"))
    with pytest.raises(Refused, match="没有结余"):
        services.carry_over(decision="再来", on=january, **facts)


def test_what_comes_back_to_a_year_is_carried_over_again(
    cast: Cast, book: WorkFund
) -> None:
    wrong = spent(book, cast.clerk, "1200")
    january = dt.date(book.year + 1, 1, 15)
    facts = {"decided_on": today(), "on": january, "by": cast.secretary}
    services.carry_over(fund=book, decision="镇财政所批复", **facts)
    services.take_back(
        entry=wrong, entry_id=uuid.uuid4(), reason="退款", on=today(), by=cast.clerk
    )
    services.carry_over(fund=book, decision="补批", **facts)

    book.refresh_from_db()
    after = WorkFund.objects.get(year=book.year + 1)
    assert (book.balance, book.carried) == (D("0.00"), D("-5000.00"))
    assert (after.balance, after.budget) == (D("5000.00"), D("10000.00"))


def test_a_year_carried_over_late_arrives_in_the_year_after_it(
    cast: Cast, book: WorkFund
) -> None:
    late = dt.date(book.year + 2, 1, 8)
    services.open_year(
        place=cast.secretary.region, year=book.year + 1, by=cast.city_staff
    )
    services.carry_over(
        fund=book, decided_on=late, decision="镇财政所批复", on=late, by=cast.secretary
    )
    [arrived] = FundEntry.objects.filter(fund__year=book.year + 1)
    assert (arrived.amount, arrived.booked_on) == (
        D("5000.00"),
        dt.date(book.year + 1, 12, 31),
    )


def test_a_village_that_ended_has_no_year_to_carry_over_into(
    cast: Cast, book: WorkFund
) -> None:
    january = dt.date(book.year + 1, 1, 15)
    Region.objects.filter(pk=book.region_id).update(ended_on=today())
    with pytest.raises(Refused, match="已经撤销"):
        services.carry_over(
            fund=book,
            decided_on=january,
            decision="批复",
            on=january,
            by=cast.secretary,
        )


# --- the database, asked by itself -----------------------------------------------------


def insert(fund: WorkFund, **more: object) -> None:
    """Book a payment past every service."""
    columns = {
        "id": uuid.uuid4(), "region_code": fund.region_id, "fund_id": fund.pk,
        "kind": "spent", "booked_on": today(), "amount": D("-5000.01"),
        "purpose": "茶水", "voucher": "1", "handled_by": "申", "approved_by": "周",
        "entered_by_id": fund.opened_by_id, "entered_at": fund.opened_at,
    } | more  # fmt: skip
    names = ", ".join(columns)
    marks = ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        values = [str(v) if isinstance(v, uuid.UUID) else v for v in columns.values()]
        cursor.execute(
            f"INSERT INTO funding_fundentry ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            values,
        )


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({}, "funding_fund_not_overdrawn"),
        ({"amount": D(5)}, "funding_entry_sign_fits_kind"),
        ({"amount": D(-5), "voucher": ""}, "funding_entry_spent_says_by_whom"),
        (
            {"amount": D(-5), "booked_on": lambda: dt.date(this_year() + 1, 1, 1)},
            "funding_entry_in_its_year",
        ),
        ({"kind": "carried", "amount": D(5)}, "carried"),
        ({"kind": "reversal", "amount": D(5)}, "funding_entry_reversal"),
    ],
)
def test_the_database_refuses_it_too(
    book: WorkFund, more: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError) as refused:
        insert(book, **dated(more))
    diag = getattr(refused.value.__cause__, "diag", None)
    assert constraint in str(getattr(diag, "constraint_name", ""))


def test_entries_and_sums_are_written_by_nobody_else(
    cast: Cast, book: WorkFund
) -> None:
    entry = spent(book, cast.clerk)
    for rows, change in (
        (FundEntry.objects.filter(pk=entry.pk), {"amount": D(-1)}),
        (WorkFund.objects.filter(pk=book.pk), {"balance": D(9999)}),
        (CarryOver.objects.all(), {"amount": D(1)}),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows.update(**change)  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")  # type: ignore[attr-defined]


def test_sums_begin_at_nought_whatever_is_inserted(cast: Cast) -> None:
    with at(cast.city_staff):
        fund = WorkFund.objects.create(
            region_id=cast.clerk.region_id, year=2031, allotted=D(1), basis="x",
            received=D(1), balance=D(1), opened_by=cast.city_staff.user,
            opened_at=timezone.now(),
        )  # fmt: skip
        fund.refresh_from_db()
    assert (fund.received, fund.balance) == (D(0), D(0))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["in", "out", "undo"]), st.integers(1, 400_000)),
        max_size=8,
    )
)
def test_the_balance_is_the_sum_of_the_book_and_never_below_nought(
    cast: Cast, steps: list[tuple[str, int]]
) -> None:
    with at(cast.secretary):
        try:
            with transaction.atomic():
                _play(cast, steps)
                raise KeyboardInterrupt
        except KeyboardInterrupt:  # the next example begins with an empty book
            pass


def _play(cast: Cast, steps: list[tuple[str, int]]) -> None:
    fund = opened(cast.secretary, received="")
    for number, (step, cents) in enumerate(steps):
        amount = D(cents) / 100
        try:
            if step == "in":
                services.receive(
                    fund=fund, entry_id=uuid.uuid4(), amount=amount,
                    booked_on=today(), purpose="拨付", by=cast.clerk,
                )  # fmt: skip
            elif step == "out":
                spent(fund, cast.clerk, str(amount), str(number))
            elif last := fund.entries.standing().order_by("entered_at").last():
                services.take_back(
                    entry=last, entry_id=uuid.uuid4(), reason="试", on=today(),
                    by=cast.clerk,
                )  # fmt: skip
        except Refused:
            pass
        fund.refresh_from_db()
        lines = sum((e.amount for e in fund.entries.all()), D(0))
        assert fund.balance == lines >= 0
        assert fund.received <= fund.allotted


def test_ten_who_spend_at_once_never_overdraw(own_database: str) -> None:
    """Real transactions in threads: 10 × 900 yuan from 5,000; five come through."""
    with transaction.atomic():
        cast = assemble()
    with at(cast.secretary):
        fund = opened(cast.secretary)
    ready = threading.Barrier(10)
    outcomes: list[str] = []

    def spend(number: int) -> None:
        try:
            with scope(cast.clerk.scope()):
                mine = WorkFund(pk=fund.pk, region_id=fund.region_id, year=fund.year)
                ready.wait(timeout=30)
                with transaction.atomic():
                    spent(mine, cast.clerk, "900", str(number))
            outcomes.append("spent")
        except BeyondBalance:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=spend, args=(n,)) for n in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    with at(cast.secretary):
        fund.refresh_from_db()
        assert sorted(outcomes) == ["refused"] * 5 + ["spent"] * 5
        assert (fund.balance, fund.spent) == (D("500.00"), D("4500.00"))
        assert sum(e.amount for e in fund.entries.all()) == D("500.00")


def test_another_village_sees_and_books_nothing(cast: Cast, book: WorkFund) -> None:
    with at(cast.sibling_secretary):
        assert not WorkFund.objects.filter(pk=book.pk).exists()
        with pytest.raises(DatabaseError):
            insert(book, amount=D(-1))


def test_a_year_far_off_is_a_slip(cast: Cast) -> None:
    city = Region.objects.get(pk=CITY)
    with at(cast.city_staff), pytest.raises(Refused, match="核对年度"):
        services.open_year(place=city, year=2010, by=cast.city_staff)
