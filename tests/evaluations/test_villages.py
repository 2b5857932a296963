"""评村: computed points with their lists, at most thirty by hand, quota, notice, filing."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import DatabaseError, transaction

from accounts.services import Refused
from evaluations import telling
from evaluations.announcing import village_announcement
from evaluations.counting import COUNTS, counts_of, evidence_url
from evaluations.ledgers import VillageLedger
from evaluations.models import Scheme, SchemeItem, SchemeTier, VillageRating
from evaluations.rules.schemes import Scope
from evaluations.rules.villages import Count
from evaluations.services import schemes
from evaluations.services import villages as services
from evaluations.village_trials import villages_tried
from inbox.models import Message
from notices import services as notices
from notices.models import PublicNotice
from regions.models import Region
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, signed_in
from tests.days import today
from tests.evaluations import stage
from tests.funding.stage import scan
from tests.rolls import Rolls, statements, text_of


@pytest.fixture(scope="module")
def edition(cast: Cast) -> Scheme:
    """Return the city's edition for villages, in force."""
    return stage.in_force(cast, Scope.VILLAGE)


@pytest.fixture(scope="module")
def row(cast: Cast, rolls: Rolls, edition: Scheme) -> VillageRating:
    """Return our village's rating of this year, begun with all of its township."""
    with at(cast.township_staff):
        villages = list(Region.objects.villages().filter(parent_id=TOWNSHIP))
        made = services.begin(
            year=today().year,
            villages=villages,
            on=today(),
            by=cast.township_staff,
        )
        assert made == len(villages)
        return VillageRating.objects.get(region=VILLAGE)


def mark(cast: Cast, row: VillageRating, points: str, words: str = "会议记录") -> None:
    """Give points for the first item by hand."""
    item = SchemeItem.objects.filter(category__scheme=row.scheme, measure="").first()
    assert item is not None
    services.mark(
        rating=row,
        item=item,
        points=Decimal(points),
        words=words,
        by=cast.township_staff,
    )


def test_measures_count_what_the_rolls_say_and_name_their_lists(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.township_staff):
        found = counts_of(rolls.village, today().year, today())
        assert (found["coverage"].part, found["coverage"].whole) == (34, 36)
        assert (found["vacancies"].part, found["vacancies"].whole) == (4, 5)
        assert found["reviews"].part == 0
        browser = signed_in(cast.township_staff)
    for measure in COUNTS:
        page = browser.get(evidence_url(measure, rolls.village))
        assert page.status_code == HTTPStatus.OK, measure


def test_points_by_hand_stay_within_their_item_and_say_why(
    cast: Cast, row: VillageRating
) -> None:
    with at(cast.township_staff):
        with pytest.raises(Refused, match="最多 8 分"):
            mark(cast, row, "8.5")
        with pytest.raises(Refused, match="写明"):
            mark(cast, row, "5", " ")
        mark(cast, row, "5")
        mark(cast, row, "6")
        assert row.manual.get().points == 6
        computed = SchemeItem.objects.exclude(measure="").first()
        assert computed is not None
        with pytest.raises(Refused, match="由系统计算"):
            services.mark(
                rating=row,
                item=computed,
                points=Decimal(1),
                words="好",
                by=cast.township_staff,
            )


def test_points_by_hand_lead_to_their_file_and_say_who_gave_them(
    cast: Cast, row: VillageRating
) -> None:
    item = manual_item(row)
    with at(cast.township_staff):
        services.mark(
            rating=row, item=item, points=Decimal(6), words="四次会议记录",
            by=cast.township_staff, evidence=[scan("会议记录.pdf")],
        )  # fmt: skip
    page = signed_in(cast.township_staff).get(row.get_absolute_url())
    address = f"/village-ratings/{row.pk}/evidence/{item.pk}/"
    assert "四次会议记录" in page.content.decode()
    assert address in page.content.decode()
    assert signed_in(cast.secretary).get(address).status_code == HTTPStatus.OK
    assert signed_in(cast.sibling_secretary).get(address).status_code == 404
    with at(cast.township_staff):
        done = services.confirm(
            rating=row, remark="", on=today(), by=cast.township_staff
        )
    [line] = [one for one in done.lines if one["words"] == item.words]
    assert (line["said"], line["file"]) == ("四次会议记录", address)
    assert line["by"] == cast.township_staff.user.name


def manual_item(row: VillageRating) -> SchemeItem:
    """Return the first item that the township marks."""
    found = SchemeItem.objects.filter(category__scheme=row.scheme, measure="")
    return found.select_related("category").order_by("pk")[0]


def test_the_database_freezes_points_once_a_village_is_graded(
    cast: Cast, row: VillageRating
) -> None:
    with at(cast.township_staff):
        mark(cast, row, "6")
        done = services.confirm(
            rating=row, remark="", on=today(), by=cast.township_staff
        )
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            VillageRating.objects.filter(pk=done.pk).update(total=100)
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            row.manual.update(points=8)
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            row.manual.all().delete()


def test_programs_mark_confirm_and_file_a_village(
    cast: Cast, row: VillageRating
) -> None:
    api, address = signed_in(cast.township_staff), f"/api/v1/village-ratings/{row.pk}/"
    item = manual_item(row)
    sent = {"item": item.pk, "points": "9.0", "words": "会议记录"}
    refused = api.post(f"{address}marks/", sent, "application/json")
    assert (refused.status_code, "最多 8 分" in refused.json()["message"]) == (
        422,
        True,
    )
    sent["points"] = "6.5"
    marked = api.post(f"{address}marks/", sent, "application/json").json()
    [line] = [one for one in marked["lines"] if one["words"] == item.words]
    assert (line["points"], line["said"]) == ("6.5", "会议记录")
    done = api.post(f"{address}confirm/", {}, "application/json").json()
    assert (done["state"], Decimal(done["total"])) == (
        "confirmed",
        Decimal(str(done["points"])),
    )
    assert api.post(f"{address}marks/", sent, "application/json").status_code == 422
    seen = signed_in(cast.secretary)
    assert seen.get(address).json()["tier"] == done["tier"]
    assert seen.post(f"{address}file/", {}, "application/json").status_code == 403


def test_a_draft_is_tried_on_villages_as_they_were_counted(
    cast: Cast, row: VillageRating, edition: Scheme
) -> None:
    with at(cast.township_staff):
        mark(cast, row, "6")
        done = services.confirm(
            rating=row, remark="", on=today(), by=cast.township_staff
        )
        draft = schemes.adapt(source=edition, on=today(), by=cast.township_staff)
        [same] = villages_tried(draft, cast.township_staff.region)
        assert (same.total, same.is_moved) == (done.total, False)
        SchemeItem.objects.filter(
            category__scheme=draft, words=manual_item(row).words
        ).update(most=2)
        [less] = villages_tried(draft, cast.township_staff.region)
        assert less.total == done.total - 4
    browser = signed_in(cast.township_staff)
    page = text_of(browser.get(f"/schemes/{draft.pk}/try/"))
    assert "名额不算在内" in page
    assert f"{less.total}" in page


@pytest.mark.parametrize("count", [Count(96, 102), Count(0, 5), Count(0, 0)])
def test_a_count_is_read_as_it_was_written(count: Count) -> None:
    assert Count.read(count.words) == count


def test_confirming_freezes_points_and_gives_the_grade(
    cast: Cast, row: VillageRating
) -> None:
    with at(cast.township_staff):
        mark(cast, row, "6")
        done = services.confirm(
            rating=row, remark="", on=today(), by=cast.township_staff
        )
        assert done.total == sum(Decimal(line["points"]) for line in done.lines)
        assert done.tier is not None
        with pytest.raises(Refused, match="不能再改"):
            mark(cast, row, "1")


def praised(cast: Cast, row: VillageRating) -> VillageRating:
    """Confirm a village and lift it to the first grade, as points would have."""
    done = services.confirm(rating=row, remark="", on=today(), by=cast.township_staff)
    done.tier = SchemeTier.objects.get(scheme=done.scheme, is_public=True)
    done.save()
    return done


def test_a_praised_village_is_filed_after_its_notice(
    cast: Cast, row: VillageRating
) -> None:
    with at(cast.township_staff):
        done = praised(cast, row)
        with pytest.raises(Refused, match="还没有公示"):
            services.file(rating=done, on=today(), by=cast.township_staff)
        notice = services.draft_notice(
            rating=done,
            content=village_announcement(done),
            terms=stage.terms(),
            on=today(),
        )
        notices.publish(notice=notice, by=cast.township_staff, on=today())
        with pytest.raises(Refused, match="期满"):
            services.file(rating=done, on=today(), by=cast.township_staff)
        after = notice.last_day + dt.timedelta(days=1)
        telling.remind(notice.last_day)
        assert not Message.objects.filter(kind=telling.OVER).exists()
        telling.remind(after)
        told = Message.objects.filter(kind=telling.OVER)
        assert {one.recipient for one in told} >= {cast.township_staff.user}
        services.file(rating=done, on=after, by=cast.township_staff)
        done.refresh_from_db()
        assert (done.state, done.filed_on) == ("filed", after)


def shown_notice(cast: Cast, done: VillageRating) -> PublicNotice:
    """Put the notice of a praised village on view."""
    by = cast.township_staff
    notice = services.draft_notice(
        rating=done,
        content=village_announcement(done),
        terms=stage.terms(),
        on=today(),
    )
    notices.publish(notice=notice, by=by, on=today())
    return notice


def test_a_right_objection_takes_a_village_back_to_its_points(
    cast: Cast, row: VillageRating
) -> None:
    with at(cast.township_staff):
        facts = {"reason": "会议记录是补的", "on": today(), "by": cast.township_staff}
        with pytest.raises(Refused, match="镇里打分"):
            services.reopen(rating=row, **facts)
        mark(cast, row, "6")
        done = praised(cast, row)
        first = shown_notice(cast, done)
        with pytest.raises(Refused, match="先撤下公示"):
            services.reopen(rating=done, **facts)
        with pytest.raises(Refused, match="写明"):
            services.reopen(rating=done, **facts | {"reason": " "})
        notices.withdraw(
            notice=first, by=cast.township_staff, reason="异议成立", on=today()
        )
        services.reopen(rating=done, **facts)
        done.refresh_from_db()
        assert (done.state, done.tier, done.lines) == ("scoring", None, [])
        assert done.remark == "重新打分：会议记录是补的"
        mark(cast, row, "1")
        again = praised(cast, row)
        assert shown_notice(cast, again).follows == first
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            VillageRating.objects.filter(pk=again.pk).update(
                state="scoring", tier=None, total=None, confirmed_on=None
            )


def test_the_village_is_told_why_it_is_scored_anew(
    cast: Cast, row: VillageRating
) -> None:
    by = cast.township_staff
    with at(by):
        done = services.confirm(rating=row, remark="", on=today(), by=by)
        services.reopen(rating=done, reason="算错了", on=today(), by=by)
    with at(cast.secretary):
        told = Message.objects.filter(kind=telling.VILLAGE).order_by("pk")
        assert [one.title for one in told][1:] == [f"{done}重新打分：算错了"]


def test_a_filed_village_is_not_scored_anew(cast: Cast, row: VillageRating) -> None:
    with at(cast.township_staff):
        done = services.confirm(
            rating=row, remark="", on=today(), by=cast.township_staff
        )
        done.tier = SchemeTier.objects.filter(scheme=done.scheme, is_public=False)[0]
        done.save()
        services.file(rating=done, on=today(), by=cast.township_staff)
        with pytest.raises(Refused, match="已备案"):
            services.reopen(
                rating=done, reason="算错了", on=today(), by=cast.township_staff
            )


def test_the_page_leads_from_the_grade_to_its_filing_and_back(
    cast: Cast, row: VillageRating
) -> None:
    browser, url = signed_in(cast.township_staff), f"/village-ratings/{row.pk}/"
    with at(cast.township_staff):
        done = praised(cast, row)
    assert f"{url}notice/" in browser.get(url).content.decode()
    with at(cast.township_staff):
        shown = shown_notice(cast, done)
    assert f'action="{url}file/"' in browser.get(url).content.decode()
    with at(cast.township_staff):
        notices.withdraw(
            notice=shown, by=cast.township_staff, reason="异议成立", on=today()
        )
    assert f"{url}notice/" in browser.get(url).content.decode()
    refused = browser.post(f"{url}reopen/", {"reason": ""})
    assert "请填写。" in text_of(refused)
    back = browser.post(f"{url}reopen/", {"reason": "会议记录是补的"}, follow=True)
    assert "重新打分：会议记录是补的" in text_of(back)
    assert f"{url}confirm/" in back.content.decode()
    assert browser.post(f"{url}reopen/", {"reason": "再来"}).status_code == 422


def test_the_database_holds_the_townships_quota(cast: Cast, row: VillageRating) -> None:
    with at(cast.township_staff):
        rows = list(VillageRating.objects.order_by("region"))
        limit = len(rows) * 20 // 100
        for one in rows[:limit]:
            praised(cast, one)
        with pytest.raises(DatabaseError), transaction.atomic():
            praised(cast, rows[limit])


def test_the_villages_table_goes_out_with_its_items(
    cast: Cast, row: VillageRating
) -> None:
    with at(cast.township_staff):
        mark(cast, row, "6")
        done = services.confirm(
            rating=row, remark="", on=today(), by=cast.township_staff
        )
        ledger, totals = VillageLedger(row.region), Counter[str]()
        keys = ledger.keys({"year": today().year}, "", today())
        [line] = ledger.rows(keys, today(), totals, full=False)
    titles = [column.title for column in ledger.columns]
    shown = dict(zip(titles, line, strict=True))
    assert (shown["村(社区)"], shown["总分"]) == ("长冲口村", str(done.total))
    assert shown["户户有人联系"] == "9.4"
    assert ledger.total(totals)["village"] == "1 个村"


def test_the_list_costs_the_same_for_one_village_and_for_all(
    cast: Cast, rolls: Rolls, edition: Scheme
) -> None:
    browser, year = signed_in(cast.township_staff), today().year
    with at(cast.township_staff):
        services.begin(
            year=year, villages=[rolls.village], on=today(), by=cast.township_staff
        )
    before = statements(browser, "/village-ratings/")
    with at(cast.township_staff):
        everybody = list(Region.objects.villages().filter(parent_id=TOWNSHIP))
        services.begin(
            year=year, villages=everybody, on=today(), by=cast.township_staff
        )
    assert statements(browser, "/village-ratings/") == before


def test_a_township_marks_and_confirms_on_pages(cast: Cast, row: VillageRating) -> None:
    browser, url = signed_in(cast.township_staff), f"/village-ratings/{row.pk}/"
    page = browser.get(url)
    assert "34 / 36" in text_of(page)
    item = page.context["form"].items[0]
    sent = {f"points-{item.pk}": "7", f"words-{item.pk}": ""}
    refused = browser.post(f"{url}mark/", sent)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "写明" in text_of(refused)
    browser.post(f"{url}mark/", sent | {f"words-{item.pk}": "会议记录"})
    browser.post(f"{url}confirm/", {"remark": "党委会同意"})
    assert "评定结果" in text_of(browser.get(url))
    assert "长冲口村" in text_of(browser.get("/village-ratings/"))
    village = signed_in(cast.secretary)
    assert village.get(url).status_code == HTTPStatus.OK
    assert village.post(f"{url}confirm/").status_code == HTTPStatus.FORBIDDEN
