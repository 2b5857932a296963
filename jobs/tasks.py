"""What Celery runs. Arguments are ids; what is to be done stands in the database."""

import uuid
from itertools import takewhile

from celery import Task, shared_task
from celery.signals import worker_ready

from jobs import services
from regions.scoping import EVERYWHERE_HI, Scope, scope, span


class ScopedTask(Task):  # type: ignore[type-arg]
    """A task that cannot run unscoped: `region` opens the scope of its body."""

    abstract = True

    def __call__(self, *args: object, region: int, **kwargs: object) -> object:
        """Open the scope of the division `region` and run."""
        opened = span(region)
        with scope(Scope(opened.lo, opened.hi, why=self.name)):
            return super().__call__(*args, region=region, **kwargs)


@shared_task(base=ScopedTask)
def run(job_id: str, *, region: int) -> None:
    """Do one job of the outbox, which belongs to the division `region`."""
    services.perform(uuid.UUID(job_id))


@shared_task
def sweep() -> int:
    """Publish what waits: lost messages, dead workers, a broker that was down.

    Reads ids across townships and touches nothing else, every minute: this one scope
    is not written to the access log. It stops at the first job that cannot be
    published: with the broker down, each further try would cost its time-out.
    """
    with scope(Scope(0, EVERYWHERE_HI, why="jobs.sweep")):
        published = takewhile(services.publish, services.waiting_jobs())
        return sum(1 for _ in published)


@shared_task
def beat_heart() -> None:
    """Show that beat, broker, worker and database work together."""
    services.beat_heart("worker")


@worker_ready.connect
def begin(**_: object) -> None:
    """Show a pulse and sweep at once when a worker starts."""
    beat_heart.delay()
    sweep.delay()
