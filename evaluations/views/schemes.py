"""Schemes: the editions that reach a place, drafting, trying, putting in force."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from evaluations.forms.schemes import PARTS, TermsForm, YearForm
from evaluations.models import Scheme, SchemeState
from evaluations.rules.covenants import WARNING, risky_words
from evaluations.rules.schemes import Scope
from evaluations.services import schemes as services
from evaluations.services.schemes import Part
from evaluations.trials import rounds_to_try, tried
from evaluations.village_trials import villages_tried
from regions.models import Level
from ui.asked import asked_id, asked_version


@requires(Permission.RATING_VIEW)
@require_safe
def schemes(request: PostRequest) -> HttpResponse:
    """List the editions that hold for one's place, and the drafts of one's own."""
    post = acting(request)
    rows = Scheme.objects.holding(post.region).select_related("owner", "in_force_by")
    seen = [
        row
        for row in rows.order_by("-year", "scope", "-owner", "-number")
        if row.state != SchemeState.DRAFT or row.owner_id == post.region_id
    ]
    context = {
        "schemes": seen,
        "form": YearForm(),
        "is_city": post.region.level == Level.CITY,
        "may_manage": post.may(Permission.SCHEME_MANAGE),
    }
    return render(request, "evaluations/schemes.html", context)


def scheme_or_404(request: PostRequest, pk: int) -> Scheme:
    """Return an edition of one's range or above it; Http404 for drafts from above."""
    rows = Scheme.objects.reaching(acting(request).region).select_related(
        "owner", "source__owner", "in_force_by"
    )
    return get_object_or_404(rows.whole(), pk=pk)


def draft_or_404(request: PostRequest, pk: int) -> Scheme:
    """Return a draft of one's own; others' may be read, not changed.

    Http404 for an edition that is a draft no more.
    """
    row = scheme_or_404(request, pk)
    if row.owner_id != acting(request).region_id:
        raise PermissionDenied
    if row.state != SchemeState.DRAFT:
        raise Http404
    return row


@requires(Permission.RATING_VIEW)
@require_safe
def scheme(request: PostRequest, pk: int) -> HttpResponse:
    """Show an edition whole; a draft with what hinders it from being put in force."""
    row, post = scheme_or_404(request, pk), acting(request)
    manages = post.may(Permission.SCHEME_MANAGE)
    is_own = row.owner_id == post.region_id
    is_draft = row.state == SchemeState.DRAFT
    context = {
        "row": row,
        "edition": row.edition(),
        "categories": row.categories.all(),
        "tiers": row.tiers.all(),
        "edits": manages and is_own and is_draft,
        "hindrances": services.hindrances(row) if is_draft else (),
        "may_revise": manages and is_own and row.state == SchemeState.IN_FORCE,
        "may_adapt": manages
        and not is_own
        and row.state == SchemeState.IN_FORCE
        and not (row.scope == Scope.VILLAGE and post.region.level == Level.VILLAGE),
    }
    return render(request, "evaluations/scheme.html", context)


@requires(Permission.SCHEME_MANAGE)
@require_POST
def scheme_recommended(request: PostRequest) -> HttpResponse:
    """使用推荐方案: lay it down as a draft of the city."""
    form = YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选哪一年、评什么。")
        return redirect("evaluations:schemes")
    given = form.cleaned_data
    return made(
        request,
        lambda: services.use_recommended(
            year=given["year"],
            scope=Scope(given["scope"]),
            on=timezone.localdate(),
            by=acting(request),
        ),
        "推荐方案已拟成草稿，每个数字都可以改，核对后执行。",
    )


@requires(Permission.SCHEME_MANAGE)
@require_POST
def scheme_adapt(request: PostRequest, pk: int) -> HttpResponse:
    """Begin one's own edition from one that holds."""
    row = scheme_or_404(request, pk)
    return made(
        request,
        lambda: services.adapt(source=row, on=timezone.localdate(), by=acting(request)),
        "已照着拟成草稿，在上级方案的范围内调整，核对后执行。",
    )


def made(request: PostRequest, act: Any, words: str) -> HttpResponse:
    """Go to the draft that an act makes, or to the list with the reason why not."""
    try:
        draft = act()
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("evaluations:schemes")
    messages.success(request, words)
    return redirect(draft)


@requires(Permission.SCHEME_MANAGE)
def scheme_terms(request: PostRequest, pk: int) -> HttpResponse:
    """Change how often is rated and how long results stand on view."""
    row = draft_or_404(request, pk)
    names = ("rounds", "notice_days", "version")
    form = TermsForm(
        sent(request), initial={name: getattr(row, name) for name in names}
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        try:
            services.save_terms(
                scheme=row, changes=given, version=version, by=acting(request)
            )
        except EditedMeanwhile as meanwhile:
            form.add_error(None, str(meanwhile))
            status = 409
        else:
            return redirect(row)
    context = {"form": form, "row": row, "title": "次数和公示天数"}
    return render(request, "evaluations/scheme_part.html", context, status=status)


def form_of(
    kind: str, scheme: Scheme, part: Any, request: PostRequest
) -> "forms.ModelForm[Any]":
    """Return the form of a category, an item or a grade."""
    model, form, _ = PARTS[kind]
    first = asked_id(request.GET.get("category"))
    more: dict[str, Any] = {"scheme": scheme} if kind == "item" else {}
    if kind == "item" and part is None and first:
        more["initial"] = {"category": first}
    row = part or (model() if kind == "item" else model(scheme=scheme))
    built: forms.ModelForm[Any] = form(sent(request), instance=row, **more)
    return built


@requires(Permission.SCHEME_MANAGE)
@once
def scheme_part_new(request: PostRequest, pk: int, kind: str) -> HttpResponse:
    """Add a category, an item or a grade to a draft."""
    row = draft_or_404(request, pk)
    if kind not in PARTS:
        raise Http404
    return part_page(request, row, kind, None)


@requires(Permission.SCHEME_MANAGE)
def scheme_part(request: PostRequest, pk: int, kind: str, part: int) -> HttpResponse:
    """Change a category, an item or a grade of a draft."""
    row = draft_or_404(request, pk)
    return part_page(request, row, kind, part_or_404(row, kind, part))


def part_or_404(scheme: Scheme, kind: str, pk: int) -> Part:
    """Return a part of an edition; Http404 if it is another's."""
    if kind not in PARTS:
        raise Http404
    owner = "category__scheme" if kind == "item" else "scheme"
    found: Part = get_object_or_404(PARTS[kind][0], pk=pk, **{owner: scheme})
    return found


def part_page(
    request: PostRequest, row: Scheme, kind: str, part: Part | None
) -> HttpResponse:
    """Draw and save the form of a part."""
    form = form_of(kind, row, part, request)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_part(
                scheme=row, part=form.save(commit=False), by=acting(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if words := risky_words(str(form.instance)):
                messages.warning(request, f"这里有{'、'.join(words)}。{WARNING}")
            return redirect(row)
    word = PARTS[kind][2]
    context = {
        "form": form,
        "row": row,
        "title": f"{'改' if part else '加'}{word}",
        "part": part,
        "kind": kind,
    }
    status = 422 if form.errors else 200
    return render(request, "evaluations/scheme_part.html", context, status=status)


@requires(Permission.SCHEME_MANAGE)
@require_POST
def scheme_part_drop(
    request: PostRequest, pk: int, kind: str, part: int
) -> HttpResponse:
    """Take a part out of a draft."""
    row = draft_or_404(request, pk)
    found = part_or_404(row, kind, part)
    try:
        services.drop_part(scheme=row, part=found, by=acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{PARTS[kind][2]}已去掉。")
    return redirect(row)


@requires(Permission.SCHEME_MANAGE)
@require_safe
def scheme_try(request: PostRequest, pk: int) -> HttpResponse:
    """Try a draft on entries of rounds that were rated: differences, nothing written."""
    row, post = draft_or_404(request, pk), acting(request)
    if row.scope == Scope.VILLAGE:
        context = {"row": row, "villages": villages_tried(row, post.region)}
        return render(request, "evaluations/scheme_try_villages.html", context)
    rounds = rounds_to_try(row, post.region)
    asked = asked_id(request.GET.get("round"))
    chosen = next((one for one in rounds if one.pk == asked), None)
    chosen = chosen or next(iter(rounds), None)
    context = {
        "row": row,
        "rounds": rounds,
        "chosen": chosen,
        "trial": tried(row, chosen) if chosen else None,
        "is_inside": post.region.level == Level.VILLAGE,
    }
    return render(request, "evaluations/scheme_try.html", context)


@requires(Permission.SCHEME_MANAGE)
@require_POST
def scheme_force(request: PostRequest, pk: int) -> HttpResponse:
    """Put a draft in force; from then on it is frozen."""
    row = draft_or_404(request, pk)
    try:
        services.put_in_force(
            scheme=row,
            version=asked_version(request.POST.get("version")),
            on=timezone.localdate(),
            by=acting(request),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(row)
    messages.success(request, f"{row.full_name}开始执行，不能再改；要改请点“修订”。")
    return redirect(row)


@requires(Permission.SCHEME_MANAGE)
@require_POST
def scheme_drop(request: PostRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    row = draft_or_404(request, pk)
    try:
        services.drop(scheme=row, by=acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(row)
    messages.success(request, "草稿已去掉。")
    return redirect("evaluations:schemes")
