"""恳谈会台账（以前的）: talk meetings of before the system, a row each."""

import datetime as dt
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import RowChange
from accounts.permissions import Permission
from regions.models import Region
from representatives.models import Mandate, Representative
from sentiment import duties
from sentiment.meeting_ledgers import TalkLedger
from sentiment.models import Issue, MeetingDuty, TalkMeeting, TalkPresence
from sentiment.services import talks as services
from tests.cast import VILLAGE, Cast, at, everywhere, signed_in
from tests.days import dated, days_ago, today, tomorrow
from tests.rolls import Rolls, long_ago, set_up_other, text_of
from tests.sentiment.meetings import as_representative, new_id, talk_of
from tests.workbooks import desk
from tests.workbooks.desk import counts, hand_in, refusals, roll
from visits import rules
from workbooks.models import RowVerdict, Stage, Upload

uploads = desk.uploads
TITLES = (
    *("乡镇", "村", "召集代表", "小组", "形式", "时间", "地点", "记录人", "议题"),
    *("现场答复", "到会人数", "备注"),
)


@pytest.fixture(autouse=True)
def handed_in_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file be read today: mandates and meetings are counted from there."""
    monkeypatch.setattr(desk, "TODAY", today())


def row(name: str = "张顺民", **cells: object) -> list[object]:
    """Return a row of TITLES: 张顺民 met his people forty days ago."""
    given = {
        "村": "长冲口村", "召集代表": name, "时间": days_ago(40),
        "地点": "申家院子", "议题": "冬季用水",
    }  # fmt: skip
    return [(given | dated(cells)).get(title, "") for title in TITLES]


def bring(cast: Cast, *rows: list[object]) -> Upload:
    return desk.bring_in("talks", roll(TITLES, *rows), cast.township_staff)


def previewed(cast: Cast, *rows: list[object]) -> Upload:
    return hand_in("talks", roll(TITLES, *rows), cast.township_staff)


def problem(upload: Upload) -> dict[str, Any]:
    """Return what is said of the one row that is refused."""
    with everywhere():
        [row] = RowVerdict.objects.filter(upload=upload, verdict="refused")
    [found] = row.problems
    return dict(found)


def meetings() -> list[TalkMeeting]:
    with everywhere():
        return list(TalkMeeting.objects.order_by("held_on"))


def test_a_row_becomes_a_meeting_of_its_convener(cast: Cast, rolls: Rolls) -> None:
    full = row(
        乡镇="魏家桥镇", 小组="1组", 形式="屋场恳谈会", 记录人="李红英",
        现场答复="水管下周来修", 到会人数=18, 备注="晚上开的",
    )  # fmt: skip
    assert counts(bring(cast, full, row("李红英"))) == (2, 0, 0, 0)
    with everywhere():
        talk = TalkMeeting.objects.get(representative=rolls.people["张顺民"])
        plain = TalkMeeting.objects.get(representative=rolls.people["李红英"])
        assert not Issue.objects.exists()
        assert not TalkPresence.objects.exists()
        line = RowChange.objects.get(table=talk._meta.db_table, row=str(talk.pk))
    assert (talk.region_id, talk.kind, talk.held_on) == (VILLAGE, "yard", days_ago(40))
    assert (talk.place, talk.topics) == ("申家院子", "冬季用水")
    assert (talk.recorder, talk.replies) == ("李红英", "水管下周来修")
    assert (talk.others_present, talk.on_behalf) == (18, True)
    assert talk.entered_by_id == line.user == cast.township_staff.user_id
    assert (plain.kind, plain.others_present, plain.replies) == ("talk", 0, "")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("", "talk"), ("村民恳谈会", "talk"), ("屋场会", "yard"), ("院子会", "court"),
        ("板凳会", "bench"), ("夜谈会", "evening"),
    ],
)  # fmt: skip
def test_each_kind_is_known_by_its_names(
    cast: Cast, rolls: Rolls, written: str, kind: str
) -> None:
    bring(cast, row(形式=written))
    assert [talk.kind for talk in meetings()] == [kind]


def before_his_mandate() -> dt.date:
    return days_ago(301)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"村": "没有这个村"}, "unknown_village"),
        ({"乡镇": "界岭镇"}, "unknown_village"),
        ({"召集代表": "没有这人"}, "unknown_person"),
        ({"召集代表": ""}, "missing_representative"),
        ({"形式": "运动会"}, "unknown_kind"),
        ({"时间": tomorrow}, "future_date"),
        ({"时间": before_his_mandate}, "not_serving"),
        ({"时间": "三月"}, "not_a_date"),
        ({"地点": ""}, "missing_place"),
        ({"议题": ""}, "missing_topics"),
        ({"议题": "水" * 301}, "too_long"),
        ({"到会人数": "很多"}, "others_present_not_a_number"),
    ],
)
def test_what_cannot_have_been_is_refused(
    cast: Cast, rolls: Rolls, cells: dict[str, Any], code: str
) -> None:
    upload = previewed(cast, row(**cells))
    assert list(refusals(upload).values()) == [{code}]


def test_the_day_before_the_mandate_is_named_with_its_days(
    cast: Cast, rolls: Rolls
) -> None:
    assert counts(previewed(cast, row(时间=long_ago()))) == (1, 0, 0, 0)
    said = problem(previewed(cast, row(时间=before_his_mandate())))
    assert said["message"] == f"张顺民 {before_his_mandate()} 不在任"
    assert f"{long_ago()} 至 {rolls.term_ends_on}" in said["hint"]


def test_after_a_mandate_has_ended_there_is_no_meeting(
    cast: Cast, rolls: Rolls
) -> None:
    with everywhere():
        Mandate.objects.filter(pk=rolls.mandates["张顺民"].pk).update(
            ended_on=days_ago(40), end_cause="resigned"
        )
    assert refusals(previewed(cast, row())) == {2: {"not_serving"}}
    before = row(时间=days_ago(41))
    assert counts(previewed(cast, before)) == (1, 0, 0, 0)


def a_namesake(rolls: Rolls, group: int, since: Any = long_ago) -> Representative:
    """Let another 张顺民 serve in a group of the village."""
    with everywhere():
        other = Representative.objects.create(
            region=rolls.village, name="张顺民", sex="m", group=rolls.groups[group]
        )
        Mandate.objects.create(
            region=rolls.village, representative=other, seat=rolls.seats[3, 2],
            mode="households", started_on=since(), until=rolls.term_ends_on,
        )  # fmt: skip
    return other


def test_of_one_name_the_group_says_who_it_was(cast: Cast, rolls: Rolls) -> None:
    other = a_namesake(rolls, 3)
    assert refusals(previewed(cast, row())) == {2: {"ambiguous_person"}}
    assert "请填小组" in problem(previewed(cast, row()))["hint"]
    assert counts(bring(cast, row(小组="3组"))) == (1, 0, 0, 0)
    assert [talk.representative_id for talk in meetings()] == [other.pk]


def test_of_one_name_whoever_served_that_day_is_meant(cast: Cast, rolls: Rolls) -> None:
    a_namesake(rolls, 3, today)
    bring(cast, row())
    assert [talk.representative_id for talk in meetings()] == [
        rolls.people["张顺民"].pk
    ]


def test_another_townships_village_is_unknown(cast: Cast, rolls: Rolls) -> None:
    other = set_up_other()
    upload = previewed(cast, row(村=other.village.name))
    assert refusals(upload) == {2: {"unknown_village"}}


def test_two_rows_of_one_day_are_one_too_many(cast: Cast, rolls: Rolls) -> None:
    upload = previewed(cast, row(), row(地点="村部"), row("李红英"))
    assert counts(upload) == (2, 0, 0, 1)
    assert refusals(upload) == {3: {"twice_in_file"}}
    assert problem(upload)["message"] == "和第 2 行是同一位代表同一天的会"


# --- what is kept already ---------------------------------------------------------------


def test_the_same_ledger_again_adds_nothing(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row(形式="屋场会", 到会人数=18, 现场答复="回电13800036893"))
    again = row(形式="屋场会", 到会人数=18, 现场答复="回电138****6893")
    assert counts(bring(cast, again, row("李红英"))) == (1, 0, 1, 0)
    assert counts(previewed(cast, row())) == (0, 0, 1, 0), "a blank contradicts nothing"


@pytest.mark.parametrize(
    ("cells", "titles"),
    [
        ({"地点": "村部"}, "地点"),
        ({"议题": "修路"}, "议题"),
        ({"形式": "板凳会"}, "形式"),
        ({"到会人数": 5, "记录人": "李红英"}, "记录人、到会人数"),
    ],
)
def test_another_record_of_the_same_day_is_refused_by_what_differs(
    cast: Cast, rolls: Rolls, cells: dict[str, object], titles: str
) -> None:
    bring(cast, row())
    upload = previewed(cast, row(**cells))
    assert refusals(upload) == {2: {"held_differently"}}
    assert f"{titles}和这一行不一样" in problem(upload)["message"]


def test_a_meeting_that_was_noted_in_the_system_is_the_same(
    cast: Cast, rolls: Rolls
) -> None:
    noted = talk_of(rolls, held_on=days_ago(40), opinions=())
    with at(cast.clerk):
        services.hold(talk_id=new_id(), content=noted, by=cast.clerk)
    assert counts(previewed(cast, row())) == (0, 0, 1, 0)


def test_what_was_withdrawn_does_not_come_back(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row())
    with at(cast.clerk):
        talk = TalkMeeting.objects.get()
        services.withdraw(talk=talk, reason="没有开", by=cast.clerk)
    assert refusals(previewed(cast, row())) == {2: {"withdrawn_before"}}
    assert counts(previewed(cast, row(地点="村部"))) == (1, 0, 0, 0)


def test_what_goes_out_comes_in_as_the_same(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row(现场答复="回电13800036893\n下周修", 到会人数=18), row("李红英"))
    with at(cast.township_staff):
        ledger = TalkLedger(Region.objects.get(pk=VILLAGE))
        keys = ledger.keys({}, "", today())
        lines = ledger.rows(keys, today(), Counter(), full=False)
    content = roll([column.title for column in ledger.columns], *lines)
    upload = hand_in("talks", content, cast.township_staff)
    assert counts(upload) == (0, 0, 2, 0)


# --- what it means ----------------------------------------------------------------------


def test_the_duty_of_the_quarter_moves_with_the_import(
    cast: Cast, rolls: Rolls
) -> None:
    person = rolls.people["张顺民"]

    def duty() -> Any:
        with at(cast.clerk):
            return duties.talk_duties(today()).get(representative=person)

    before = duty()
    bring(cast, row(时间=today()))
    after = duty()
    with at(cast.clerk):
        facts = duties.talk_facts([person.pk])[person.pk]
    assert before.state in duties.OPEN_STATES
    assert (after.state, after.last_on) == (duties.State.MET, today())
    assert after.due_on == rules.due_on(facts, today()) > before.due_on
    shown = text_of(signed_in(cast.clerk).get("/talks/"))
    assert f"张顺民 已开 {today()}" in shown


def test_its_page_and_paper_show_what_the_row_said(cast: Cast, rolls: Rolls) -> None:
    bring(cast, row(形式="屋场会", 到会人数=18))
    [talk] = meetings()
    browser = signed_in(cast.clerk)
    shown = text_of(browser.get(talk.get_absolute_url()))
    assert "到会 18 人" in shown
    assert "township_staff先生代录" in shown
    assert "没有记下意见" in shown
    paper = browser.get(f"{talk.get_absolute_url()}paper/")
    assert "屋场会记录" in paper.content.decode()
    assert "参会人员 群众 18 人" in text_of(paper)


def test_what_the_row_did_not_say_of_who_came_is_unknown_and_not_nobody(
    cast: Cast, rolls: Rolls
) -> None:
    """Whoever notes a meeting here says who came: without any number it was imported."""
    bring(cast, row())
    [talk] = meetings()
    browser = signed_in(as_representative(cast.representative, rolls))
    for url in (talk.get_absolute_url(), "/talks/"):
        assert "0 户" not in text_of(browser.get(url))
    assert "到会 —" in text_of(browser.get(talk.get_absolute_url()))
    board = signed_in(cast.clerk).get("/talks/")
    assert '<td class="num" data-label="到会（户）">—</td>' in board.content.decode()
    with at(cast.township_staff):
        ledger, totals = TalkLedger(Region.objects.get(pk=VILLAGE)), Counter[str]()
        [line] = ledger.rows([talk.pk], today(), totals, full=False)
    cells = dict(zip((one.key for one in ledger.columns), line, strict=True))
    assert (cells["homes"], cells["others"]) == (None, None)


# --- who, how much, and back ------------------------------------------------------------


@pytest.mark.parametrize("role", ["city_staff", "representative", "auditor"])
def test_without_the_right_there_is_no_import(
    cast: Cast, rolls: Rolls, role: str, tmp_path: Path
) -> None:
    post = getattr(cast, role)
    assert not post.may(Permission.WORKBOOK_IMPORT)
    assert desk.send(signed_in(post), "talks", roll(TITLES, row())).status_code == 403
    file = tmp_path / "会议.csv"
    file.write_bytes(roll(TITLES, row()))
    with pytest.raises(CommandError, match="不能导入"):
        call_command("import_ledger", "talks", str(file), "--as", post.user.username)
    assert meetings() == []


def test_the_command_line_takes_the_same_file(
    cast: Cast, rolls: Rolls, tmp_path: Path
) -> None:
    file, out = tmp_path / "会议.csv", io.StringIO()
    file.write_bytes(roll(TITLES, row(), row(村="没有村")))
    call_command(
        "import_ledger", "talks", str(file), "--as", "clerk", "--apply", stdout=out
    )
    answer = json.loads(out.getvalue())
    assert (answer["created"], answer["refused"]) == (1, 1)
    assert len(meetings()) == 1


def test_the_wizard_offers_it_to_whoever_imports(cast: Cast) -> None:
    shown = text_of(signed_in(cast.township_staff).get("/imports/new/"))
    assert "恳谈会台账（以前的）" in shown
    assert "民情分析会记录（以前的）" in shown


def test_the_statements_do_not_grow_with_the_rows(cast: Cast, rolls: Rolls) -> None:
    def asked(name: str, size: int) -> int:
        days = (days_ago(n + 1) for n in range(size))
        rows = [row(name, 时间=day) for day in days]
        upload = previewed(cast, *rows)
        with CaptureQueriesContext(connection) as seen:
            done = desk.work_on(desk.confirm(upload, cast.township_staff))
        assert counts(done) == (size, 0, 0, 0)
        return len(seen)

    bring(cast, row())
    assert asked("李红英", 3) == asked("申秋云", 60)


def test_an_import_is_taken_back_whole(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        before = list(MeetingDuty.objects.order_by("pk").values())
    upload = bring(cast, row(), row("李红英", 时间=today()))
    undone = desk.take_back(upload, cast.township_staff)
    assert undone.stage == Stage.UNDONE
    assert meetings() == []
    with at(cast.clerk):
        assert list(MeetingDuty.objects.order_by("pk").values()) == before
    assert counts(bring(cast, row())) == (1, 0, 0, 0)


def withdrawn(cast: Cast, rolls: Rolls, talk: TalkMeeting) -> None:
    services.withdraw(talk=talk, reason="没有开", by=cast.clerk)


def opinion_added(cast: Cast, rolls: Rolls, talk: TalkMeeting) -> None:
    opinions = talk_of(rolls).opinions
    services.hear(talk=talk, opinions=opinions, by=cast.clerk)


def household_seated(cast: Cast, rolls: Rolls, talk: TalkMeeting) -> None:
    content = talk_of(rolls, held_on=talk.held_on, opinions=())
    services.amend(talk=talk, content=content, version=1, by=cast.clerk)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (withdrawn, "修改过"),
        (opinion_added, "用到了这次导入的“恳谈会”"),
        (household_seated, "用到了这次导入的“恳谈会”"),
    ],
)
def test_what_was_built_on_a_meeting_forbids_the_undo(
    cast: Cast, rolls: Rolls, later: Any, words: str
) -> None:
    upload = bring(cast, row(), row("李红英"))
    with at(cast.clerk):
        talk = TalkMeeting.objects.get(representative=rolls.people["张顺民"])
        later(cast, rolls, talk)
    stays = desk.take_back(upload, cast.township_staff)
    assert stays.stage != Stage.UNDONE
    assert words in str(stays.facts["blockers"])
    assert len(meetings()) == 2
