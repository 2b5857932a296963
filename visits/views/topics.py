"""The city's list of what a matter can be about (民情类别)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import sent
from accounts.services import Refused
from visits.forms import NewTopicForm, TopicForm
from visits.models import Topic
from visits.topics import add_topic, edit_topic


@requires(Permission.TOPIC_MANAGE)
@require_safe
def topic_list(request: PostRequest) -> HttpResponse:
    """Show the categories in the order of the phone."""
    rows = Topic.objects.order_by("order", "name")
    return render(request, "visits/topics.html", {"rows": rows})


@requires(Permission.TOPIC_MANAGE)
@once
def topic_new(request: PostRequest) -> HttpResponse:
    """Add a category at the end of the list."""
    form = NewTopicForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            topic = add_topic(**form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"已增加“{topic.name}”，全市现在就能用。")
            return redirect("visits:topics")
    context = {"form": form, "topic": None}
    status = 422 if form.errors else 200
    return render(request, "visits/topic_edit.html", context, status=status)


@requires(Permission.TOPIC_MANAGE)
def topic_edit(request: PostRequest, name: str) -> HttpResponse:
    """Change how a category is said, its place, and whether it is offered."""
    topic = get_object_or_404(Topic, pk=name)
    form = TopicForm(sent(request), topic=topic)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        retired = topic.retired_on or timezone.localdate()
        edit_topic(
            topic=topic,
            words=given["words"],
            order=given["order"],
            retired_on=retired if given["retired"] else None,
        )
        messages.success(request, f"“{topic.name}”已保存，全市生效。")
        return redirect("visits:topics")
    context = {"form": form, "topic": topic}
    status = 422 if form.errors else 200
    return render(request, "visits/topic_edit.html", context, status=status)
