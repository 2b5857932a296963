"""Notices of one's range: the list, one of them, its objections, publishing and taking down."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from notices import services
from notices.forms import NoticeForm, ObjectionForm, SettlingForm, WithdrawalForm
from notices.models import Objection, PublicNotice, PublicNoticeQuerySet, State, Way
from papers.codes import qr_uri
from regions.models import Level
from ui.parts import Pair, Segment

PER_PAGE = 50
STATES = (
    ("", "在办的"),
    (State.ENDED, "期满"),
    (State.WITHDRAWN, "已撤下"),
    ("all", "全部"),
)


@requires(Permission.NOTICE_VIEW)
@require_safe
def notice_list(request: PostRequest) -> HttpResponse:
    """List notices: those with open objections first, then those that end soonest."""
    asked, today = request.GET.get("state", ""), timezone.localdate()
    found = ordered(in_state(asked, today))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "today": today,
        "states": [
            Segment(word, f"?state={state}", current=state == asked)
            for state, word in STATES
        ],
        "one_village": acting(request).region.level == Level.VILLAGE,
    }
    return render(request, "notices/list.html", context)


def in_state(asked: str, on: dt.date) -> PublicNoticeQuerySet:
    """Return the notices of a segment; without one those that still need somebody.

    One whose last day is past is over, though the night has not said so yet.
    """
    rows = PublicNotice.objects.select_related("region__parent").with_objections()
    over = Q(state=State.ENDED) | Q(state=State.PUBLISHED, last_day__lt=on)
    if asked == "all":
        return rows
    if asked == State.WITHDRAWN:
        return rows.filter(state=asked)
    if asked == State.ENDED:
        return rows.filter(over)
    stands = Q(state__in=(State.PUBLISHED, State.DRAFT)) & ~over
    return rows.filter(stands | Q(over, open_count__gt=0))


def ordered(rows: PublicNoticeQuerySet) -> PublicNoticeQuerySet:
    """Order by what has to be done first."""
    waits = Case(
        When(open_count__gt=0, then=Value(0)),
        When(state=State.PUBLISHED, then=Value(1)),
        When(state=State.DRAFT, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return rows.order_by(waits, "last_day", "-pk")


def notice_or_404(request: PostRequest, pk: int) -> PublicNotice:
    """Return a notice of one's range, and put its village on the path."""
    rows = PublicNotice.objects.select_related("region__parent__parent", "published_by")
    found = get_object_or_404(rows, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found


@requires(Permission.NOTICE_VIEW)
@require_safe
def detail(request: PostRequest, pk: int) -> HttpResponse:
    """Show a notice as it is read, its objections, and what can be done."""
    notice = notice_or_404(request, pk)
    return render(request, "notices/detail.html", detail_context(request, notice))


def detail_context(request: PostRequest, notice: PublicNotice) -> dict[str, Any]:
    """Return what the page of a notice shows."""
    today = timezone.localdate()
    rows = notice.objections.select_related("recorded_by", "settled_by")
    objections = list(rows.order_by("settled_on", "-received_on", "-pk"))
    stands = notice.stands(today)
    return {
        "notice": notice,
        "content": notice.content,
        "facts": facts_of(notice),
        "objections": objections,
        "open": sum(one.settled_on is None for one in objections),
        "stands": stands,
        "on_view": stands and notice.first_day <= today,
        "is_over": notice.is_over(today),
        "days_left": (notice.last_day - today).days,
        "url": request.build_absolute_uri(notice.public_path),
        "takes_objections": notice.state in (State.PUBLISHED, State.ENDED)
        and notice.first_day <= today,
        "may_keep": acting(request).may(Permission.NOTICE_KEEP),
    }


def facts_of(notice: PublicNotice) -> list[Pair]:
    """Return what the card beside a notice says of it."""
    by = notice.published_by
    published = (
        f"{timezone.localtime(notice.published_at):%Y-%m-%d %H:%M} {by.name}"
        if by and notice.published_at
        else None
    )
    facts = [
        Pair("类别", notice.kind_label),
        Pair("公示期", f"{notice.first_day} 至 {notice.last_day}（{notice.days} 天）"),
        Pair("受理人", notice.contact_name),
        Pair("受理电话", notice.contact_phone),
        Pair("受理地点", notice.contact_place or None),
        Pair("发布", published),
    ]
    if notice.withdrawal:
        facts.append(Pair("撤下原因", notice.withdrawal, "bad"))
    return facts


@requires(Permission.NOTICE_VIEW)
@require_safe
def sheet(request: PostRequest, pk: int) -> HttpResponse:
    """Show the sheet of paper that is put on the wall, with its QR code."""
    notice = notice_or_404(request, pk)
    url = request.build_absolute_uri(notice.public_path)
    qr = qr_uri(url) if notice.state == State.PUBLISHED else ""
    context = {"notice": notice, "content": notice.content, "qr": qr}
    return render(request, "notices/sheet.html", context)


@requires(Permission.NOTICE_KEEP)
def edit(request: PostRequest, pk: int) -> HttpResponse:
    """Change a draft; nothing typed is lost when somebody else was first."""
    notice = notice_or_404(request, pk)
    form = NoticeForm(
        request.POST if request.method == "POST" else None,
        least=notice.least_days,
        basis=notice.basis,
        initial=initial_of(notice),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                form.save(notice, timezone.localdate())
            except Refused as refused:
                status = 409 if isinstance(refused, EditedMeanwhile) else 422
                form.add_error(None, str(refused))
            else:
                messages.success(request, "草稿已保存。")
                return redirect(notice)
    context = {"form": form, "notice": notice, "content": notice.content}
    return render(request, "notices/edit.html", context, status=status)


def initial_of(notice: PublicNotice) -> dict[str, Any]:
    """Return what the form of a draft begins with."""
    names = ("title", "first_day", "last_day", "version")
    contact = ("contact_name", "contact_phone", "contact_place")
    held = {name: getattr(notice, name) for name in (*names, *contact)}
    return held | {"words": "\n".join(notice.paragraphs)}


@requires(Permission.NOTICE_KEEP)
@require_POST
def publish(request: PostRequest, pk: int) -> HttpResponse:
    """Put a draft on view: its own page, where it stands whole, is the last check."""
    notice, today = notice_or_404(request, pk), timezone.localdate()
    try:
        services.publish(notice=notice, by=acting(request), on=today)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        since = "已经" if notice.first_day <= today else f"从 {notice.first_day} 起"
        words = f"{since}公示。请把公示打印出来贴在村务公开栏，群众也可以扫码查看。"
        messages.success(request, words)
    return redirect(notice)


@requires(Permission.NOTICE_KEEP)
def withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """Take a notice off view, with a reason."""
    notice = notice_or_404(request, pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                notice=notice,
                by=acting(request),
                reason=form.cleaned_data["reason"],
                on=timezone.localdate(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "公示已撤下，公开页面不再显示。")
            return redirect(notice)
    context = {"form": form, "notice": notice}
    status = 422 if form.errors else 200
    return render(request, "notices/withdraw.html", context, status=status)


@requires(Permission.NOTICE_KEEP)
@once
def objection_new(request: PostRequest, pk: int) -> HttpResponse:
    """Enter an objection that came by phone, on paper or in person."""
    notice = notice_or_404(request, pk)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.record_objection(
                notice=notice,
                received_on=given["received_on"],
                way=Way(given["way"]),
                who=given["who"],
                words=given["words"],
                by=acting(request),
                on=timezone.localdate(),
            )
        except Refused as refused:
            form.add_error("received_on", str(refused))
        else:
            messages.success(request, "异议已登记。核实处理以前，办不了下一步。")
            return redirect(notice)
    context = {"form": form, "notice": notice}
    status = 422 if form.errors else 200
    return render(request, "notices/objection.html", context, status=status)


@requires(Permission.NOTICE_KEEP)
def objection_settle(request: PostRequest, pk: int) -> HttpResponse:
    """Write down what came of an objection."""
    rows = Objection.objects.select_related("notice", "region__parent__parent")
    objection = get_object_or_404(rows, pk=pk)
    request.place = objection.region  # type: ignore[attr-defined]
    form = SettlingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_objection(
                objection=objection,
                outcome=form.cleaned_data["outcome"],
                by=acting(request),
                on=timezone.localdate(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "处理结果已登记。")
            return redirect(objection.notice)
    context = {"form": form, "objection": objection, "notice": objection.notice}
    status = 422 if form.errors else 200
    return render(request, "notices/settle.html", context, status=status)
