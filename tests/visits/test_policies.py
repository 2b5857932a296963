"""走访规则: what may be set, what it would change, and what it does on its day."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import AccessEntry, Action, RowChange
from accounts.services import Refused
from households.models import Category
from jobs import services as jobs
from jobs.models import Job, State
from regions.models import Region
from tests.cast import CITY, TOWNSHIP, Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import text_of
from tests.visits.stage import Walker, make_walker, seen
from visits import rules, tasks
from visits.effects import effect_of
from visits.models import Duty, PlanState, Policy, PolicyPlan
from visits.rules import Cadence
from visits.services import planning
from visits.services.drift import verify

TODAY = dt.date(2026, 11, 23)
HANDLED = tasks.KIND  # importing the tasks registers what does the jobs


def settings(**changed: Any) -> rules.Policy:
    """Return settings that may be, with some values changed."""
    values = {"effective_from": dt.date(2026, 12, 1), "cadence": Cadence.QUARTER}
    return rules.Policy(**(values | changed))


def soon(month: int = 7, quarter: int = 15) -> dict[Cadence, int]:
    return {Cadence.MONTH: month, Cadence.QUARTER: quarter}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        ({"effective_from": dt.date(2026, 11, 24)}, set()),
        ({"effective_from": TODAY}, {"effective_from"}),
        ({"effective_from": dt.date(2022, 1, 1)}, {"effective_from"}),
        ({"ways": frozenset({"door", "phone"})}, set()),
        ({"ways": frozenset({"phone"})}, {"ways"}),
        ({"ways": frozenset()}, {"ways"}),
        ({"soon_days": soon(27, 89)}, set()),
        ({"soon_days": soon(28, 90)}, {"soon_days_month", "soon_days_quarter"}),
        ({"soon_days": soon(0)}, {"soon_days_month"}),
    ],
)
def test_what_new_settings_may_say(changed: dict[str, Any], wrong: set[str]) -> None:
    """Design section 5: settings with effective dates; L31, L32: at the door."""
    assert set(rules.policy_faults(settings(**changed), TODAY)) == wrong


# --- planning -----------------------------------------------------------------


def next_month(months: int = 1) -> dt.date:
    """Return the first day of a month to come."""
    day = today()
    for _ in range(months):
        day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return day


def content(**changed: Any) -> dict[str, Any]:
    """Return settings under which everybody is owed a monthly visit."""
    present = Policy.objects.order_by("-effective_from")[0].content
    return present | {"effective_from": next_month(), "cadence": "month"} | changed


def planned(cast: Cast, **changed: Any) -> PolicyPlan:
    with at(cast.city_staff):
        return planning.plan(content=content(**changed), by=cast.city_staff, on=today())


def adopted(cast: Cast, **changed: Any) -> Policy:
    plan = planned(cast, **changed)
    with at(cast.city_staff):
        return planning.adopt(planned=plan, by=cast.city_staff, on=today())


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Two households of a representative: one 重点, one ordinary, both seen today."""
    with everywhere():
        walker = make_walker("walker", ("刘桂英", "张志文"), key=1)
        for head in walker.homes:
            seen(walker, head, today())
    return walker


def test_a_plan_counts_its_effect_and_keeps_nothing_of_it(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        before = list(Duty.objects.order_by("pk").values())
    plan = planned(cast)
    effect = plan.effects[str(TOWNSHIP)]
    assert effect["kinds"]["key"] == {
        "overdue": [0, 0], "due": [1, 1], "done": [0, 0], "excused": [0, 0],
    }  # fmt: skip
    ordinary = effect["kinds"]["ordinary"]
    assert {name: then for name, (_, then) in ordinary.items() if then} == {"due": 1}
    assert planning.is_counted(plan)
    with everywhere():
        assert Policy.objects.count() == 1
        assert list(Duty.objects.order_by("pk").values()) == before
        assert not RowChange.objects.filter(table="visits_policy").exists()


def test_the_effect_is_what_the_pure_rule_says(cast: Cast, walker: Walker) -> None:
    """Each household judged by the pure rule with the plan among the policies."""
    from visits.facts import as_rule, facts_of

    with everywhere():
        plan = PolicyPlan(**content())
        effect = effect_of(plan)
        wanted: dict[str, dict[str, int]] = {"key": {}, "ordinary": {}}
        for facts in facts_of([home.pk for home in walker.homes.values()]).values():
            new = rules.Facts(
                facts.links,
                (*facts.policies, as_rule(plan)),
                facts.visits,
                facts.categories,
                facts.waivers,
            )
            judged = rules.assess(new, plan.effective_from)
            assert judged is not None
            kind = (
                "key" if rules.key_categories(new, plan.effective_from) else "ordinary"
            )
            standing = judged.standing.value
            wanted[kind][standing] = wanted[kind].get(standing, 0) + 1
    found = {
        kind: {s: then for s, (_, then) in counted.items() if then}
        for kind, counted in effect["kinds"].items()
    }
    assert found == wanted


def test_a_large_city_is_counted_by_a_job(
    cast: Cast, walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 0)
    monkeypatch.setattr(jobs, "publish", lambda job: True)
    plan = planned(cast)
    browser = signed_in(cast.city_staff)
    page = f"/policies/plans/{plan.pk}/"
    assert plan.effects == {}
    assert "排队中" in text_of(browser.get(page))
    assert "正在算影响" in browser.get(f"{page}progress/").content.decode()
    with at(cast.city_staff), pytest.raises(Refused, match="还没有算完"):
        planning.adopt(planned=plan, by=cast.city_staff, on=today())
    with at(cast.city_staff):
        job = Job.objects.get(kind=planning.PREVIEW)
        assert jobs.perform(job.pk) == State.DONE
    assert "就这样定下" in text_of(browser.get(page))
    assert browser.get(f"{page}progress/").headers["HX-Refresh"] == "true"


# --- in force and out again -----------------------------------------------------


def test_new_settings_are_a_new_row_and_everybodys_dates_are_judged_anew(
    cast: Cast, walker: Walker
) -> None:
    ordinary = walker.homes["张志文"]
    policy = adopted(cast)
    with everywhere():
        assert Policy.objects.count() == 2
        asked = Job.objects.filter(kind=planning.RECOMPUTE)
        assert asked.count() == Region.objects.current().townships().count()
        stale = Duty.objects.get(household=ordinary).due_on
        job = asked.get(region=TOWNSHIP)
        assert jobs.perform(job.pk) == State.DONE
        due_on = Duty.objects.get(household=ordinary).due_on
    assert due_on == Cadence.MONTH.period(policy.effective_from).end
    assert due_on < stale
    with everywhere():
        assert verify().drifted == 0
        line = AccessEntry.objects.get(action=Action.POLICY_SET)
        assert line.user == cast.city_staff.user
        plan = PolicyPlan.objects.get()
    assert plan.state == PlanState.ADOPTED
    with at(cast.city_staff), pytest.raises(Refused, match="已经定下"):
        planning.adopt(planned=plan, by=cast.city_staff, on=today())


def test_settings_that_have_not_begun_may_be_withdrawn(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        before = dict(Duty.objects.values_list("pk", "due_on"))
    policy = adopted(cast)
    with everywhere():
        verify()
    browser = signed_in(cast.city_staff)
    url = f"/policies/{policy.pk}/withdraw/"
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert browser.post(url, {"reason": "定错了"}).status_code == 302
    with everywhere():
        assert Policy.objects.count() == 1
        verify()
        assert dict(Duty.objects.values_list("pk", "due_on")) == before
        assert Job.objects.filter(
            kind=planning.RECOMPUTE, unique_key__endswith=":withdrawn"
        ).exists()
        entry = AccessEntry.objects.filter(action=Action.POLICY_SET).latest("at")
    assert entry.reason == "定错了"


def test_settings_in_force_stay(cast: Cast) -> None:
    with everywhere():
        policy = Policy.objects.get()
    with at(cast.city_lead), pytest.raises(Refused, match="已经生效"):
        planning.withdraw_policy(
            policy=policy, reason="试试", by=cast.city_lead, on=today()
        )


def test_a_day_has_one_version(cast: Cast) -> None:
    adopted(cast)
    with pytest.raises(Refused, match="已经有一版"):
        planned(cast)


def test_a_plan_whose_day_has_come_is_refused(cast: Cast) -> None:
    plan = planned(cast)
    with at(cast.city_staff), pytest.raises(Refused, match="最早从明天"):
        planning.adopt(planned=plan, by=cast.city_staff, on=plan.effective_from)


def test_a_way_counts_from_the_day_it_does(cast: Cast, walker: Walker) -> None:
    from visits.services import Content, way_counts

    policy = adopted(cast, ways=["door", "phone"])
    home = walker.homes["张志文"]
    days = (policy.effective_from - dt.timedelta(1), policy.effective_from)
    with everywhere():
        counted = [way_counts(home, Content(home.pk, day, "phone")) for day in days]
    assert counted == [False, True]


# --- pages --------------------------------------------------------------------


def answers(**changed: Any) -> dict[str, Any]:
    """Return what the form sends."""
    present = Policy.objects.order_by("-effective_from")[0]
    sent = {
        "effective_from": next_month().isoformat(),
        "cadence": "month",
        "ways": ["door"],
        "soon_days_month": 7,
        "soon_days_quarter": 15,
        "waiver_months": 6,
        **{f"category_{code}": how for code, how in present.categories.items()},
    }
    return sent | changed


def test_the_city_sets_new_settings_by_form(cast: Cast, walker: Walker) -> None:
    browser = signed_in(cast.city_lead)
    assert "现在的规则" in text_of(browser.get("/policies/"))
    assert browser.get("/policies/new/").status_code == 200
    sent = browser.post("/policies/new/", answers(category_dibao=""), follow=True)
    words = text_of(sent)
    assert "现在的规则 → 新规则" in words
    assert "改为： 每月至少走访 1 次" in words
    plan = sent.context["plan"]
    assert "dibao" not in plan.categories
    done = browser.post(f"/policies/plans/{plan.pk}/adopt/", follow=True)
    assert "还没到日子" in text_of(done)


def test_a_category_no_longer_offered_keeps_its_cadence_under_new_settings(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        Category.objects.filter(code="dibao").update(retired_on=today())
    browser = signed_in(cast.city_lead)
    form = browser.get("/policies/new/").context["form"]
    held = {field.name: field.initial for field in form.category_fields}
    assert held["category_dibao"] == "month"
    sent = browser.post("/policies/new/", answers() | held, follow=True)
    assert sent.context["plan"].categories["dibao"] == "month"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"effective_from": "2022-01-01"}, "最早从明天"),
        ({"ways": ["phone"]}, "上门走访一定要算数"),
        ({"ways": []}, "上门走访一定要算数"),
        ({"soon_days_month": 28}, "请填 1 到 27 之间的天数"),
        ({"soon_days_quarter": "十"}, "只能填整数"),
        ({"effective_from": "明天"}, "日期不对"),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, changed: dict[str, Any], said: str
) -> None:
    sent = answers(soon_days_quarter=21) | changed
    page = signed_in(cast.city_staff).post("/policies/new/", sent)
    assert page.status_code == 422
    assert said in text_of(page)
    if "soon_days_quarter" not in changed:
        assert 'value="21"' in page.content.decode()
    with everywhere():
        assert not PolicyPlan.objects.exists()


def test_only_the_city_sets_them(cast: Cast) -> None:
    for post in (cast.township_lead, cast.secretary, cast.representative):
        assert signed_in(post).get("/policies/").status_code == 403
        assert signed_in(post).post("/policies/new/", {}).status_code == 403
    assert cast.city_staff.region_id == CITY
