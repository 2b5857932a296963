"""Reporting jobs of the night."""

from celery import shared_task

from reports import exports


@shared_task
def tidy_exports() -> int:
    """Remove exported files after a week."""
    return exports.remove_expired()
