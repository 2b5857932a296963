"""Ratings for other programs: the same services, refusals and silence as the pages."""

import pytest

from evaluations.models import Entry, RatingRound, Scheme, SchemeTier
from evaluations.rules.rounds import Act, number_on
from tests.attachments.making import picture, upload
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today, tomorrow
from tests.evaluations import stage
from tests.evaluations.stage import praise, scold, take
from tests.rolls import Rolls

RATINGS, JSON = "/api/v1/ratings/", "application/json"


@pytest.fixture
def running(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Return a round that records."""
    with at(cast.secretary):
        return stage.begun(cast, rolls, scheme)


def test_a_program_writes_entries_for_many_households(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    api = signed_in(cast.clerk)
    homes = [home.pk for home in rolls.held_by("李红英")]
    with everywhere():
        item = stage.item(running, stage.VOLUNTEERING).pk
    sent = {"households": homes, "item": item, "on": f"{today()}"}
    made = api.post(f"{RATINGS}{running.pk}/entries/", sent, JSON)
    assert (made.status_code, len(made.json()["entries"])) == (201, 6)
    wrong = api.post(f"{RATINGS}{running.pk}/entries/", sent | {"points": 9}, JSON)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "refused")
    absent = sent | {"households": [*homes, 987_654_321]}
    refused = api.post(f"{RATINGS}{running.pk}/entries/", absent, JSON)
    assert "不在这个村的名册里" in refused.json()["message"]
    with at(cast.clerk):
        assert Entry.objects.count() == 6


@pytest.mark.parametrize(("who", "count"), [("clerk", 36), ("township_staff", 1)])
def test_results_are_those_that_the_reader_may_see(
    cast: Cast, rolls: Rolls, running: RatingRound, who: str, count: int
) -> None:
    with at(cast.secretary):
        good, bad = rolls.held_by("李红英")[:2]
        praise(running, [good], cast.clerk)
        scold(running, [bad], cast.clerk)
        take(running, Act.STRIKE, cast.clerk)
    found = signed_in(getattr(cast, who)).get(f"{RATINGS}{running.pk}/").json()
    assert (found["stage"], len(found["results"])) == ("review", count)
    assert good.head in {one["head"] for one in found["results"]}


def test_a_program_runs_a_round_from_the_beginning_to_the_panel(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    api = signed_in(cast.clerk)
    number = number_on(today(), scheme.rounds)
    begin = {"year": today().year, "number": number}
    made = api.post(RATINGS, begin, JSON)
    assert (made.status_code, made.json()["stage"]) == (201, "record")
    again = api.post(RATINGS, begin, JSON)
    assert (again.status_code, "已经启动" in again.json()["message"]) == (422, True)
    address, version = f"{RATINGS}{made.json()['id']}/", made.json()["version"]
    struck = api.post(f"{address}steps/strike/", {"version": version}, JSON)
    assert (struck.status_code, struck.json()["stage"]) == (200, "review")
    late = api.post(f"{address}steps/give-back/", {"version": version}, JSON)
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    now = struck.json()["version"]
    wordless = api.post(f"{address}steps/agree/", {"version": now}, JSON)
    assert (wordless.status_code, wordless.json()["code"]) == (422, "refused")
    assert api.post(f"{address}steps/dance/", {"version": now}, JSON).status_code == 404


def test_a_program_takes_an_entry_back_and_keeps_what_a_household_says(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    home = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        [entry] = stage.write(running, [home], stage.MESS, cast.clerk)
    api = signed_in(cast.clerk)
    address = f"/api/v1/rating-entries/{entry.pk}/withdraw/"
    assert api.post(address, {"reason": "记错了户"}, JSON).status_code == 204
    assert api.post(address, {"reason": "记错了户"}, JSON).status_code == 422
    said = f"{RATINGS}{running.pk}/self-assessments/{home.pk}/"
    assert api.put(said, {"words": "都做到了", "points": 100}, JSON).status_code == 204
    with at(cast.clerk):
        assert Entry.objects.get(pk=entry.pk).withdrawal == "记错了户"
        assert running.self_assessments.get().words == "都做到了"


def test_a_covenant_comes_in_once_and_its_warning_with_it(
    cast: Cast, rolls: Rolls
) -> None:
    api = signed_in(cast.clerk)
    sent = {"slot": 1, "title": "村规民约", "text": "违反的取消低保。"}
    made = api.post("/api/v1/covenants/", sent, JSON)
    assert (made.status_code, made.json()["risky"]) == (201, ["取消"])
    assert api.post("/api/v1/covenants/", sent, JSON).status_code == 422
    [row] = api.get("/api/v1/covenants/").json()["results"]
    texts = f"/api/v1/covenants/{row['id']}/texts/"
    next_one = api.post(texts, {"text": "违反的上门提醒。"}, JSON)
    assert (next_one.status_code, next_one.json()["number"]) == (201, 2)
    filed = {"text": "三", "filed_on": f"{today()}"}
    assert "通过日期" in api.post(texts, filed, JSON).json()["message"]


def test_a_township_adapts_the_citys_edition_within_its_limits(
    cast: Cast, scheme: Scheme
) -> None:
    api = signed_in(cast.township_lead)
    [row] = api.get("/api/v1/schemes/").json()["results"]
    whole = api.get(f"/api/v1/schemes/{row['id']}/").json()
    assert len(whole["categories"]) == 6
    assert [tier["quota"] for tier in whole["tiers"]] == [20, None, None]
    made = api.post(f"/api/v1/schemes/{row['id']}/adapt/", {}, JSON)
    assert made.status_code == 201
    draft = made.json()
    with at(cast.township_lead):
        tier = SchemeTier.objects.get(pk=draft["tiers"][0]["id"])
        tier.quota = 30
        tier.save()
    address = f"/api/v1/schemes/{draft['id']}/in-force/"
    refused = api.post(address, {"version": draft["version"]}, JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    with at(cast.township_lead):
        tier.quota = 10
        tier.save()
    done = api.post(address, {"version": draft["version"]}, JSON)
    assert (done.status_code, done.json()["state"]) == (200, "in_force")


def test_an_entry_comes_with_its_file_and_is_read_with_it(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    api, home = signed_in(cast.clerk), rolls.held_by("李红英")[0]
    with everywhere():
        item = stage.item(running, stage.VOLUNTEERING).pk
    address = f"{RATINGS}{running.pk}/entries/"
    sent = {"households": [home.pk], "item": item, "on": f"{today()}"}
    made = api.post(address, sent | {"evidence": upload(picture(), "签到.jpg")})
    assert made.status_code == 201, made.json()
    [entry] = api.get(address).json()["results"]
    assert (entry["household"], entry["evidence"]) == (home.pk, "签到.jpg")
    evidence = f"/api/v1/rating-entries/{entry['id']}/evidence/"
    assert api.get(evidence)["Content-Type"] == "image/jpeg"
    assert signed_in(cast.sibling_secretary).get(evidence).status_code == 404
    wrong = upload(b"MZ", "账.exe")
    assert api.post(address, sent | {"evidence": wrong}).status_code == 422


def test_a_program_places_tells_and_writes_the_notice(
    cast: Cast, rolls: Rolls, running: RatingRound
) -> None:
    good, bad = rolls.held_by("李红英")[:2]
    with at(cast.secretary):
        praise(running, [good], cast.clerk)
        scold(running, [bad], cast.clerk)
        take(running, Act.STRIKE, cast.clerk)
        ids = {home.pk: stage.rating(running, home).pk for home in (good, bad)}
        lower = stage.tier(running, stage.COMPLIANT).pk
        model = stage.tier(running, stage.MODEL).pk
    api = signed_in(cast.clerk)
    place = f"/api/v1/rating-results/{ids[good.pk]}/place/"
    sent = {"tier": lower, "reason": "小组议定", "version": running.version}
    assert api.post(place, sent, JSON).json()["tier"] == stage.COMPLIANT
    mine = {"tier": model, "reason": "小组议定"}
    assert api.post(place, mine | {"version": running.version}, JSON).status_code == 200
    with at(cast.secretary):
        take(running, Act.AGREE, cast.clerk)
        take(running, Act.CONFIRM, cast.secretary)
    tell = f"/api/v1/rating-results/{ids[bad.pk]}/tell/"
    said = {"mend": "收好柴草", "on": f"{today()}"}
    ahead = api.post(tell, said | {"on": f"{tomorrow()}"}, JSON)
    assert "不能晚于今天" in ahead.json()["message"]
    assert api.post(tell, said, JSON).status_code == 204
    private = f"/api/v1/rating-results/{ids[good.pk]}/tell/"
    assert api.post(private, said, JSON).status_code == 404
    days = stage.terms()
    terms = {
        "first_day": f"{days.first_day}", "last_day": f"{days.first_day}",
        "contact_name": days.contact_name, "contact_phone": days.contact_phone,
        "version": running.version,
    }  # fmt: skip
    notice = f"{RATINGS}{running.pk}/notice/"
    assert "天" in api.post(notice, terms, JSON).json()["message"]
    made = api.post(notice, terms | {"last_day": f"{days.last_day}"}, JSON)
    assert (made.status_code, made.json()["state"]) == (200, "draft")
    assert good.head in str(made.json()["table"])
    assert bad.head not in str(made.json())
    setting = {"prints_last": True, "basis": "11 月 3 日村民代表会议"}
    assert api.put(f"{RATINGS}setting/", setting, JSON).json() == setting
    assert api.put(f"{RATINGS}setting/", setting | {"basis": " "}, JSON).status_code in (
        400, 422,
    )  # fmt: skip
