"""民情: the list, one issue with all its steps, taking a step, a new issue."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import NotYours, Refused
from regions.models import Level
from sentiment import early, listing, services
from sentiment.exhibits import files_of_issue
from sentiment.forms.entering import NewIssueForm
from sentiment.forms.exhibits import ExhibitsForm
from sentiment.forms.filters import IssueFilter
from sentiment.forms.steps import FORMS, StepForm
from sentiment.models import Issue
from sentiment.models.states import OPEN
from sentiment.rows import rows_of
from sentiment.rules import TABLE, Action
from sentiment.standings import actions_of, next_of
from sentiment.timeline import events_of
from ui.parts import Pair, Segment

PER_PAGE = 50
SLUGS = {action.value.replace("_", "-"): action for action in FORMS}
TABS = (
    ("", "没有销号的", "open"),
    ("mine", "待我处理", "mine"),
    ("overdue", "超期", "overdue"),
    ("tell", "待反馈群众", "tell"),
    ("bad", "群众不满意", "bad"),
)


@requires(Permission.ISSUE_VIEW)
@require_safe
def issue_list(request: PostRequest) -> HttpResponse:
    """List the issues of one's range, exceptions first."""
    post, today = acting(request), timezone.localdate()
    if post.role == "representative":
        return redirect("sentiment:to-tell")
    one_village = post.region.level == Level.VILLAGE
    filters = IssueFilter(request.GET, one_village=one_village)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = Issue.objects.none()
    if not filters.errors:
        found = listing.matching(wanted, listing.holder_of(post), today)
    ids = listing.ids_in_order(found, wanted, today)
    page = Paginator(ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "tabs": tabs(post, wanted.get("state") or ""),
        "page": page,
        "lines": listing.lines(list(page.object_list), post, today),
        "one_village": one_village,
        "signs": early.signs(post.region, today, post),
        "sign_days": early.DAYS,
        "may_collect": post.may(Permission.ISSUE_COLLECT),
        "may_export": post.may(Permission.ROLL_EXPORT),
        "now": timezone.now(),
    }
    return render(request, "sentiment/issues.html", context)


def tabs(post: Post, state: str) -> tuple[Segment, ...]:
    """Return what waits, as the switch above the list."""
    counts = listing.counts(post, timezone.localdate())
    return tuple(
        Segment(
            f"{label} {getattr(counts, field):,}",
            f"?state={key}" if key else "?",
            current=key == state,
        )
        for key, label, field in TABS
    )


@requires(Permission.ISSUE_VIEW)
@require_safe
def issue(request: PostRequest, pk: int) -> HttpResponse:
    """Show an issue: what is next, who has it, and every step until today."""
    row, post = issue_or_404(request, pk), acting(request)
    form = first_form(row, post)
    return issue_page(request, row, form)


def issue_or_404(request: PostRequest, pk: int) -> Issue:
    """Return an issue of one's range, and put its village on the path."""
    rows = Issue.objects.select_related(
        "region__parent__parent", "household", "group", "representative", "visit",
        "merged_into__household", "entered_by",
    )  # fmt: skip
    row = get_object_or_404(rows, pk=pk)
    request.place = row.region  # type: ignore[attr-defined]
    return row


def first_form(row: Issue, post: Post) -> StepForm | None:
    """Return the form of what is next, if it is this post's to do."""
    wanted = next_of(row, timezone.localdate()).action
    if wanted is None or wanted not in {line.action for line in actions_of(row, post)}:
        return None
    return FORMS[wanted](issue=row, by=post)


def issue_page(
    request: PostRequest,
    row: Issue,
    form: StepForm | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Draw the page of an issue around a form (or none)."""
    post, today = acting(request), timezone.localdate()
    merged = row.merged.select_related("household", "group", "representative")
    context = {
        "issue": row,
        "words": listing.shown(row.words, post),
        "next": next_of(row, today),
        "form": form,
        "others": other_steps(row, post, form),
        "may_merge": Action.MERGE in {line.action for line in actions_of(row, post)},
        "merged": [
            (one, listing.shown(one.words, post)) for one in merged.order_by("pk")
        ],
        "households": rows_of([row.pk])[0].households,
        "facts": facts(row),
        "events": events_of(row, post),
        "files": files_of_issue(row, post),
        "adding": ExhibitsForm() if may_add_files(row, post) else None,
        **more,
    }
    template = "sentiment/issue.html"
    if post.role == "representative":
        template = "sentiment/issue_phone.html"
    return render(request, template, context, status=status)


def may_add_files(row: Issue, post: Post) -> bool:
    """Return whether photos and voice notes may be added: while the village sees to it."""
    return post.may(Permission.ISSUE_COLLECT) and row.state in OPEN


def other_steps(
    row: Issue, post: Post, form: StepForm | None
) -> list[tuple[str, str, bool]]:
    """Return the steps beside the next one: address part, words, is it dangerous."""
    shown = form.action if form else None
    found: dict[Action, tuple[str, str, bool]] = {}
    for line in actions_of(row, post):
        kind = FORMS.get(line.action)
        if kind and line.action is not shown and not is_a_decision(line.action, post):
            slug = line.action.value.replace("_", "-")
            found[line.action] = (slug, kind.title, kind.danger)
    return list(found.values())


def is_a_decision(action: Action, post: Post) -> bool:
    """Return whether the village takes this step by its one decision."""
    return action is Action.RAISE and post.region.level == Level.VILLAGE


def facts(row: Issue) -> list[Pair]:
    """Return what is known of an issue beside its words, and nothing of the rest."""
    household = row.household
    pairs = (
        Pair("来源", row.get_source_display()),
        Pair("收集时间", str(row.heard_on)),
        Pair("反映户", household.head if household else None,
             url=household.get_absolute_url() if household else ""),
        Pair("所在组", str(row.group) if row.group else None),
        Pair("收集代表", row.representative.name if row.representative else None),
        Pair("当时满意吗", row.get_satisfaction_display()),
        Pair("办理方式", row.get_way_display()),
        Pair("承办单位", row.unit),
        Pair("责任人", row.person),
        Pair("办理时限", str(row.due_on) if row.due_on else None),
        Pair("办理情况", row.result),
        Pair("群众评价", row.get_answer_display()),
        Pair("退回重办", f"{row.returns} 次" if row.returns else None),
    )  # fmt: skip
    return [pair for pair in pairs if pair.value]


@requires(Permission.ISSUE_VIEW)
def issue_step(request: PostRequest, pk: int, step: str) -> HttpResponse:
    """Take a step; 403 if it is not this post's, 409 if somebody was faster."""
    row, post = issue_or_404(request, pk), acting(request)
    form = form_of(request, row, step, post)
    if request.method == "POST" and form.is_valid():
        try:
            row = form.take()
        except services.ChangedMeanwhile as other:
            form.rebased(other.issue.version)
            fresh = issue_or_404(request, pk)
            return issue_page(request, fresh, form, 409, since=other.steps)
        except NotYours as refused:
            raise PermissionDenied(str(refused)) from refused
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done_words(row, form))
            return redirect(after(row, post))
    return issue_page(request, row, form, 422 if form.errors else 200)


def form_of(request: PostRequest, row: Issue, step: str, post: Post) -> StepForm:
    """Return the form of a step; Http404 for an unknown one, 403 for another's."""
    if step not in SLUGS:
        raise Http404
    rights = post.kind.permissions
    if not any(line.action is SLUGS[step] and line.who in rights for line in TABLE):
        raise PermissionDenied
    return FORMS[SLUGS[step]](sent(request), issue=row, by=post)


def add_refusal(form: StepForm, refused: Refused) -> None:
    """Put what the service refuses beside its field, if the form has it."""
    field = getattr(refused, "field", "")
    form.add_error(field if field in form.fields else None, str(refused))


def done_words(row: Issue, form: StepForm) -> str:
    """Return what to say after a step."""
    return f"已{form.button.removesuffix('了')}。现在：{row.get_state_display()}。"


def after(row: Issue, post: Post) -> Any:
    """Return where somebody goes after a step."""
    return "sentiment:to-tell" if post.role == "representative" else row


@requires(Permission.ISSUE_COLLECT)
@once
def issue_new(request: PostRequest) -> HttpResponse:
    """Enter what somebody said who came or called."""
    post = acting(request)
    form = NewIssueForm(sent(request), request.FILES or None, village=post.region)
    if request.method == "POST" and form.is_valid():
        try:
            row = form.collect(post)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已登记。能当场定的，现在就可以研判。")
            return redirect(row)
    status = 422 if form.errors else 200
    context = {"form": form, "choose_again": bool(request.FILES)}
    return render(request, "sentiment/issue_new.html", context, status=status)
