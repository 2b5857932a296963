"""Messages: told once, read by their recipient alone, seen by who sent them."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Post, User
from inbox import services
from inbox.models import Message
from inbox.services import Letter, mark_read, send, send_all, unread_count
from regions.scoping import Scope, scope
from tests.cast import SINCE, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import statements, text_of

DAY = dt.date(2026, 11, 23)


def tell(
    *to: Post, by: Post | None = None, key: str = "k1", region: int = VILLAGE
) -> int:
    """Send a message as the system would, or as somebody."""
    with at(by) if by else everywhere():
        return send(
            to=to,
            kind="test.reminder",
            title="还有 3 户没走访",
            body="本月还剩 7 天。",
            url="/visits/",
            region=region,
            unique_key=key,
            by=by,
            on=DAY,
        )


def seen_by(post: Post) -> int:
    """Return how many messages the holder of a post can read at all."""
    with at(post):
        return Message.objects.count()


# --- sending ------------------------------------------------------------------


def test_sending_twice_is_one_row(cast: Cast) -> None:
    assert tell(cast.secretary, cast.clerk) == 2
    assert tell(cast.secretary, cast.clerk, cast.representative) == 1
    assert tell(cast.secretary, key="k2") == 1
    with everywhere():
        assert Message.objects.count() == 4


def test_without_a_key_a_person_is_told_of_a_kind_once_a_day(cast: Cast) -> None:
    with everywhere():
        kinds = [("a", DAY), ("a", DAY), ("b", DAY), ("a", DAY + dt.timedelta(1))]
        new = [
            send(to=[cast.clerk.user], kind=kind, title=kind, region=VILLAGE, on=on)
            for kind, on in kinds
        ]
    assert new == [1, 0, 1, 1]


def test_a_row_says_all_that_was_asked_for(cast: Cast) -> None:
    tell(cast.clerk, by=cast.township_staff)
    with everywhere():
        row = Message.objects.get()
    assert (row.recipient, row.sent_by) == (cast.clerk.user, cast.township_staff.user)
    assert (row.kind, row.title) == ("test.reminder", "还有 3 户没走访")
    assert (row.body, row.url) == ("本月还剩 7 天。", "/visits/")
    assert (row.region_id, row.business_date, row.read_at) == (VILLAGE, DAY, None)
    assert abs(timezone.now() - row.created_at) < dt.timedelta(minutes=1)


def test_letters_to_everybody_are_one_statement(
    cast: Cast, django_assert_num_queries: object
) -> None:
    letters = [
        Letter((cast.clerk,), "test", f"第 {n} 封", VILLAGE, unique_key=f"n{n}")
        for n in range(300)
    ]
    with everywhere(), django_assert_num_queries(3):  # with its savepoint
        assert send_all(letters, on=DAY) == 300


def test_a_closed_account_is_told_nothing(cast: Cast) -> None:
    cast.clerk.user.is_active = False
    assert tell(cast.clerk, cast.secretary) == 1


def test_nobody_to_tell_is_no_error(cast: Cast) -> None:
    assert tell() == 0


@pytest.mark.parametrize("url", ["https://example.com/", "//example.com", "visits/"])
def test_a_message_leads_inside_only(cast: Cast, url: str) -> None:
    with pytest.raises(ValueError, match="page of ours"):
        Letter((cast.clerk,), "test", "题", VILLAGE, url=url)
    with everywhere(), pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            region_id=VILLAGE,
            recipient=cast.clerk.user,
            kind="test",
            title="题",
            url=url,
            unique_key="k",
            business_date=DAY,
        )


def test_nobody_sends_outside_his_range(cast: Cast) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="row-level security"):
        tell(cast.secretary, by=cast.other_staff)


# --- who reads ----------------------------------------------------------------


def test_a_reminder_is_its_recipients_alone(cast: Cast) -> None:
    tell(cast.representative)
    readers = {part for part, post in vars(cast).items() if seen_by(post)}
    assert readers == {"representative"}


def test_what_somebody_sent_is_seen_by_him_and_in_his_range(cast: Cast) -> None:
    tell(cast.secretary, by=cast.township_staff)
    readers = {part for part, post in vars(cast).items() if seen_by(post)}
    assert readers >= {"secretary", "township_staff", "township_lead", "city_lead"}
    assert not readers & {"representative", "other_lead", "sibling_secretary"}


def test_a_message_is_read_whatever_post_its_recipient_works_from(cast: Cast) -> None:
    """About one township, read by a person who now works from a post in another."""
    tell(cast.other_secretary, region=TOWNSHIP)
    page = signed_in(cast.other_secretary).get("/inbox/")
    assert "还有 3 户没走访" in text_of(page)
    assert signed_in(cast.other_secretary).post("/inbox/read/").status_code == 302
    with at(cast.other_secretary):
        assert unread_count(cast.other_secretary.user) == 0


def test_only_the_recipient_marks_as_read(cast: Cast) -> None:
    tell(cast.secretary, by=cast.township_staff)
    with at(cast.township_staff):
        assert Message.objects.update(read_at=timezone.now()) == 0
    with scope(Scope(0, 10**12, user=cast.clerk.user_id)), transaction.atomic():
        assert Message.objects.update(read_at=timezone.now()) == 0
    assert mark_read(user=cast.secretary.user) == 1
    assert mark_read(user=cast.secretary.user) == 0
    with everywhere():
        assert Message.objects.get().read_at is not None


# --- pages --------------------------------------------------------------------


def test_the_bell_counts_what_is_unread(cast: Cast) -> None:
    browser = signed_in(cast.secretary)
    assert "条未读" not in browser.get("/").content.decode()
    tell(cast.secretary)
    tell(cast.secretary, key="k2")
    assert '>2<span class="sr"> 条未读' in browser.get("/").content.decode()


def test_the_phones_tab_counts_what_is_unread(cast: Cast) -> None:
    browser = signed_in(cast.representative)
    tell(cast.representative)
    html = browser.get("/visits/").content.decode()
    assert '消息<span class="n">1</span>' in html
    assert "1 条没看" in browser.get("/inbox/").content.decode()


@pytest.mark.parametrize("part", ["secretary", "representative"])
def test_what_came_after_the_page_was_drawn_stays_unread(cast: Cast, part: str) -> None:
    reader: Post = getattr(cast, part)
    tell(reader)
    tell(reader, key="k2")
    browser = signed_in(reader)
    page = browser.get("/inbox/").content.decode()
    tell(reader, key="late")
    [last] = re.findall(r'name="up_to" value="(\d+)"', page)
    browser.post("/inbox/read/", {"up_to": last})
    with everywhere():
        assert [one.unique_key for one in Message.objects.unread()] == ["late"]
    browser.post("/inbox/read/")  # a page from before it said how far it goes
    with everywhere():
        assert not Message.objects.unread().exists()


def test_opening_a_message_reads_it_and_leads_to_its_page(cast: Cast) -> None:
    tell(cast.secretary)
    with everywhere():
        pk = Message.objects.get().pk
    browser = signed_in(cast.secretary)
    assert browser.get(f"/inbox/{pk}/open/").status_code == 405
    opened = browser.post(f"/inbox/{pk}/open/")
    assert (opened.status_code, opened["Location"]) == (302, "/visits/")
    page = browser.get("/inbox/")
    assert "没有没看过的消息" in text_of(page)
    assert "还有 3 户没走访" in text_of(page)


def test_a_message_about_ones_other_post_asks_to_change_to_it_first(
    cast: Cast,
) -> None:
    """From the present post its page would not be there."""
    elsewhere = cast.other_secretary.region
    with everywhere():
        Post.objects.create(
            user=cast.secretary.user,
            role="village_clerk",
            region=elsewhere,
            started_on=today(),
        )
    tell(cast.secretary, region=elsewhere.pk)
    browser = signed_in(cast.secretary)
    with everywhere():
        pk = Message.objects.get().pk
    asked = browser.post(f"/inbox/{pk}/open/", follow=True)
    assert asked.redirect_chain == [("/accounts/posts/", 302)]
    assert f"说的是{elsewhere.full_name}的事" in text_of(asked)
    with everywhere():
        assert unread_count(cast.secretary.user) == 1
        other = Post.objects.get(user=cast.secretary.user, region=elsewhere)
    browser.post("/accounts/posts/", {"post": other.pk})
    assert browser.post(f"/inbox/{pk}/open/")["Location"] == "/visits/"


def test_a_message_for_ones_other_post_of_the_same_place_asks_to_change_to_it(
    cast: Cast,
) -> None:
    """A representative who has become secretary as well works from one of the two."""
    with everywhere():
        desk = Post.objects.create(
            user=cast.representative.user,
            role="village_secretary",
            region=cast.representative.region,
            started_on=today(),
        )
        send(
            to=[desk],
            kind="test.turn",
            title="轮到村里确认",
            url="/ratings/",
            region=VILLAGE,
            on=DAY,
        )
        pk = Message.objects.get().pk
    browser = signed_in(cast.representative)
    assert browser.get("/ratings/").status_code == 403
    asked = browser.post(f"/inbox/{pk}/open/", follow=True)
    assert asked.redirect_chain == [("/accounts/posts/", 302)]
    assert "请先改用“村（社区）党组织书记”的职务" in text_of(asked)
    with everywhere():
        assert unread_count(desk.user) == 1
    browser.post("/accounts/posts/", {"post": desk.pk})
    assert browser.post(f"/inbox/{pk}/open/")["Location"] == "/ratings/"


def test_a_message_of_somebody_else_does_not_exist(cast: Cast) -> None:
    tell(cast.secretary, by=cast.township_staff)
    with everywhere():
        pk = Message.objects.get().pk
    for post in (cast.clerk, cast.township_staff, cast.city_lead):
        assert signed_in(post).post(f"/inbox/{pk}/open/").status_code == 404
        answer = signed_in(post).post(f"/api/v1/messages/{pk}/read/")
        assert answer.status_code == 404


def test_an_empty_inbox_says_what_will_come(cast: Cast) -> None:
    assert "还没有消息" in text_of(signed_in(cast.clerk).get("/inbox/"))
    assert "还没有消息" in text_of(signed_in(cast.representative).get("/inbox/"))


def test_a_person_without_a_post_is_sent_home(cast: Cast) -> None:
    with everywhere():
        Post.objects.filter(pk=cast.clerk.pk).update(
            ended_on=SINCE, ended_by=cast.secretary.user
        )
    browser = signed_in(cast.clerk)
    assert browser.get("/inbox/").status_code == 302
    assert browser.get("/").status_code == 200
    assert browser.get("/api/v1/messages/").json()["results"] == []


def test_the_sender_sees_who_has_seen_it(cast: Cast) -> None:
    tell(cast.secretary, cast.clerk, by=cast.township_staff)
    mark_read(user=cast.clerk.user)
    page = signed_in(cast.township_lead).get("/inbox/sent/")
    rows = {row.recipient.username: row.read_at for row in page.context["page"]}
    assert rows["secretary"] is None
    assert rows["clerk"] is not None
    elsewhere = signed_in(cast.other_lead).get("/inbox/sent/")
    assert list(elsewhere.context["page"]) == []
    assert signed_in(cast.secretary).get("/inbox/sent/").status_code == 403


def test_lists_cost_the_same_however_long_they_are(cast: Cast) -> None:
    tell(cast.secretary, by=cast.township_staff)
    browsers = [
        (signed_in(cast.secretary), "/inbox/"),
        (signed_in(cast.township_staff), "/inbox/sent/"),
    ]
    few = [statements(browser, url) for browser, url in browsers]
    for n in range(5):
        tell(cast.secretary, cast.clerk, by=cast.township_staff, key=f"more{n}")
    assert [statements(browser, url) for browser, url in browsers] == few


# --- programs -----------------------------------------------------------------


def test_programs_list_and_mark(cast: Cast) -> None:
    tell(cast.clerk, by=cast.township_staff)
    tell(cast.clerk, key="k2")
    tell(cast.secretary)
    browser = signed_in(cast.clerk)
    listed = browser.get("/api/v1/messages/").json()["results"]
    assert [row["sent_by"] for row in listed] == ["", "township_staff先生"]
    answer = browser.post(f"/api/v1/messages/{listed[0]['id']}/read/")
    assert answer.json()["read_at"] is not None
    again = browser.post(f"/api/v1/messages/{listed[0]['id']}/read/")
    assert again.json()["read_at"] == answer.json()["read_at"]
    left = browser.get("/api/v1/messages/?read_at__isnull=true").json()["results"]
    assert [row["id"] for row in left] == [listed[1]["id"]]


def test_a_refused_page_still_draws_its_frame(cast: Cast) -> None:
    """The frame counts messages; an error page is drawn after the transaction."""
    assert signed_in(cast.clerk).get("/system/").status_code == 403
    assert signed_in(cast.clerk).get("/nowhere/").status_code == 404


def test_letters_name_users_and_posts_alike(cast: Cast) -> None:
    people: tuple[User | Post, ...] = (cast.clerk, cast.secretary.user)
    letter = services.Letter(people, "test", "题", VILLAGE)
    assert letter.users == (cast.clerk.user, cast.secretary.user)
