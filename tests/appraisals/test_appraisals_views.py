"""An appraisal in the browser: from the draft to the notice, who sees what, what is refused."""

import pytest
from django.test import Client

from appraisals.models import Appraisal, AppraisalResult, AppraisalVote
from appraisals.rules.steps import Stage
from notices.models import PublicNotice
from tests.appraisals.appraising import (
    BAD,
    begun,
    confirmed,
    convened,
    filed,
    fresh,
    new_year,
    noticed,
    submitted,
    voted,
)
from tests.cast import Cast, at, signed_in
from tests.days import in_days, this_year, today
from tests.rolls import Rolls, set_up_sibling, statements, text_of
from tests.sentiment.meetings import as_representative


def sheet(row: Appraisal, **cells: object) -> dict[str, object]:
    """Return the form of one body's tickets: 优秀 is left empty, all are good."""
    given = {"version": row.version, "present": 12, "issued": 10, "returned": 10}
    for one in row.results.all():
        given |= {
            f"{c}_{one.pk}": "" for c in ("excellent", "competent", "basic", "poor")
        }
    return given | cells


def posted(browser: Client, row: Appraisal, step: str, **data: object) -> int:
    """Send a step's form; return the status."""
    return browser.post(f"/appraisals/{row.pk}/{step}/", data).status_code


def test_a_draft_of_the_wrong_year_is_taken_back_and_begun_anew(
    cast: Cast, rolls: Rolls
) -> None:
    browser = signed_in(cast.secretary)
    made = browser.post("/appraisals/begin/", {"year": this_year()})
    page = made.headers["Location"]
    assert "撤销草稿" in text_of(browser.get(page))
    gone = browser.post(f"{page}discard/", follow=True)
    assert "可以重新发起" in text_of(gone)
    assert browser.get(page).status_code == 404
    again = browser.post("/appraisals/begin/", {"year": this_year()})
    assert posted_in(browser, again.headers["Location"], "arrange") == 302
    late = browser.post(f"{again.headers['Location']}discard/", follow=True)
    assert "不能改“草拟”的内容" in text_of(late)


def posted_in(browser: Client, page: str, step: str) -> int:
    """Convene the meeting of an appraisal for today; return the status."""
    when = {
        "version": 1,
        "met_on": today(),
        "counts_until": new_year(),
        "place": "村部",
        "chair": "申主任",
    }
    return browser.post(f"{page}{step}/", when).status_code


def test_lines_of_tickets_that_say_nothing_are_entered_as_they_are(
    cast: Cast, rolls: Rolls
) -> None:
    """As printed on the ticket: a line with no tick, or with several, is invalid."""
    with at(cast.secretary):
        row = convened(cast.secretary)
        first = row.results.order_by("pk")[0]
        cells = sheet(row) | {f"invalid_{first.pk}": 2}
    browser = signed_in(cast.secretary)
    assert posted(browser, row, "tickets/peers", **cells) == 302
    with at(cast.secretary):
        vote = AppraisalVote.objects.get(result=first)
        assert (vote.votes.excellent, vote.votes.invalid) == (8, 2)
        others = AppraisalVote.objects.exclude(result=first)
        assert {one.votes.invalid for one in others} == {0}
        version = fresh(row).version
        eleven = {f"excellent_{first.pk}": 9, f"invalid_{first.pk}": 2}
        again = sheet(row, version=version) | eleven
    page = browser.get(f"/appraisals/{row.pk}/tickets/peers/")
    assert page.context["form"][f"invalid_{first.pk}"].value() == 2
    assert posted(browser, row, "tickets/peers", **again) == 422


def test_the_village_takes_it_from_the_draft_to_the_notice(
    cast: Cast, rolls: Rolls
) -> None:
    """Every step by its own page, as the secretary does it."""
    browser = signed_in(cast.secretary)
    assert "发起评议" in text_of(browser.get("/appraisals/"))
    made = browser.post("/appraisals/begin/", {"year": this_year()})
    with at(cast.secretary):
        row = Appraisal.objects.get()
    assert made.headers["Location"] == f"/appraisals/{row.pk}/"
    assert "定评议会" in text_of(browser.get(f"/appraisals/{row.pk}/"))
    when = {
        "met_on": today(),
        "counts_until": new_year(),
        "place": "村部",
        "chair": "申主任",
    }
    assert posted(browser, row, "arrange", version=row.version, **when) == 302
    for body in ("peers", "villagers", "party"):
        with at(cast.secretary):
            row = fresh(row)
            cells = sheet(row)
        assert "录入" in text_of(browser.get(f"/appraisals/{row.pk}/"))
        assert posted(browser, row, f"tickets/{body}", **cells) == 302
    with at(cast.secretary):
        row = fresh(row)
        people = list(row.results.select_related("representative"))
        votes = {vote.votes.excellent for vote in AppraisalVote.objects.all()}
    assert votes == {10}, "an empty cell is what is left of those returned"
    own = {f"grade_{one.pk}": "excellent" for one in people}
    assert posted(browser, row, "self", version=row.version, **own) == 302
    minutes = {"version": row.version + 1, "minutes": "书记述职，逐人评议。"}
    assert posted(browser, row, "close", **minutes) == 302
    page = text_of(browser.get(f"/appraisals/{row.pk}/grades/"))
    assert "最多 1 名" in page
    too_many = {f"grade_{one.pk}": "excellent" for one in people}
    version = row.version + 2
    answer = browser.post(
        f"/appraisals/{row.pk}/grades/", {"version": version, **too_many}
    )
    assert answer.status_code == 422
    assert "评了 4 名优秀，超过了比例" in text_of(answer)
    best = people[0]
    right = {f"grade_{one.pk}": "competent" for one in people}
    right |= {f"grade_{best.pk}": "excellent"}
    assert posted(browser, row, "grades", version=version, **right) == 302
    assert posted(browser, row, "confirm", version=version + 1) == 302
    terms = {"contact_name": "申主任", "contact_phone": "0739-2721234"}
    days = {"first_day": today(), "last_day": in_days(30)}
    assert posted(browser, row, "notice", **terms, **days) == 302
    with at(cast.secretary):
        row = fresh(row)
        assert row.at is Stage.NOTICE
        notice = PublicNotice.objects.get()
    assert notice.content.rows == (("1", best.representative.name, "1 组"),)
    said = " ".join(text for _, text in notice.content.places())
    assert "100" not in said, "no scores on the wall"


def test_a_wrong_ticket_is_told_beside_its_field_and_nothing_is_lost(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        row = convened(cast.clerk)
        one = row.results.get(representative__name="张顺民")
        cells = sheet(row, **{f"excellent_{one.pk}": 3, f"poor_{one.pk}": 4})
    answer = signed_in(cast.clerk).post(f"/appraisals/{row.pk}/tickets/peers/", cells)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "收回的是 10 张，少 3 张" in page
    assert f'name="poor_{one.pk}" value="4"' in page


def test_of_two_who_act_at_once_the_second_is_told(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        row = convened(cast.clerk)
        cells = sheet(row)
    browser = signed_in(cast.secretary)
    assert posted(browser, row, "tickets/peers", **cells) == 302
    answer = browser.post(f"/appraisals/{row.pk}/tickets/party/", cells)
    assert answer.status_code == 409
    assert "别人刚办过一步" in text_of(answer)


def test_names_stand_in_the_order_of_the_roll_never_of_the_scores(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = submitted(cast.secretary, {"李红英": BAD})
    page = text_of(signed_in(cast.secretary).get(f"/appraisals/{row.pk}/"))
    at_ = [page.index(name) for name in ("李红英", "张顺民", "申秋云", "周静霞")]
    assert at_ == sorted(at_)


def test_the_township_sees_what_is_missing_and_files(cast: Cast, rolls: Rolls) -> None:
    set_up_sibling()
    with at(cast.secretary):
        row = confirmed(cast.secretary)
    browser = signed_in(cast.township_staff)
    rows = browser.get("/appraisals/?state=missing").context["rows"]
    assert [one.village.code for one in rows] == [cast.sibling_secretary.region_id]
    assert [
        one.row for one in browser.get("/appraisals/?state=mine").context["rows"]
    ] == [row]
    assert "办理备案" in text_of(browser.get(f"/appraisals/{row.pk}/"))
    assert posted(browser, row, "file", version=row.version) == 302
    assert browser.get("/appraisals/?state=done").context["rows"][0].row == row
    city = signed_in(cast.city_lead).get("/appraisals/").context
    assert [
        (one.place.name, one.counts["done"], one.counts["missing"])
        for one in city["townships"]
    ] == [("魏家桥镇", 1, 1)]


def test_the_townships_return_shows_its_reason_to_the_village(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = confirmed(cast.secretary)
    reason = {"version": row.version, "reason": "群众票数和签到表对不上"}
    assert posted(signed_in(cast.township_lead), row, "return", **reason) == 302
    page = signed_in(cast.clerk).get(f"/appraisals/{row.pk}/")
    assert "群众票数和签到表对不上" in text_of(page)


def test_a_representative_sees_his_own_confirmed_result_alone(
    cast: Cast, rolls: Rolls
) -> None:
    post = as_representative(cast.representative, rolls)
    browser = signed_in(post)
    assert "还没有您的评议结果" in text_of(browser.get("/appraisals/own/"))
    with at(cast.secretary):
        submitted(cast.secretary)
    assert "还没有您的评议结果" in text_of(browser.get("/appraisals/own/"))
    with at(cast.secretary):
        row = Appraisal.objects.get()
    assert browser.get(f"/appraisals/{row.pk}/").status_code == 403
    with at(post):
        names = AppraisalResult.objects.values_list("representative__name", flat=True)
        assert list(names) == ["张顺民"]
        assert not AppraisalVote.objects.exists()


def test_his_own_page_says_parts_grade_and_honour(cast: Cast, rolls: Rolls) -> None:
    filed(cast.secretary, cast.township_staff, "张顺民")
    post = as_representative(cast.representative, rolls)
    page = text_of(signed_in(post).get("/appraisals/own/"))
    assert f"{this_year()} 年" in page
    assert "优秀" in page
    assert "代表互评" in page
    assert "李红英" not in page


def test_the_basis_lists_the_rows_behind_each_figure(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = voted(cast.secretary, until=today())
        one = row.results.get(representative__name="李红英")
    page = signed_in(cast.secretary).get(f"/appraisals/results/{one.pk}/")
    for basis in page.context["basis"]:
        assert len(basis.rows) == basis.due
        assert sum(row.done_on is not None for row in basis.rows) == basis.done


@pytest.mark.parametrize("slug", ["tickets", "minutes", "table"])
def test_papers_print_and_are_handed_out_as_docx(
    cast: Cast, rolls: Rolls, slug: str
) -> None:
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
    browser = signed_in(cast.township_staff)
    url = f"/appraisals/{row.pk}/paper/{slug}/"
    assert "张顺民" in browser.get(url).content.decode() or slug == "minutes"
    assert browser.get(f"{url}?format=docx").content.startswith(b"PK")
    assert browser.get(f"/appraisals/{row.pk}/paper/nothing/").status_code == 404


def test_lists_take_a_fixed_number_of_statements(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    before = statements(browser, "/appraisals/")
    set_up_sibling()
    with at(cast.sibling_secretary):
        begun(cast.sibling_secretary)
    assert statements(browser, "/appraisals/") <= before
    assert statements(browser, "/appraisals/") <= 30


def test_the_city_sets_a_new_edition_of_the_plan(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.city_staff)
    form = browser.get("/appraisals/plans/new/").context["form"]
    given = {name: form[name].value() for name in form.fields}
    given["effective_from"] = today().isoformat()
    wrong = browser.post("/appraisals/plans/new/", given | {"w_self": 50})
    assert wrong.status_code == 422
    assert "要正好 100" in text_of(wrong)
    made = browser.post("/appraisals/plans/new/", given | {"share": "20"})
    assert made.status_code == 302
    assert "20%" in text_of(browser.get("/appraisals/plans/"))


def test_the_persons_page_has_a_line_of_his_grades(cast: Cast, rolls: Rolls) -> None:
    filed(cast.secretary, cast.township_staff, "张顺民")
    person = rolls.people["张顺民"]
    browser = signed_in(cast.township_staff)
    assert (
        f"/appraisals/of/{person.pk}/"
        in browser.get(f"/representatives/{person.pk}/").content.decode()
    )
    assert "优秀" in text_of(browser.get(f"/appraisals/of/{person.pk}/"))


def test_the_api_files_as_the_page_does(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = confirmed(cast.secretary)
    browser = signed_in(cast.township_staff)
    url = f"/api/v1/appraisals/{row.pk}/"
    told = browser.get(url).json()
    assert [one["grade"] for one in told["results"]] == ["competent"] * 4
    stale = browser.post(f"{url}file/", {"version": 1}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    now = {"version": told["version"]}
    done = browser.post(f"{url}file/", now, content_type="application/json")
    assert (done.status_code, done.json()["stage"]) == (200, "done")
    assert browser.get("/api/v1/honours/").json()["results"] == []


def test_the_summary_of_a_township_prints_in_administrative_order(
    cast: Cast, rolls: Rolls
) -> None:
    set_up_sibling()
    filed(cast.secretary, cast.township_staff, "张顺民")
    browser = signed_in(cast.township_staff)
    url = f"/appraisals/in/{cast.township_staff.region_id}/paper/"
    page = browser.get(url).content.decode()
    assert "优秀村（居）民代表汇总表" in page
    assert page.index("还没评议") < page.index("长冲口村<") < page.index("合计")
    assert browser.get(f"{url}?format=docx").content.startswith(b"PK")


def test_another_year_stays_at_the_place_and_state(cast: Cast, rolls: Rolls) -> None:
    place = rolls.village.full_name
    asked = {"place": place, "state": "missing", "year": this_year()}
    browser = signed_in(cast.city_staff)
    page = browser.get("/appraisals/", asked)
    before = next(one for one in page.context["years"] if not one.current)
    other = browser.get(f"/appraisals/{before.url}").context
    assert (other["place"].full_name, other["state"]) == (place, "missing")
    assert other["year"] != this_year()
