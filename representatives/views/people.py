"""Writing about a representative: correcting the roll, filling a seat, signing in."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent, village_of
from accounts.services import Refused, free_username
from attachments import views as attachments
from representatives import services
from representatives.assembly import term_of, vacant_seats
from representatives.forms.people import EnrolForm, PersonForm, PhotoForm, SignInForm
from representatives.listing import sign_in_state
from representatives.models import CommitteeTerm, Representative
from representatives.views.editing import edit_page
from representatives.views.roster import representative_or_404
from ui.asked import asked_id


@requires(Permission.REPRESENTATIVE_EDIT)
def representative_edit(request: PostRequest, pk: int) -> HttpResponse:
    """Correct what the roll says of a person."""
    person = representative_or_404(request, pk)
    form = PersonForm(sent(request), row=person)
    return edit_page(
        request, form, "representatives/edit.html", name="person", whose="{name}"
    )


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def photo(request: PostRequest, pk: int) -> HttpResponse:
    """Answer with the photo of a person; `?preview` asks for the small one."""
    person = representative_or_404(request, pk)
    if person.photo is None:
        raise Http404
    return attachments.answer(request, person.photo, preview="preview" in request.GET)


@requires(Permission.REPRESENTATIVE_EDIT)
def photo_change(request: PostRequest, pk: int) -> HttpResponse:
    """Choose a photo of a person, another one, or none."""
    person = representative_or_404(request, pk)
    files = request.FILES if request.method == "POST" else None
    form = PhotoForm(sent(request), files, has_photo=person.photo_id is not None)
    if request.method == "POST" and form.is_valid():
        services.change_photo(
            representative=person, photo=form.chosen, by=acting(request)
        )
        done = "已换上。" if form.chosen else "已去掉。"
        messages.success(request, f"{person.name}的照片{done}")
        return redirect(person)
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "representatives/photo.html", context, status=status)


@requires(Permission.REPRESENTATIVE_EDIT)
@once
def enrol(request: PostRequest, code: int) -> HttpResponse:
    """Enter a person for a vacant seat of a village."""
    village, today = village_of(request, code), timezone.localdate()
    term = term_of(village, today)
    seats = vacant_seats(village)
    form = EnrolForm(
        sent(request),
        village=village,
        seats=seats,
        term=term,
        initial=enrol_initial(request.GET.get("seat", ""), seats, term, today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            mandate = form.enrol()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{mandate.representative.name}已登记为代表。")
            return redirect(mandate.representative)
    context = {"form": form, "village": village, "term": term, "has_seats": seats}
    status = 422 if form.errors else 200
    return render(request, "representatives/enrol.html", context, status=status)


def enrol_initial(
    asked: str, seats: Any, term: CommitteeTerm | None, on: dt.date
) -> dict[str, Any]:
    """Return what the form begins with; `asked` is the seat one came from."""
    seat = asked_id(asked)
    chosen = seats.filter(pk=seat).first() if seat else None
    if chosen is None and len(seats) == 1:
        chosen = seats[0]
    initial: dict[str, Any] = {
        "started_on": on,
        "until": term.ends_on if term else None,
    }
    if chosen:
        unit = chosen.constituency
        initial |= {"seat": chosen, "mode": unit.mode, "group": unit.group}
        initial["is_by_election"] = chosen.mandates.exists()
    return initial


@requires(Permission.ACCOUNT_MANAGE)
def account(request: PostRequest, pk: int) -> HttpResponse:
    """Open an account for a representative, or let one who came back sign in again."""
    person, by = representative_or_404(request, pk), acting(request)
    today = timezone.localdate()
    if person.user is not None:
        return account_again(request, person, today)
    start = {"username": free_username(person.name)}
    form = SignInForm(sent(request), phone=person.phone, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            password = services.open_sign_in(
                representative=person,
                username=form.cleaned_data["username"],
                phone=form.plain_phone(person.phone),
                by=by,
                on=today,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            opened = {"person": person, "password": password}
            return render(request, "representatives/account_opened.html", opened)
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "representatives/account.html", context, status=status)


def account_again(
    request: PostRequest, person: Representative, on: dt.date
) -> HttpResponse:
    """Give the account's post back to somebody who serves again."""
    if request.method == "POST" and sign_in_state(person, on) == "ended":
        try:
            services.renew_sign_in(representative=person, by=acting(request), on=on)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{person.name}又可以登录了，账号和密码不变。")
        return redirect(person)
    context = {"person": person, "state": sign_in_state(person, on)}
    return render(request, "representatives/account_again.html", context)
