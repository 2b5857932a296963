"""A representative's statement, on the phone and at the desk; his account; scans."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from attachments.views import answer as file_answer
from funding import papers, services
from funding.forms.subsidies import AccountForm, StandardForm
from funding.models import PayAccount, Scan, Standard
from funding.statements import Statement
from papers.answers import answer
from representatives.models import Representative
from representatives.views.revealing import reveal


@requires(Permission.SUBSIDY_OWN)
@require_safe
def mine(request: PostRequest) -> HttpResponse:
    """Show a representative what he was paid, and why so much."""
    person = Representative.objects.filter(pk=acting(request).narrowed_to or 0).first()
    context = {
        "person": person,
        "statement": Statement(person) if person else None,
        "account": account_of(person) if person else None,
    }
    return render(request, "funding/mine.html", context)


def person_or_404(request: PostRequest, pk: int) -> Representative:
    """Return a representative of one's range, and put his village on the path."""
    people = Representative.objects.select_related("region__parent__parent", "group")
    person = get_object_or_404(people, pk=pk)
    request.place = person.region  # type: ignore[attr-defined]
    return person


def account_of(person: Representative) -> PayAccount | None:
    """Return where somebody's subsidy goes."""
    return PayAccount.objects.filter(representative=person).first()


@requires(Permission.FUND_VIEW)
@require_safe
def statement(request: PostRequest, pk: int) -> HttpResponse:
    """Show what somebody was paid, line by line."""
    person, post = person_or_404(request, pk), acting(request)
    context = {
        "person": person,
        "statement": Statement(person),
        "account": account_of(person),
        "may_keep": post.may(Permission.FUND_KEEP),
        "may_reveal": post.may(Permission.SENSITIVE_REVEAL),
    }
    return render(request, "funding/statement.html", context)


@requires(Permission.FUND_VIEW)
@require_safe
def statement_paper(request: PostRequest, pk: int) -> HttpResponse:
    """The statement, to print or as a document."""
    person = person_or_404(request, pk)
    paper = papers.statement(Statement(person), timezone.localdate())
    back = reverse("funding:statement", args=[person.pk])
    return answer(request, paper, back=back)


@requires(Permission.FUND_KEEP)
def account(request: PostRequest, pk: int) -> HttpResponse:
    """登记领款账号. A number that is kept is never put into the form."""
    person = person_or_404(request, pk)
    kept = account_of(person)
    form = AccountForm(sent(request), initial={"bank": kept.bank} if kept else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_account(
                representative=person, by=acting(request), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error("number", str(refused))
        else:
            messages.success(request, f"{person.name}的领款账号已登记。")
            return redirect("funding:statement", person.pk)
    context = {"form": form, "person": person, "kept": kept}
    status = 422 if form.errors else 200
    return render(request, "funding/account.html", context, status=status)


@requires(Permission.SENSITIVE_REVEAL)
def account_reveal(request: PostRequest, pk: int) -> HttpResponse:
    """Ask for a reason, then show the whole number of an account."""
    rows = PayAccount.objects.select_related("representative__region__parent__parent")
    kept = get_object_or_404(rows, representative=pk)
    request.place = kept.representative.region  # type: ignore[attr-defined]
    return reveal(request, kept, "number")


@requires(Permission.FUND_VIEW)
@require_safe
def scan(request: PostRequest, pk: int) -> HttpResponse:
    """Serve the scan of a voucher, a resolution or a signed sheet."""
    found = get_object_or_404(Scan.objects.select_related("attachment"), pk=pk)
    return file_answer(request, found.attachment, preview="preview" in request.GET)


@requires(Permission.FUND_ALLOT)
def standards_page(request: PostRequest) -> HttpResponse:
    """经费和补贴标准: what holds, since when, by which document; and setting a new one."""
    form = StandardForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_standard(
                on=timezone.localdate(), by=acting(request), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            words = f"{made.get_kind_display()}已设定，{made.effective_from} 起施行。"
            messages.success(request, words)
            return redirect("funding:standards")
    today = timezone.localdate()
    rows = Standard.objects.order_by("kind", "-effective_from")
    context = {"form": form, "rows": rows, "today": today}
    status = 422 if form.errors else 200
    return render(request, "funding/standards.html", context, status=status)
