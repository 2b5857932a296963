"""报表中心: two clicks to the file, presets, schedules, and a second person's word."""

import datetime as dt
import re
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from accounts.models import AccessEntry, Action, Post, RowChange
from accounts.services import NotYours, Refused
from inbox.models import Message
from jobs.models import Job, State
from jobs.services import perform
from reports import exports
from reports.centre import approvals, files, schedules
from reports.centre.choosing import Choice
from reports.centre.entries import Purpose, entries, entry_of, offered_to
from reports.centre.periods import last, offered, resolved
from reports.centre.rolls import Roll
from reports.models import Approval, ApprovalState, Measure, Preset, Schedule
from reports.periods import Span, window
from reports.tasks import ask_for_reports
from tests.accounts.pages import statements, words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import days_ago, today, yesterday
from tests.reports.summary_stage import last_month
from tests.rolls import Rolls
from trainings.ledgers import SignInSheet


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files apart, and let no test look for a broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


@pytest.fixture
def press(django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that sends a form; what waits for the commit is done."""

    def send(browser: Client, url: str, **answers: str) -> Any:
        answers.setdefault("token", str(uuid.uuid4()))
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(url, answers)

    return send


def chosen(page: Any) -> dict[str, str]:
    """Return what the form of a page sends when nothing is changed."""
    form = page.context["form"]
    names = [name for name in form.fields if name not in {"name", "is_shared"}]
    return {name: str(form[name].value() or "") for name in names}


def taken(browser: Client, answer: Any) -> Any:
    """Return the file that comes by itself after pressing 导出."""
    page = browser.get(answer.url)
    found = re.search(
        r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode()
    )
    assert found, page.content.decode()
    return browser.get(found[1])


# --- two clicks -----------------------------------------------------------------


@pytest.mark.parametrize(("key", "name", "begins"), [
    ("summary-month", "工作汇总表", b"PK"),
    ("bulletin-month", "情况通报", b"PK"),
    ("representatives", "花名册", b"PK"),
    ("visits", "走访记录表", b"PK"),
])  # fmt: skip
def test_one_click_on_an_entry_and_one_on_export_bring_the_file(
    cast: Cast, rolls: Rolls, press: Any, key: str, name: str, begins: bytes
) -> None:
    browser = signed_in(cast.city_staff)
    page = browser.get("/centre/")
    [link] = re.findall(rf'href="(/centre/{key}/)"', page.content.decode())
    asked = browser.get(link)
    if key == "visits":
        with everywhere():
            visit_today(rolls)
        answers = chosen(asked) | {"period": "month"}
    else:
        answers = chosen(asked)
    file = taken(browser, press(browser, link, do="export", **answers))
    assert file.content.startswith(begins)
    job = Job.objects.none()
    with at(cast.city_staff):
        job = Job.objects.get(kind=exports.KIND)
    assert name in job.arguments["result"]["name"]
    if key.endswith("-month"):
        first = last_month().first
        assert f"{first.year}年{first.month}月" in job.arguments["result"]["name"]


def visit_today(rolls: Rolls) -> None:
    """Let somebody be visited today."""
    from tests.visits.stage import make_walker, seen

    seen(make_walker("walker"), "刘桂英", today())


def test_last_month_is_chosen_already_and_any_period_is_offered() -> None:
    groups = dict(offered(dt.date(2026, 11, 28), Span.MONTH))
    assert groups["最近"][0] == ("last-month", "上月（2026 年 10 月）")
    values = [value for held in groups.values() for value, _ in held]
    assert {
        "month",
        "last-quarter",
        "year",
        "2026-09",
        "2025-11",
        "2026-Q2",
        "2024",
    } <= {*values}
    assert len(values) == len(set(values))


@pytest.mark.parametrize("page", ["summary", "bulletin"])
@pytest.mark.parametrize("p", [
    lambda: window(Span.QUARTER, today()).before.key, lambda: f"{today().year - 4}-03",
], ids=["last quarter by its name", "longer ago than the list goes"])  # fmt: skip
def test_what_is_exported_from_a_page_is_of_the_period_that_it_shows(
    cast: Cast, press: Any, page: str, p: Any
) -> None:
    """The line of a township leads there by the name of the period."""
    browser, asked = signed_in(cast.city_staff), p()
    shown = browser.get(f"/d/{TOWNSHIP}/{page}/?p={asked}").content.decode()
    assert picked(shown) == asked
    [link] = re.findall(rf'href="(/centre/{page}-month/[^"]+)"', shown)
    form = browser.get(link.replace("&amp;", "&"))
    assert picked(form.content.decode()) == asked
    answers = chosen(form) | {"do": "export"}
    press(browser, f"/centre/{page}-month/", **answers)
    with at(cast.city_staff):
        [job] = Job.objects.filter(kind=exports.KIND)
    assert job.arguments["data"]["p"] == asked


def picked(page: str) -> str:
    """Return the period that a page's choice stands on."""
    [chooser] = re.findall(
        r'<select[^>]*name="(?:p|period)".*?</select>', page, re.DOTALL
    )
    marked = re.findall(r'<option value="([^"]+)" selected', chooser)
    return str(marked[0]) if marked else ""


def test_a_table_by_year_is_asked_for_by_year_alone(cast: Cast, press: Any) -> None:
    """Whoever chose a month of it was given the whole year."""
    browser = signed_in(cast.city_staff)
    page = browser.get("/centre/trainings/")
    groups = page.context["form"].fields["period"].choices
    values = [value for _, held in groups for value, _ in held]
    year = today().year
    assert values == ["last-year", "year", f"{year - 2}", f"{year - 3}"]
    answers = chosen(page) | {"period": "last-month"}
    answer = press(browser, "/centre/trainings/", do="export", **answers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(("asked", "key"), [
    ("last-month", "2026-10"), ("last-quarter", "2026-Q3"), ("last-year", "2025"),
    ("month", "2026-11"), ("2026-Q2", "2026-Q2"), ("last-week", "2026-10"), ("", "2026-11"),
])  # fmt: skip
def test_relative_periods_are_worked_out_on_the_day(asked: str, key: str) -> None:
    assert resolved(asked, dt.date(2026, 11, 28)).key == key
    assert last(Span.QUARTER) == "last-quarter"


def test_every_ledger_stands_in_the_centre_once_and_names_its_purpose() -> None:
    held = entries()
    of_one_training = {SignInSheet.kind}  # taken from the training's own page
    assert {entry.kind for entry in held} == set(exports.ROLLS) - of_one_training
    assert len({entry.key for entry in held}) == len(held)
    assert all(entry.title and entry.formats for entry in held)
    assert {entry.purpose for entry in held} >= {
        Purpose.MONTHLY, Purpose.QUARTERLY, Purpose.LEDGER, Purpose.ROSTER, Purpose.NOTICE,
    }  # fmt: skip


def test_a_ledger_that_nobody_declared_stands_under_ledgers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roll: type[Roll] = type("Fresh", (exports.ROLLS["quotas"],), {"kind": "fresh_one"})
    monkeypatch.setitem(exports.ROLLS, "fresh_one", roll)
    found = entry_of("fresh-one")
    assert found is not None
    assert (found.purpose, found.kind) == (Purpose.LEDGER, "fresh_one")


def test_each_post_is_offered_what_it_may_have(cast: Cast) -> None:
    def keys(post: Post) -> set[str]:
        return {entry.key for _, held in offered_to(post) for entry in held}

    assert "bulletin-month" in keys(cast.city_staff) & keys(cast.township_staff)
    assert "bulletin-month" not in keys(cast.secretary)
    assert "summary-month" in keys(cast.clerk)
    assert keys(cast.auditor) == set()
    for who, status in ((cast.secretary, 403), (cast.representative, 403)):
        assert signed_in(who).get("/centre/bulletin-month/").status_code == status
    assert signed_in(cast.secretary).get("/centre/nothing/").status_code == 404


def test_the_centre_costs_the_same_whatever_was_kept(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.township_lead)
    few = statements(client, "/centre/")
    entry = entry_of("summary-month")
    assert entry is not None
    with at(cast.township_lead):
        for n in range(5):
            Preset.objects.create(
                region_id=TOWNSHIP, owner=cast.township_lead.user, name=str(n),
                entry=entry.key,
            )  # fmt: skip
        schedules.begin(by=cast.township_lead, entry=entry, choice=Choice(), on=today())
    assert statements(client, "/centre/") == few


def test_a_link_names_its_place_in_words(cast: Cast, press: Any) -> None:
    browser = signed_in(cast.township_staff)
    link = f"/centre/summary-month/?place={VILLAGE}"
    page = browser.get(link)
    answers = chosen(page) | {"form": "print"}
    name = page.context["form"]["place"].value()
    assert not name.isdigit()
    assert name in page.content.decode()
    assert press(browser, link, **answers | {"place": name}).status_code == 302


def test_printing_opens_the_page_that_prints(cast: Cast, press: Any) -> None:
    browser = signed_in(cast.township_staff)
    link = "/centre/summary-month/"
    answers = chosen(browser.get(link)) | {"form": "print"}
    answer = press(browser, link, do="export", **answers)
    assert answer.url == f"/d/{TOWNSHIP}/summary/paper/?p={last_month().key}"
    assert "工作汇总表" in words(browser.get(answer.url))


def test_the_summary_as_a_word_file(cast: Cast, press: Any) -> None:
    browser = signed_in(cast.township_staff)
    link = "/centre/summary-month/"
    answers = chosen(browser.get(link)) | {"form": "docx"}
    taken(browser, press(browser, link, do="export", **answers))
    with at(cast.township_staff):
        job = Job.objects.get(kind=exports.KIND)
    file = Document(str(files.path_of(job.pk, files.Format.DOCX)))
    assert "工作汇总表" in file.paragraphs[0].text
    assert file.tables[0].rows[-1].cells[0].text == "合计"


@pytest.mark.parametrize(("kind", "form"), [
    ("bulletin", files.Format.XLSX), ("households", files.Format.DOCX),
])  # fmt: skip
def test_a_file_that_a_report_cannot_become_is_refused(
    cast: Cast, rolls: Rolls, kind: str, form: files.Format
) -> None:
    wanted = exports.Request(kind, {}, form=form)
    with at(cast.city_staff), pytest.raises(Refused, match="没有这种文件"):
        exports.ask(wanted, by=cast.city_staff, on=today(), token="1")


def test_a_place_out_of_range_is_refused_on_the_form(cast: Cast, press: Any) -> None:
    browser = signed_in(cast.other_lead)
    link = "/centre/summary-month/"
    answers = chosen(browser.get(link)) | {"place": str(VILLAGE)}
    answer = press(browser, link, do="export", **answers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert str(VILLAGE) in answer.content.decode(), "nothing typed is lost"


def test_an_export_can_be_taken_back_until_it_is_made(
    cast: Cast, rolls: Rolls, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    browser = signed_in(cast.secretary)
    link = "/centre/representatives/"
    own = press(browser, link, do="export", **chosen(browser.get(link))).url
    own = own.partition("?")[0]
    assert "取消导出" in words(browser.get(own))
    assert signed_in(cast.clerk).post(f"{own}cancel/").status_code == 404
    assert browser.post(f"{own}cancel/").status_code == 302
    assert "您取消了这次导出" in words(browser.get(own))
    with at(cast.secretary):
        assert Job.objects.get(kind=exports.KIND).state == State.CANCELLED


# --- presets --------------------------------------------------------------------


def kept(browser: Client, press: Any, name: str, **more: str) -> Any:
    """Keep the answers of the summary's form under a name."""
    link = "/centre/summary-month/"
    answers = chosen(browser.get(link)) | {"name": name} | more
    return press(browser, link, do="save", **answers)


def test_a_preset_is_one_click_and_its_period_moves_on(cast: Cast, press: Any) -> None:
    browser = signed_in(cast.township_staff)
    assert kept(browser, press, "上月汇总").url == "/centre/"
    preset = only(Preset)
    assert preset.data["period"] == "last-month"
    assert "上月汇总" in words(browser.get("/centre/"))
    file = taken(browser, press(browser, f"/centre/presets/{preset.pk}/use/"))
    assert file.content.startswith(b"PK")


def only(model: Any) -> Any:
    """Return the one row of a table."""
    with everywhere():
        return model.objects.get()


def test_a_preset_that_is_pressed_twice_makes_one_file(cast: Cast, press: Any) -> None:
    browser = signed_in(cast.township_staff)
    kept(browser, press, "上月汇总")
    html = browser.get("/centre/").content.decode()
    [token] = set(re.findall(r'name="token" value="([^"]+)"', html))
    use = f"/centre/presets/{only(Preset).pk}/use/"
    first, second = (browser.post(use, {"token": token}).url for _ in range(2))
    assert first == second


def test_a_shared_preset_is_the_offices_and_nobody_elses(
    cast: Cast, press: Any
) -> None:
    kept(signed_in(cast.township_staff), press, "我的")
    kept(signed_in(cast.township_staff), press, "镇里的", is_shared="on")
    colleague = words(signed_in(cast.township_lead).get("/centre/"))
    assert "镇里的" in colleague
    assert "我的" not in colleague.replace("我的导出", "").replace("我的账号", "")
    for stranger in (cast.other_staff, cast.secretary, cast.city_staff):
        assert "镇里的" not in words(signed_in(stranger).get("/centre/"))
    with everywhere():
        shared = Preset.objects.get(is_shared=True)
    for who, status in (
        (cast.township_lead, 403), (cast.other_staff, 404), (cast.township_staff, 302),
    ):  # fmt: skip
        answer = signed_in(who).post(f"/centre/presets/{shared.pk}/remove/")
        assert answer.status_code == status


def test_a_preset_of_somebody_who_left_can_be_removed_by_a_colleague(
    cast: Cast, press: Any
) -> None:
    kept(signed_in(cast.township_staff), press, "镇里的", is_shared="on")
    preset = only(Preset)
    remove = f"/centre/presets/{preset.pk}/remove/"
    lead = signed_in(cast.township_lead)
    assert remove not in lead.get("/centre/").content.decode()
    with everywhere():
        Post.objects.filter(pk=cast.township_staff.pk).update(
            ended_on=today(), ended_by=cast.city_lead.user
        )
    assert remove in lead.get("/centre/").content.decode()
    assert signed_in(cast.other_lead).post(remove).status_code == HTTPStatus.NOT_FOUND
    assert lead.post(remove).status_code == HTTPStatus.FOUND
    with everywhere():
        assert not Preset.objects.exists()


@pytest.mark.parametrize(("name", "said"), [("", "起个名字"), ("上月汇总", "换个名字")])
def test_a_preset_needs_a_name_of_its_own(
    cast: Cast, press: Any, name: str, said: str
) -> None:
    browser = signed_in(cast.township_staff)
    kept(browser, press, "上月汇总")
    answer = kept(browser, press, name)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in words(answer)


def test_whole_numbers_are_not_kept(cast: Cast, rolls: Rolls, press: Any) -> None:
    browser = signed_in(cast.township_lead)
    link = "/centre/households/"
    answers = chosen(browser.get(link)) | {
        "numbers": "full", "reason": "核对", "name": "户",
    }  # fmt: skip
    press(browser, link, do="save", **answers)
    preset = only(Preset)
    assert "full" not in preset.data
    entry = entry_of(preset.entry)
    assert entry is not None
    assert not Choice.read(preset.data).request(entry, today()).full


# --- schedules ------------------------------------------------------------------


def scheduled(cast: Cast, started_on: dt.date) -> Schedule:
    """Let the township have last month's summary made from a day on."""
    entry = entry_of("summary-month")
    assert entry is not None
    with at(cast.township_lead):
        return schedules.begin(
            by=cast.township_lead, entry=entry, choice=Choice(), on=started_on
        )


@pytest.mark.parametrize(("on", "key"), [
    (dt.date(2026, 11, 28), None),
    (dt.date(2026, 12, 5), None),
    (dt.date(2026, 12, 6), "2026-11"),
    (dt.date(2027, 1, 5), "2026-11"),
    (dt.date(2027, 1, 6), "2026-12"),
    (dt.date(2027, 5, 20), "2027-04"),
])  # fmt: skip
def test_a_period_is_due_a_day_after_closing_and_only_the_latest_one(
    on: dt.date, key: str | None
) -> None:
    schedule = Schedule(span="month", days=6, started_on=dt.date(2026, 11, 28))
    found = schedules.due_period(schedule, on)
    assert (found.key if found else None) == key
    assert schedules.next_day(schedule, dt.date(2026, 12, 5)) == dt.date(2026, 12, 6)


def test_a_period_that_the_city_closes_later_by_now_is_waited_for(cast: Cast) -> None:
    schedule = scheduled(cast, days_ago(400))
    on = today().replace(day=8)
    measured(on, closing_days=10)
    seen = window(Span.MONTH, on).before
    with everywhere():
        [job] = schedules.ask_due(on)
        assert job.unique_key.endswith(f" {seen.before.key}"), "not closed yet"
        [job] = schedules.ask_due(on.replace(day=11))
        assert job.unique_key.endswith(f" {seen.key}")
        later = schedules.next_day(schedule, on, schedules.closed_after(on))
    assert later == on.replace(day=11)


def test_a_schedule_goes_on_for_who_has_another_post_in_the_office(cast: Cast) -> None:
    scheduled(cast, days_ago(70))
    with everywhere():
        Post.objects.filter(pk=cast.township_lead.pk).update(
            ended_on=today(), ended_by=cast.city_lead.user
        )
        staff = Post.objects.create(
            user=cast.township_lead.user,
            role="township_staff",
            region_id=TOWNSHIP,
            started_on=today(),
        )
    assert "下次" in words(signed_in(staff).get("/centre/"))
    assert ask_for_reports() == 1
    with everywhere():
        [job] = Job.objects.filter(kind=exports.KIND)
        assert job.post == staff
        assert perform(job.pk) is State.DONE


def test_a_scheduled_report_is_made_once_and_announced(
    cast: Cast, rolls: Rolls
) -> None:
    schedule = scheduled(cast, days_ago(70))
    assert ask_for_reports() == 1
    assert ask_for_reports() == 1
    with everywhere():
        [job] = Job.objects.filter(kind=exports.KIND)
        assert perform(job.pk) is State.DONE
        [message] = Message.objects.filter(recipient=cast.township_lead.user)
    assert message.url == f"/exports/{job.pk}/"
    assert str(schedule.pk) in job.unique_key
    book = load_workbook(files.path_of(job.pk))
    assert book.worksheets[0]["A1"].value.startswith("魏家桥镇")
    browser = signed_in(cast.township_lead)
    assert "下载文件" in words(browser.get(message.url))
    assert signed_in(cast.township_staff).get(message.url).status_code == 404


def test_a_scheduled_report_that_failed_is_tried_again_on_the_next_day(
    cast: Cast,
) -> None:
    scheduled(cast, days_ago(70))
    with everywhere():
        on = schedules.next_day(Schedule.objects.get(), days_ago(5))
        made = Job.objects.filter(kind=exports.KIND)
        for day, state, tries in (
            (0, State.FAILED, 1),
            (1, State.DONE, 2),
            (2, None, 2),
        ):
            for _ in range(2):
                schedules.ask_due(on + dt.timedelta(days=day))
            assert made.count() == tries
            if state:
                made.filter(state=State.QUEUED).update(state=state)


def test_a_stopped_schedule_or_an_ended_post_makes_nothing(cast: Cast) -> None:
    schedule = scheduled(cast, days_ago(70))
    with at(cast.township_staff), pytest.raises(NotYours):
        schedules.stop(schedule=schedule, by=cast.township_staff, on=today())
    with everywhere():
        Post.objects.filter(pk=cast.township_lead.pk).update(
            ended_on=today(), ended_by=cast.city_lead.user
        )
    assert ask_for_reports() == 0
    with everywhere():
        Post.objects.filter(pk=cast.township_lead.pk).update(
            ended_on=None, ended_by=None
        )
    signed_in(cast.township_lead).post(f"/centre/schedules/{schedule.pk}/stop/")
    assert ask_for_reports() == 0
    with everywhere():
        subjects = AccessEntry.objects.filter(action=Action.EXPORTED)
        assert [line.subject[:6] for line in subjects.order_by("pk")] == [
            "开始定时导出", "停止定时导出",
        ]  # fmt: skip
        assert RowChange.objects.filter(table="reports_schedule").count() == 2


def test_the_same_report_is_scheduled_once_and_a_roll_not_at_all(
    cast: Cast, press: Any
) -> None:
    browser = signed_in(cast.township_staff)
    link = "/centre/summary-month/"
    answers = chosen(browser.get(link))
    assert press(browser, link, do="schedule", **answers).url == "/centre/"
    assert "下次" in words(browser.get("/centre/"))
    again = press(browser, link, do="schedule", **answers)
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    roll = "/centre/representatives/"
    answer = press(browser, roll, do="schedule", **chosen(browser.get(roll)))
    assert "不分期" in words(answer)


# --- a second person ------------------------------------------------------------


def limit(rows: int) -> None:
    """Have the city set from how many people on a second person is asked."""
    measured(yesterday(), approval_rows=rows)


def measured(since: dt.date, **numbers: int) -> None:
    """Have the city set other measures from a day on."""
    held = Measure.objects.get()
    names = [f.name for f in Measure._meta.fields if f.name not in {"id", "set_by"}]
    values = {name: getattr(held, name) for name in names}
    Measure.objects.create(**values | {"effective_from": since} | numbers)


def ask_many(by: Post, *, full: bool = True) -> Job | Approval:
    """Ask for the households' whole numbers."""
    wanted = exports.Request("households", {}, full, "办理补贴发放" if full else "")
    with at(by):
        return exports.ask(wanted, by=by, on=today(), token="once")


def requested(by: Post) -> Approval:
    """Ask for more whole numbers than are had without somebody else's word."""
    limit(30)
    asked = ask_many(by)
    assert isinstance(asked, Approval)
    return asked


def test_whole_numbers_of_many_wait_for_somebody_elses_word(
    cast: Cast, rolls: Rolls
) -> None:
    asked = requested(cast.secretary)
    assert ask_many(cast.secretary) == asked, "pressing twice asks once"
    assert (asked.rows, asked.reason) == (36, "办理补贴发放")
    assert isinstance(ask_many(cast.secretary, full=False), Job), "masked ones do not"
    with everywhere():
        assert {m.recipient for m in Message.objects.filter(kind="reports.approval_asked")} == {
            cast.township_lead.user, cast.city_lead.user,
        }  # fmt: skip
        line = AccessEntry.objects.get(subject__startswith="申请")
    assert "完整号码 36 行" in line.subject


def test_who_asks_is_told_by_name_whose_word_it_waits_for(
    cast: Cast, rolls: Rolls
) -> None:
    limit(30)
    names = (
        "township_lead先生（魏家桥镇 乡镇（街道）负责人）、"
        "city_lead先生（邵东市 市民政局负责人）"
    )
    browser = signed_in(cast.secretary)
    for url in ("/exports/new/?kind=households", "/centre/households/"):
        assert f"能批准的有：{names}" in words(browser.get(url)), url
    asked = ask_many(cast.secretary)
    assert isinstance(asked, Approval)
    page = words(browser.get(f"/centre/approvals/{asked.pk}/"))
    assert f"通知能批准的人：{names}" in page
    for who in (cast.township_lead, cast.city_lead):
        assert "有一份完整号码的导出等您批准" in words(signed_in(who).get("/inbox/"))


def test_where_nobody_could_approve_that_is_said_before_and_nothing_waits(
    cast: Cast, rolls: Rolls
) -> None:
    limit(30)
    url, browser = "/exports/new/?kind=households", signed_in(cast.city_lead)
    shown = words(browser.get(url))
    assert "现在没有人能批准" in shown
    assert "给另一位负责人开账号（市民政局负责人）" in shown
    order = {"token": str(uuid.uuid4()), "numbers": "full", "reason": "核对身份信息"}
    answer = browser.post(url, order)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "现在没有人能批准" in words(answer)
    assert "核对身份信息" in answer.content.decode(), "what was typed stays"
    with everywhere():
        assert not Approval.objects.exists()
        assert not Message.objects.filter(kind="reports.approval_asked").exists()


def test_an_archive_that_nobody_could_approve_is_not_asked_for(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.city_lead)
    assert "现在没有人能批准" in words(browser.get("/centre/archive/"))
    order = {"token": str(uuid.uuid4()), "township": str(TOWNSHIP), "reason": "迁移"}
    answer = browser.post("/centre/archive/", order)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "现在没有人能批准" in words(answer)
    assert not approvals_waiting()


def approvals_waiting() -> int:
    """Return how many requests wait for a word, wherever."""
    with everywhere():
        return Approval.objects.waiting().count()


@pytest.mark.parametrize("rows", [36, 1000])
def test_up_to_the_limit_nobody_is_asked(cast: Cast, rolls: Rolls, rows: int) -> None:
    limit(rows)
    assert isinstance(ask_many(cast.secretary), Job)


def test_an_approved_export_is_made_for_who_asked_in_his_range(
    cast: Cast, rolls: Rolls
) -> None:
    asked = requested(cast.secretary)
    browser = signed_in(cast.city_lead)
    assert "等您批准 1" in words(browser.get("/centre/"))
    url = f"/centre/approvals/{asked.pk}/"
    assert browser.post(url, {"do": "approve"}).status_code == 302
    held = only(Approval)
    assert (held.state, held.decided_by) == ("approved", cast.city_lead.user)
    with at(cast.secretary):
        assert perform(held.job_id) is State.DONE
        job = Job.objects.get(pk=held.job_id)
    assert job.arguments["result"]["rows"] == 36
    assert signed_in(cast.secretary).get(f"/exports/{job.pk}/file/").status_code == 200
    assert browser.get(f"/exports/{job.pk}/file/").status_code == 404
    with everywhere():
        message = Message.objects.get(kind="reports.approval_decided")
        logged = AccessEntry.objects.filter(subject__startswith="已批准")
        assert logged.get().user == cast.city_lead.user
    assert message.recipient == cast.secretary.user


def test_a_word_on_an_export_is_not_listed_among_the_urgings(
    cast: Cast, rolls: Rolls
) -> None:
    asked = requested(cast.secretary)
    lead = signed_in(cast.township_lead)
    lead.post(f"/centre/approvals/{asked.pk}/", {"do": "approve"})
    for who in (cast.township_staff, cast.city_staff):
        assert list(signed_in(who).get("/inbox/sent/").context["page"]) == []


def test_a_refusal_gives_its_reason_and_makes_no_file(cast: Cast, rolls: Rolls) -> None:
    asked = requested(cast.secretary)
    browser, url = signed_in(cast.township_lead), f"/centre/approvals/{asked.pk}/"
    answer = browser.post(url, {"do": "refuse", "answer": " "})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "请写明为什么不批准" in words(answer)
    browser.post(url, {"do": "refuse", "answer": "用隐去号码的就够"})
    held = only(Approval)
    assert (held.state, held.job) == (ApprovalState.REFUSED, None)
    again = browser.post(url, {"do": "approve"})
    assert "已经由别人处理" in words(again)
    with everywhere():
        assert not Job.objects.filter(kind=exports.KIND).exists()
        assert Message.objects.get(kind="reports.approval_decided").body == (
            "用隐去号码的就够"
        )
        assert AccessEntry.objects.filter(subject__startswith="没有批准").exists()


@pytest.mark.parametrize(("who", "status"), [
    ("secretary", 403), ("clerk", 403), ("township_staff", 403), ("other_lead", 404),
])  # fmt: skip
def test_nobody_else_decides_and_never_who_asked(
    cast: Cast, rolls: Rolls, who: str, status: int
) -> None:
    limit(30)
    asked = ask_many(cast.secretary)
    browser = signed_in(getattr(cast, who))
    answer = browser.post(f"/centre/approvals/{asked.pk}/", {"do": "approve"})
    assert answer.status_code == status
    assert only(Approval).state == ApprovalState.WAITING


def test_the_database_refuses_a_word_of_ones_own(cast: Cast, rolls: Rolls) -> None:
    limit(30)
    ask_many(cast.secretary)
    for spoil in (
        {"decided_by": cast.secretary.user, "decided_at": timezone.now()},
        {"state": "refused", "decided_by": cast.city_lead.user, "decided_at": timezone.now()},
        {"state": "approved"},
        {"reason": ""},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), everywhere(), transaction.atomic():
            Approval.objects.update(**spoil)


def test_rights_that_were_lost_meanwhile_are_asked_again(
    cast: Cast, rolls: Rolls
) -> None:
    asked = requested(cast.secretary)
    with everywhere():
        Post.objects.filter(pk=cast.secretary.pk).update(role="village_clerk")
    with at(cast.city_lead), pytest.raises(Refused, match="只能导出隐去号码"):
        approvals.approve(approval=asked, by=cast.city_lead)


def test_nothing_is_approved_for_somebody_who_has_left(
    cast: Cast, rolls: Rolls
) -> None:
    """Nobody could take the file: the worker would not even make it."""
    asked = requested(cast.secretary)
    with everywhere():
        Post.objects.filter(pk=cast.secretary.pk).update(
            ended_on=today(), ended_by=cast.city_lead.user
        )
    browser, url = signed_in(cast.city_lead), f"/centre/approvals/{asked.pk}/"
    answer = browser.post(url, {"do": "approve"})
    assert "已经不在" in words(answer)
    assert only(Approval).state == ApprovalState.WAITING
    browser.post(url, {"do": "refuse", "answer": "人已调走"})
    assert only(Approval).state == ApprovalState.REFUSED


# --- for other programs ---------------------------------------------------------


def test_the_interface_gives_the_summary_of_the_page(cast: Cast, rolls: Rolls) -> None:
    client = signed_in(cast.city_staff)
    page = client.get(f"/d/{CITY}/summary/?p={last_month().key}")
    data = client.get(f"/api/v1/summary/?p={last_month().key}").json()
    total = page.context["summary"].total
    assert data["total"]["households"] == total["households"] == 36
    assert [line["place"] for line in data["lines"]] == [
        line.place.code for line in page.context["lines"]
    ]
    for who, query, status in (
        (cast.other_lead, f"?place={TOWNSHIP}", 404), (cast.representative, "", 403),
        (cast.township_lead, f"?place={VILLAGE}", 200), (cast.clerk, "?place=x", 404),
    ):  # fmt: skip
        assert signed_in(who).get(f"/api/v1/summary/{query}").status_code == status


def test_a_program_asks_for_a_file_once_and_takes_it_back(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    client = signed_in(cast.secretary)
    order = {"token": str(uuid.uuid4()), "entry": "representatives"}
    first, second = (
        client.post("/api/v1/exports/", order, content_type="application/json")
        for _ in range(2)
    )
    assert (first.status_code, second.json()["id"]) == (201, first.json()["id"])
    own = f"/api/v1/exports/{first.json()['id']}/"
    assert client.get(own).json()["state"] == "queued"
    assert client.get("/api/v1/exports/").json()["count"] == 1
    assert signed_in(cast.clerk).get(own).status_code == 404
    assert client.delete(own).status_code == 204
    assert client.delete(own).status_code == 409


def test_another_order_under_a_used_token_is_another_file(
    cast: Cast, rolls: Rolls
) -> None:
    limit(1)
    client, token = signed_in(cast.secretary), str(uuid.uuid4())
    whole = {"entry": "households", "full": True, "reason": "核对身份信息"}
    orders = (
        {"entry": "representatives"},
        {"entry": "households"},
        whole,
        whole | {"reason": "补发"},
    )
    answers = [
        client.post(
            "/api/v1/exports/",
            {"token": token, **order},
            content_type="application/json",
        )
        for order in orders
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 202, 202]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    assert "联系户" in answers[1].json()["title"]
    with everywhere():
        reasons = Approval.objects.values_list("reason", flat=True)
        assert set(reasons) == {"核对身份信息", "补发"}


def test_a_ledger_without_numbers_has_no_whole_ones_to_wait_for(
    cast: Cast, rolls: Rolls
) -> None:
    """A program that asks for whole numbers wherever there are some."""
    limit(1)
    for who in (cast.clerk, cast.secretary):
        order = {"token": str(uuid.uuid4()), "entry": "summary-month"}
        answer = signed_in(who).post(
            "/api/v1/exports/",
            order | {"full": True, "reason": "核对"},
            content_type="application/json",
        )
        assert answer.status_code == 201, answer.json()


@pytest.mark.parametrize(("who", "change", "status"), [
    ("clerk", {"full": True, "reason": "想要"}, 409), ("clerk", {"entry": "nothing"}, 404),
    ("secretary", {"entry": "bulletin-month"}, 403), ("clerk", {"form": "docx"}, 409),
    ("clerk", {"token": "1"}, 400), ("secretary", {"full": True, "reason": "核对"}, 202),
])  # fmt: skip
def test_a_program_is_refused_what_the_page_refuses(
    cast: Cast, rolls: Rolls, who: str, change: dict[str, Any], status: int
) -> None:
    limit(30)
    order = {"token": str(uuid.uuid4()), "entry": "households"} | change
    client = signed_in(getattr(cast, who))
    answer = client.post("/api/v1/exports/", order, content_type="application/json")
    assert answer.status_code == status
