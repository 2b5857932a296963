"""Editions: laid down, adapted within limits, frozen once in force, tried on entries."""

from http import HTTPStatus
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.services import Refused
from evaluations import trials
from evaluations.models import RatingRound, Scheme, SchemeItem, SchemeState, SchemeTier
from evaluations.models.schemes import scheme_for
from evaluations.rules.recommended import HOUSEHOLDS
from evaluations.rules.schemes import Scope
from evaluations.services import schemes as services
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.evaluations import stage
from tests.rolls import Rolls, changes, text_of


def test_the_recommended_edition_becomes_rows_and_reads_back_the_same(
    cast: Cast, scheme: Scheme
) -> None:
    edition = scheme.edition()
    assert (edition.base, edition.top) == (HOUSEHOLDS.base, HOUSEHOLDS.top)
    assert [tier.name for tier in edition.tiers] == [t.name for t in HOUSEHOLDS.tiers]
    assert [item.words for item in edition.items.values()] == [
        item.words for item in HOUSEHOLDS.items.values()
    ]
    assert scheme.state == SchemeState.IN_FORCE
    with at(cast.city_lead):
        assert changes(scheme, "insert"), "in the history"


def test_only_the_city_lays_the_recommended_edition_down(cast: Cast) -> None:
    with at(cast.township_lead), pytest.raises(Refused, match="由市里制定"):
        services.use_recommended(
            year=today().year, scope=Scope.HOUSEHOLD, on=today(), by=cast.township_lead
        )


def test_a_second_draft_of_a_year_is_refused(cast: Cast, scheme: Scheme) -> None:
    with at(cast.city_staff):
        services.revise(scheme=scheme, on=today(), by=cast.city_staff)
        with pytest.raises(Refused, match="已经有一份草稿"):
            services.revise(scheme=scheme, on=today(), by=cast.city_staff)


def test_an_edition_in_force_is_frozen_by_the_database(
    cast: Cast, scheme: Scheme
) -> None:
    item = SchemeItem.objects.filter(category__scheme=scheme)
    for change in (
        lambda: item.update(most=50),
        lambda: item.delete(),
        lambda: SchemeTier.objects.filter(scheme=scheme).update(quota=90),
        lambda: SchemeTier.objects.create(scheme=scheme, order=9, name="新等"),
        lambda: Scheme.objects.filter(pk=scheme.pk).update(notice_days=3),
        lambda: Scheme.objects.filter(pk=scheme.pk).update(state="draft"),
        lambda: Scheme.objects.filter(pk=scheme.pk).delete(),
    ):
        with at(cast.city_staff), pytest.raises(DatabaseError), transaction.atomic():
            change()
    with at(cast.city_staff), pytest.raises(Refused, match="另起一版"):
        services.save_terms(
            scheme=scheme, changes={"notice_days": 9}, version=1, by=cast.city_staff
        )


def test_a_village_writes_no_edition_of_the_city(cast: Cast, scheme: Scheme) -> None:
    with at(cast.city_staff):
        draft = services.revise(scheme=scheme, on=today(), by=cast.city_staff)
    with at(cast.secretary):
        with pytest.raises(Refused, match="按本地情况调整"):
            services.drop(scheme=draft, by=cast.secretary)
        with pytest.raises(DatabaseError), transaction.atomic():
            Scheme.objects.filter(pk=draft.pk).update(notice_days=3)
        with pytest.raises(DatabaseError), transaction.atomic():
            SchemeItem.objects.filter(category__scheme=draft).update(most=99)


def adapted(cast: Cast, scheme: Scheme) -> Scheme:
    """Let the secretary take the city's edition over as a draft."""
    return services.adapt(source=scheme, on=today(), by=cast.secretary)


def test_an_adapted_edition_holds_for_its_village_alone(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    with at(cast.secretary):
        draft = adapted(cast, scheme)
        own = services.put_in_force(
            scheme=draft, version=draft.version, on=today(), by=cast.secretary
        )
        assert scheme_for(rolls.village, today().year, Scope.HOUSEHOLD) == own
    with at(cast.sibling_secretary):
        sibling = cast.sibling_secretary.region
        assert scheme_for(sibling, today().year, Scope.HOUSEHOLD) == scheme


def test_an_adaptation_beyond_the_limits_is_not_put_in_force(
    cast: Cast, scheme: Scheme
) -> None:
    with at(cast.secretary):
        draft = adapted(cast, scheme)
        tier = draft.tiers.get(name=stage.MODEL)
        tier.quota = 30
        services.save_part(scheme=draft, part=tier, by=cast.secretary)
        with pytest.raises(Refused, match="不能超过上级方案的 20%"):
            services.put_in_force(
                scheme=draft, version=draft.version, on=today(), by=cast.secretary
            )


def test_a_newer_edition_takes_the_older_ones_place_and_rounds_keep_theirs(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    with at(cast.secretary):
        round_ = stage.begun(cast, rolls, scheme)
    with at(cast.city_staff):
        draft = services.revise(scheme=scheme, on=today(), by=cast.city_staff)
        services.put_in_force(
            scheme=draft, version=draft.version, on=today(), by=cast.city_staff
        )
        scheme.refresh_from_db()
        assert (scheme.state, draft.number) == (SchemeState.REPLACED, 2)
    with at(cast.secretary):
        assert RatingRound.objects.get(pk=round_.pk).scheme == scheme


def test_a_draft_is_tried_on_entries_and_nothing_is_written(
    cast: Cast, rolls: Rolls, round_: RatingRound, scheme: Scheme
) -> None:
    stage.praise(round_, rolls.held_by("李红英")[:2], cast.clerk)
    draft = adapted(cast, scheme)
    top = draft.tiers.get(name=stage.MODEL)
    top.threshold = 112
    services.save_part(scheme=draft, part=top, by=cast.secretary)
    again = Scheme.objects.get(pk=draft.pk)
    [found] = trials.rounds_to_try(again, rolls.village)
    trial = trials.tried(again, found)
    assert [line.now for _, line in trial.moved] == [stage.COMPLIANT] * 2
    assert (stage.MODEL, 2, 0) in trial.counted()
    assert not round_.ratings.exists()


# --- pages --------------------------------------------------------------------------


def test_a_city_lays_down_changes_and_puts_in_force_on_pages(cast: Cast) -> None:
    browser = signed_in(cast.city_staff)
    sent = {"year": today().year, "scope": "household"}
    url = browser.post("/schemes/recommended/", sent)["Location"]
    page = browser.get(url)
    assert "草稿，还没有执行" in text_of(page)
    category = page.context["categories"][0].pk
    item = {"category": category, "words": "参加普法活动", "least": 1, "most": 1}
    assert browser.post(f"{url}parts/item/new/", item).status_code == HTTPStatus.FOUND
    bad = browser.post(f"{url}parts/item/new/", item | {"words": "乙", "most": 0})
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    version = browser.get(url).context["row"].version
    assert "还没有可以试算的记录" in text_of(browser.get(f"{url}try/"))
    browser.post(f"{url}in-force/", {"version": version})
    assert "执行中" in text_of(browser.get(url))
    assert browser.get(f"{url}terms/").status_code == HTTPStatus.NOT_FOUND


def test_a_village_reads_the_citys_edition_and_its_limits(
    cast: Cast, scheme: Scheme
) -> None:
    browser = signed_in(cast.secretary)
    assert "按本地情况调整" in text_of(browser.get(f"/schemes/{scheme.pk}/"))
    url = browser.post(f"/schemes/{scheme.pk}/adapt/")["Location"]
    tier = browser.get(url).context["tiers"][0]
    sent = {"name": tier.name, "threshold": 110, "quota": 25, "is_public": "on"}
    browser.post(f"{url}parts/tier/{tier.pk}/", sent)
    page = browser.get(url)
    assert "不能超过上级方案的 20%" in text_of(page)
    foreign = signed_in(cast.sibling_secretary).get(url)
    assert foreign.status_code == HTTPStatus.NOT_FOUND


def test_a_year_in_which_rounds_have_begun_is_not_parted_anew(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    """The second half-year would have the number of the second quarter."""
    with at(cast.clerk):
        stage.begun(cast, rolls, scheme)
    with at(cast.city_staff):
        draft = services.revise(scheme=scheme, on=today(), by=cast.city_staff)
        facts: dict[str, Any] = {"scheme": draft, "by": cast.city_staff}
        services.save_terms(changes={"rounds": 2}, version=draft.version, **facts)
        draft.refresh_from_db()
        with pytest.raises(Refused, match="请改回 4 次"):
            services.put_in_force(version=draft.version, on=today(), **facts)
        services.save_terms(changes={"rounds": 4}, version=draft.version, **facts)
        draft.refresh_from_db()
        services.put_in_force(version=draft.version, on=today(), **facts)
