"""请核实: the village answers for visits that were noted all at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from ui.asked import asked_words
from visits import bursts
from visits.models import BurstAnswer

SHOWN = 20


@requires(Permission.VISIT_DESK)
def burst_list(request: PostRequest) -> HttpResponse:
    """List the open questions and what was answered; take an answer."""
    village, today = acting(request).region, timezone.localdate()
    refusal = answer(request) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("visits:bursts")
    answers = BurstAnswer.objects.select_related("representative", "answered_by")
    context = {
        "questions": bursts.questions(village, today),
        "answers": answers.order_by("-answered_at")[:SHOWN],
        "refusal": refusal,
        "typed": request.POST,
        "ticked": set(request.POST.getlist("visits")),
    }
    status = 422 if refusal else 200
    return render(request, "visits/bursts.html", context, status=status)


def answer(request: PostRequest) -> str:
    """Do what was answered; return why not, if it cannot be done."""
    sent, by = request.POST, acting(request)
    note = asked_words(sent.get("note", ""), bursts.LONGEST_NOTE)
    given = bursts.Answer(by.region, sent.get("key", ""), note, timezone.localdate())
    try:
        if "reject" in sent:
            gone = bursts.reject(answer=given, chosen=sent.getlist("visits"), by=by)
            messages.success(request, f"已撤回 {gone} 条走访，原因代表看得到。")
        else:
            bursts.confirm(answer=given, by=by)
            messages.success(request, "已核实属实，走访照常算数。")
    except Refused as refused:
        return str(refused)
    return ""
