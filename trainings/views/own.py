"""A representative's own trainings, on the phone."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from papers.answers import answer
from representatives.models import Representative
from trainings import papers
from trainings.models import Attendance, State
from trainings.views.people import attendances_of, counts


@dataclass(frozen=True)
class Own:
    """What one has before and behind oneself; hours are of the year."""

    coming: list[Attendance]
    past: list[Attendance]
    year: int

    @property
    def came(self) -> list[Attendance]:
        """Trainings of the year that one came to."""
        rows = (row for row in self.past if counts(row) and row.held_on)
        return [row for row in rows if row.held_on and row.held_on.year == self.year]

    @property
    def hours(self) -> int:
        """课时 of the year."""
        return sum(row.hours or 0 for row in self.came)


@requires(Permission.TRAINING_OWN)
@require_safe
def mine(request: PostRequest) -> HttpResponse:
    """Show a representative his own trainings; nobody is compared with anybody."""
    person, today = own_person(acting(request)), timezone.localdate()
    rows = attendances_of(person) if person else []
    coming = [row for row in rows if row.state == State.PLANNED]
    past = [row for row in rows if row.state != State.PLANNED]
    context = {
        "person": person,
        "own": Own(coming[::-1], past, today.year),
        "today": today,
    }
    return render(request, "trainings/mine.html", context)


@requires(Permission.TRAINING_OWN)
@require_safe
def my_record(request: PostRequest) -> HttpResponse:
    """One's own training record, to print or as a document."""
    person = own_person(acting(request))
    if person is None:
        raise Http404
    came = [row for row in attendances_of(person) if counts(row)]
    paper = papers.person_record(person, came, timezone.localdate())
    return answer(request, paper, back="/trainings/mine/")


def own_person(post: Post) -> Representative | None:
    """Return the representative whose post this is, None if the post names nobody."""
    people = Representative.objects.select_related("region__parent__parent", "group")
    return people.filter(pk=post.narrowed_to or 0).first()
