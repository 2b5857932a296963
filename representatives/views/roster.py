"""The roll of representatives, and the page of one of them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from regions.models import Level, Region
from representatives.forms.people import RosterFilter
from representatives.loads import Load, bounds_on, loads_of, with_load
from representatives.models import Mandate, Politics, Representative
from representatives.models.people import RepresentativeQuerySet
from representatives.places import acting
from representatives.timeline import row_history
from ui.parts import Event, Pair, Tone

PER_PAGE = 50
PARTY = (Politics.MEMBER, Politics.PROBATIONARY)
SORTS = {
    "name": ("initials", "name"),
    "group": ("region_id", "group__number", "initials"),
    "load": ("load", "region_id", "initials"),
    "until": ("latest_until", "region_id", "initials"),
}


@dataclass(frozen=True)
class Listed:
    """A line of the roll: the person, the mandate to speak of, the load, the state."""

    person: Representative
    mandate: Mandate | None
    load: Load | None
    tone: Tone
    state: str


@requires(Permission.REPRESENTATIVE_VIEW)
def representative_list(request: PostRequest) -> HttpResponse:
    """List the representatives of one's range."""
    today, post = timezone.localdate(), acting(request)
    one_village = post.region.level == Level.VILLAGE
    filters = RosterFilter(request.GET, one_village=one_village)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = Representative.objects.none() if filters.errors else matching(wanted, today)
    page = Paginator(sorted_by(found, request.GET.get("sort", ""), today), PER_PAGE)
    shown = page.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "page": shown,
        "rows": listed(list(shown), today),
        "one_village": one_village,
        "bounds": bounds_on(today),
        "may_edit": post.may(Permission.REPRESENTATIVE_EDIT),
        "may_export": post.may(Permission.ROLL_EXPORT),
    }
    return render(request, "representatives/list.html", context)


def matching(wanted: dict[str, Any], on: dt.date) -> RepresentativeQuerySet:
    """Return the representatives whom the filters describe."""
    people = in_state(Representative.objects.all(), wanted.get("state") or "", on)
    if isinstance(place := wanted.get("place"), Region):
        people = people.filter(
            region_id__gte=place.scope.lo, region_id__lt=place.scope.hi
        )
    if typed := (wanted.get("q") or "").strip():
        people = people.search(typed)
    if number := wanted.get("group"):
        people = people.filter(group__number=number)
    if sex := wanted.get("sex"):
        people = people.filter(sex=sex)
    if politics := wanted.get("politics"):
        member = Q(politics__in=PARTY)
        people = people.filter(member if politics == "yes" else ~member)
    people = with_office(people, wanted.get("office") or "")
    return with_right_load(people, wanted.get("load") or "", on)


def in_state(
    people: RepresentativeQuerySet, state: str, on: dt.date
) -> RepresentativeQuerySet:
    """Narrow to those in office, those whose term ran out unnoticed, or those who left."""
    theirs = Mandate.objects.filter(representative=OuterRef("pk"))
    serving = Exists(theirs.active(on))
    if state == "expired":
        return people.filter(Exists(theirs.unended().filter(until__lt=on)))
    if state == "left":
        return people.filter(~Exists(theirs.unended()), ~serving)
    return people if state == "all" else people.filter(serving)


def with_office(people: RepresentativeQuerySet, office: str) -> RepresentativeQuerySet:
    """Narrow by posts held beside."""
    if office == "paid":
        return people.filter(draws_allowance=True)
    if office:
        return (
            people.filter(offices__len__gt=0)
            if office == "yes"
            else people.filter(offices__len=0)
        )
    return people


def with_right_load(
    people: RepresentativeQuerySet, load: str, on: dt.date
) -> RepresentativeQuerySet:
    """Narrow to those who look after too few households, too many, or the right number."""
    if not load:
        return people
    bounds = bounds_on(on)
    right = Q(load__gte=bounds.least, load__lte=bounds.most)
    under, over = Q(load__lt=bounds.least), Q(load__gt=bounds.most)
    wanted = {"under": under, "over": over}.get(load, right)
    return with_load(people, on).filter(wanted)


def sorted_by(
    people: RepresentativeQuerySet, asked: str, on: dt.date
) -> RepresentativeQuerySet:
    """Return the people in the order asked for; else in administrative order."""
    key = asked.removeprefix("-")
    if key == "load":
        people = with_load(people, on)
    if key == "until":
        mandates = Mandate.objects.filter(representative=OuterRef("pk"))
        latest = mandates.order_by("-started_on").values("until")[:1]
        people = people.annotate(latest_until=latest)
    keys = [F(name) for name in SORTS.get(key, SORTS["group"])]
    if asked.startswith("-"):
        return people.order_by(*(one.desc(nulls_last=True) for one in keys), "pk")
    return people.order_by(*(one.asc(nulls_last=True) for one in keys), "pk")


def listed(people: list[Representative], on: dt.date) -> list[Listed]:
    """Return the lines of a page; the statements do not grow with them."""
    ids = [person.pk for person in people]
    loads, bounds = loads_of(ids, on), bounds_on(on)
    rows = Representative.objects.filter(pk__in=ids).select_related(
        "region__parent", "group"
    )
    by_id = {row.pk: row for row in with_mandates(rows)}
    return [_row(by_id[pk], Load(loads[pk], bounds), on) for pk in ids]


def with_mandates(people: RepresentativeQuerySet) -> RepresentativeQuerySet:
    """Prefetch each person's mandates, the latest first, with seat and constituency."""
    mandates = Mandate.objects.select_related("seat__constituency")
    ordered = mandates.order_by("-started_on", "-pk")
    return people.prefetch_related(Prefetch("mandates", ordered))


def _row(person: Representative, load: Load, on: dt.date) -> Listed:
    mandate = next(iter(person.mandates.all()), None)
    tone, state = standing(mandate, on)
    return Listed(person, mandate, load if tone != "off" else None, tone, state)


def standing(mandate: Mandate | None, on: dt.date) -> tuple[Tone, str]:
    """Return how a person stands today, by the latest mandate."""
    if mandate is None:
        return "off", "没有任职"
    if mandate.ended_on and mandate.ended_on <= on:
        return "off", f"已离任（{mandate.get_end_cause_display()}）"
    if mandate.until < on:
        return "bad", "任期已满"
    return ("ok", "在任") if mandate.started_on <= on else ("info", "还没到任")


@requires(Permission.REPRESENTATIVE_VIEW)
def representative_detail(request: PostRequest, pk: int) -> HttpResponse:
    """Show a representative: card, households, mandates, changes."""
    person, post = representative_or_404(request, pk), acting(request)
    return render(request, "representatives/detail.html", detail_context(person, post))


def representative_or_404(request: PostRequest, pk: int) -> Representative:
    """Return a representative of one's range, and put the village on the path."""
    people = Representative.objects.select_related(
        "region__parent__parent", "group", "user", "photo"
    )
    person = get_object_or_404(with_mandates(people), pk=pk)
    request.place = person.region  # type: ignore[attr-defined]
    return person


def detail_context(person: Representative, post: Post) -> dict[str, Any]:
    """Return what the page of a representative shows to the holder of `post`."""
    today = timezone.localdate()
    mandates = list(person.mandates.all())
    latest = next(iter(mandates), None)
    tone, state = standing(latest, today)
    serves = tone == "ok"
    edits = post.may(Permission.REPRESENTATIVE_EDIT)
    links = links_of(person, today)
    return {
        "person": person,
        "mandate": latest,
        "tone": tone,
        "state": state,
        "facts": facts(person, today),
        "links": links,
        "load": Load(len(links), bounds_on(today)) if serves else None,
        "terms": [term_event(mandate, today) for mandate in mandates],
        "events": row_history(person),
        "account": sign_in_state(person, today),
        "may_edit": edits,
        "may_leave": edits and latest is not None and latest.ended_on is None,
        "may_assign": post.may(Permission.HOUSEHOLD_EDIT) and serves,
        "sees_households": post.may(Permission.HOUSEHOLD_VIEW),
        "may_see_trainings": post.may(Permission.TRAINING_VIEW),
        "may_reveal": post.may(Permission.SENSITIVE_REVEAL),
        "may_open": post.may(Permission.ACCOUNT_MANAGE) and serves,
    }


def links_of(person: Representative, on: dt.date) -> list[Any]:
    """Return the links in force, by group and head: rows of the app above this one."""
    links = person.links.active(on).select_related("household__group")
    tagged = links.prefetch_related("household__tags__category")
    return list(tagged.order_by("household__group__number", "household__head"))


def facts(person: Representative, on: dt.date) -> list[Pair]:
    """Return what the card says of the person, but for the sealed values."""
    year = person.birth_year
    born = f"{year} 年（{on.year - year} 岁左右）" if year else None
    return [
        Pair("性别", person.get_sex_display() or None),
        Pair("民族", person.nation),
        Pair("出生年份", born),
        Pair("文化程度", person.get_education_display() or None),
        Pair("政治面貌", person.get_politics_display() or None),
        Pair("所在小组", str(person.group) if person.group else None),
        Pair("兼任", "、".join(person.offices) or None),
        Pair("固定补贴", "领取" if person.draws_allowance else "不领取"),
        Pair("备注", person.remark or None),
    ]


def term_event(mandate: Mandate, on: dt.date) -> Event:
    """Return a mandate as an entry of the person's history in office."""
    tone, state = standing(mandate, on)
    chosen = "补选" if mandate.is_by_election else "当选"
    end = mandate.ended_on or mandate.until
    words = [f"{mandate.started_on} 至 {end}", mandate.get_mode_display(), state]
    return Event(
        when=mandate.started_on,
        title=f"{mandate.seat}（{chosen}）",
        text=" · ".join(words)
        + (f" · 依据：{mandate.end_evidence}" if mandate.end_evidence else ""),
        tone=tone,
    )


def sign_in_state(person: Representative, on: dt.date) -> str:
    """Return whether the person can sign in: `none`, `open`, or `ended`."""
    if person.user is None:
        return "none"
    held = Post.objects.active(on).filter(narrowed_to=person.pk)
    return "open" if held.exists() else "ended"
