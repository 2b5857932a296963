"""恳谈会: who has to hold one, noting one, and its record."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.masking import mask_text
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting, sent, stand_in
from accounts.services import Refused
from papers.answers import answer
from regions.models import Level, Region
from representatives.models import Representative
from sentiment import duties, papers, talk_board
from sentiment.exhibits import files_of_talk
from sentiment.forms.talks import (
    Opinions,
    TalkForm,
    WithdrawForm,
    homes_of,
    one_more,
)
from sentiment.models import Issue, TalkMeeting
from sentiment.services import talks as services
from ui.asked import asked_id

PER_PAGE = 20


@requires(Permission.TALK_VIEW)
@require_safe
def talk_list(request: PostRequest) -> HttpResponse:
    """Show whose 恳谈会 of the quarter is missing, and the meetings that were held."""
    post = acting(request)
    if post.role == "representative":
        return own_talks(request, post)
    return board(request, post.region)


@requires(Permission.TALK_VIEW)
@require_safe
def talks_below(request: PostRequest, code: int) -> HttpResponse:
    """The same of a place below."""
    place = stand_in(request, code)
    if acting(request).role == "representative":
        return redirect("sentiment:talks")
    return board(request, place)


def own_talks(request: PostRequest, post: Post) -> HttpResponse:
    """Show a representative what he owes this quarter and his meetings."""
    person = own_person(post)
    today = timezone.localdate()
    duty = duties.talk_duties(today).filter(representative=post.narrowed_to)
    context = {
        "person": person,
        "duty": duty.first() if person else None,
        "why": duties.explain_talk(person.pk, today) if person else "",
        "talks": talk_board.talks_in(post.region)[:PER_PAGE] if person else (),
        "quarter": talk_board.quarters(today)[-1],
    }
    return render(request, "sentiment/talks-own.html", context)


def board(request: PostRequest, place: Region) -> HttpResponse:
    """Show the lines of a place, exceptions first, and its meetings."""
    today, post = timezone.localdate(), acting(request)
    rows = talk_board.rows_of(place, today)
    talks = talk_board.talks_in(place)
    page = Paginator(talks, PER_PAGE).get_page(request.GET.get("page"))
    gone = talks.exclude(withdrawn_at=None).count()
    context = {
        "place": place,
        "rows": rows,
        "total": talk_board.total(rows),
        "quarters": talk_board.quarters(today) if place.level != Level.CITY else (),
        "quarter": talk_board.quarters(today)[-1],
        "page": page,
        "standing": page.paginator.count - gone,
        "gone": gone,
        "one_village": place.level == Level.VILLAGE,
        "records": post.may(Permission.TALK_RECORD),
        "may_export": post.may(Permission.ROLL_EXPORT),
        "now": timezone.now(),
    }
    return render(request, "sentiment/talks.html", context)


@requires(Permission.TALK_RECORD)
def talk_new(request: PostRequest) -> HttpResponse:
    """Note a meeting: a representative his own, the village anybody's."""
    post = acting(request)
    person = convener(request, post)
    if person is None:
        return choose_convener(request, post)
    return note(request, post, person, None)


@requires(Permission.TALK_RECORD)
def talk_edit(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """更正 a meeting, or add an opinion that was left out."""
    talk = talk_or_404(pk)
    if talk.withdrawn_at:
        messages.error(request, "这次会已经撤回，不能更正。")
        return redirect(talk)
    return note(request, acting(request), talk.representative, talk)


def note(
    request: PostRequest, post: Post, person: Representative, talk: TalkMeeting | None
) -> HttpResponse:
    """Show the form of a meeting, and keep it when it is in order."""
    form, opinions = bound(request, post, person, talk)
    clash = None
    if request.method == "POST" and form.is_checked and all_valid(form, opinions):
        try:
            kept, words = keep(form, opinions, talk, post)
        except EditedMeanwhile as other:
            clash = other
            form.data = request.POST.copy()
            form.data["version"] = str(getattr(other.current, "version", 1))
        except (Refused, services.OtherContent) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, words)
            return redirect(kept)
    return note_page(request, post, form, opinions, clash)


def bound(
    request: PostRequest, post: Post, person: Representative, talk: TalkMeeting | None
) -> tuple[TalkForm, Any]:
    """Return the form of a meeting and those of its opinions, as they were sent.

    Whoever asks for 再加一条 gets an empty one more, and nothing is checked yet.
    """
    wants_more = "more" in request.POST
    data = one_more(request.POST) if wants_more else sent(request)
    form = TalkForm(
        data,
        request.FILES or None,
        person=person,
        talk=talk,
        on_phone=post.role == "representative",
        is_checked=not wants_more,
    )
    return form, Opinions(data, prefix="o", form_kwargs={"homes": form.homes})


def note_page(
    request: PostRequest,
    post: Post,
    form: TalkForm,
    opinions: Any,
    clash: EditedMeanwhile | None,
) -> HttpResponse:
    """Draw the form of a meeting; what was typed stays."""
    context = {
        "form": form,
        "opinions": opinions,
        "person": form.person,
        "talk": form.talk,
        "clash": clash,
        "on_phone": post.role == "representative",
        "layout": layout(post),
        "choose_again": bool(request.FILES),
    }
    checked = form.is_bound and form.is_checked
    wrong = checked and bool(form.errors or opinions.errors)
    code = 409 if clash else 422 if wrong else 200
    return render(request, "sentiment/talk-new.html", context, status=code)


def all_valid(form: TalkForm, opinions: Any) -> bool:
    """Check both, so that every error is shown at once."""
    return all([form.is_valid(), opinions.is_valid()])


def keep(
    form: TalkForm, opinions: Any, talk: TalkMeeting | None, post: Post
) -> tuple[TalkMeeting, str]:
    """Keep what the form says; return the meeting and what to tell the person."""
    content, files = form.content(opinions.opinions()), form.cleaned_data["exhibits"]
    if talk is not None:
        version = form.cleaned_data["version"] or 0
        services.amend(
            talk=talk, content=content, version=version, by=post, files=files
        )
        return talk, "已更正。"
    kept, _ = services.hold(
        talk_id=form.cleaned_data["id"], content=content, by=post, files=files
    )
    heard = len(content.opinions)
    return kept, f"恳谈会已记好，收集民情 {heard} 件。" if heard else "恳谈会已记好。"


@requires(Permission.TALK_VIEW)
@require_safe
def talk(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what was noted of a meeting, and what became of its opinions."""
    post = acting(request)
    found = read_by(post, talk_or_404(pk))
    context = {
        "talk": found,
        "present": [
            seat.household
            for seat in found.presences.select_related("household__group").order_by(
                "household__group__number", "household__initials"
            )
        ],
        "issues": heard_at(found, post),
        "files": files_of_talk(found, post),
        "records": post.may(Permission.TALK_RECORD) and not found.withdrawn_at,
        "on_phone": post.role == "representative",
        "layout": layout(post),
    }
    return render(request, "sentiment/talk.html", context)


@requires(Permission.TALK_RECORD)
def talk_withdraw(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回 a meeting with a reason."""
    found, post = talk_or_404(pk), acting(request)
    form = WithdrawForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(talk=found, reason=form.cleaned_data["reason"], by=post)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "这次会已撤回。")
            return redirect("sentiment:talks")
    context = {
        "form": form,
        "talk": found,
        "on_phone": post.role == "representative",
        "layout": layout(post),
    }
    return render(
        request,
        "sentiment/talk-withdraw.html",
        context,
        status=422 if form.errors else 200,
    )


@requires(Permission.TALK_VIEW)
@require_safe
def talk_paper(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """The record of a meeting, to print or as a document."""
    post = acting(request)
    found = read_by(post, talk_or_404(pk))
    paper = papers.talk_record(found, heard_at(found, post))
    return answer(request, paper, back=found.get_absolute_url())


@requires(Permission.TALK_RECORD)
@require_safe
def talk_sheet(request: PostRequest, pk: int) -> HttpResponse:
    """An empty sheet of one representative: to sign in, to write opinions on."""
    person = get_object_or_404(
        Representative.objects.select_related("region__parent"), pk=pk
    )
    homes = [home.head for home in homes_of(person, timezone.localdate())]
    paper = papers.blank_talk(person, homes, person.region.name)
    return answer(request, paper, back="/talks/")


def heard_at(found: TalkMeeting, post: Post) -> list[Issue]:
    """Return the opinions of a meeting; outside the village without numbers."""
    issues = list(found.issues.select_related("household").order_by("pk"))
    if post.region.level != Level.VILLAGE:
        for one in issues:
            one.words, one.result = mask_text(one.words), mask_text(one.result)
    return issues


def read_by(post: Post, found: TalkMeeting) -> TalkMeeting:
    """Return a meeting as the holder of `post` reads it, to be shown and not saved."""
    if post.region.level != Level.VILLAGE:
        found.topics, found.replies = mask_text(found.topics), mask_text(found.replies)
    return found


def talk_or_404(pk: uuid.UUID) -> TalkMeeting:
    """Return a meeting of the open scope."""
    talks = TalkMeeting.objects.select_related(
        "representative", "region__parent", "entered_by", "withdrawn_by"
    )
    return get_object_or_404(talks, pk=pk)


def layout(post: Post) -> str:
    """Return the frame of a page: the phone's for a representative."""
    return "base_phone.html" if post.role == "representative" else "base.html"


def own_person(post: Post) -> Representative | None:
    """Return the representative whose post this is."""
    return Representative.objects.filter(pk=post.narrowed_to or 0).first()


def convener(request: PostRequest, post: Post) -> Representative | None:
    """Return who called the meeting: himself, or whom the village has chosen."""
    if post.role == "representative":
        return own_person(post)
    asked = asked_id(request.GET.get("representative"))
    if asked is None:
        return None
    people = Representative.objects.select_related("region__parent")
    return get_object_or_404(people, pk=asked)


def choose_convener(request: PostRequest, post: Post) -> HttpResponse:
    """Let the village choose whose meeting it notes; those who owe one come first."""
    if post.role == "representative":
        return render(request, "sentiment/talks-own.html", {"person": None})
    rows = talk_board.rows_of(post.region, timezone.localdate())
    return render(request, "sentiment/talk-convener.html", {"rows": rows})
