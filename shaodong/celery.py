"""The Celery application: tasks come from each app's tasks.py, the timetable from here."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaodong.settings")

app = Celery("shaodong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Beat only asks; whether there is something to do, and for which date, the tasks
# read from the database. A doubled or missing beat therefore changes nothing.
app.conf.beat_schedule = {
    "heartbeat": {"task": "jobs.tasks.beat_heart", "schedule": 30.0},
    "sweep": {"task": "jobs.tasks.sweep", "schedule": 60.0},
    "forget-sent": {
        "task": "accounts.tasks.forget_sent",
        "schedule": crontab(hour=3, minute=35),
    },
    "seal-audit": {
        "task": "accounts.tasks.seal_audit",
        "schedule": crontab(hour=2, minute=10),
    },
    "flag-overdue": {
        "task": "visits.tasks.ask_for_flags",
        "schedule": crontab(hour=1, minute=30),
    },
    "remind": {
        "task": "visits.tasks.ask_for_reminders",
        "schedule": crontab(hour=8, minute=10),
    },
    "remind-of-vacancies": {
        "task": "representatives.tasks.ask_for_reminders",
        "schedule": crontab(hour=8, minute=12),
    },
    "remind-of-trainings": {
        "task": "trainings.tasks.ask_for_reminders",
        "schedule": crontab(hour=8, minute=14),
    },
    "tell-early-signs": {
        "task": "sentiment.tasks.ask_for_signs",
        "schedule": crontab(hour="8-20", minute=40),
    },
    "remind-of-meetings": {
        "task": "sentiment.tasks.ask_for_reminders",
        "schedule": crontab(hour=8, minute=20),
    },
    "remind-of-turns": {
        "task": "funding.tasks.ask_for_reminders",
        "schedule": crontab(hour=8, minute=30),
    },
    "nudge": {
        "task": "inbox.tasks.ask_for_nudges",
        "schedule": crontab(minute=40, hour="6-21"),
    },
    "end-notices": {
        "task": "notices.tasks.ask_to_end",
        "schedule": crontab(hour=0, minute=20),
    },
    "close-periods": {
        "task": "reports.tasks.ask_for_closing",
        "schedule": crontab(hour=2, minute=30),
    },
    "scheduled-reports": {
        "task": "reports.tasks.ask_for_reports",
        "schedule": crontab(hour=6, minute=30),
    },
    "tidy-exports": {
        "task": "reports.tasks.tidy_exports",
        "schedule": crontab(hour=3, minute=40),
    },
    "tidy-imports": {
        "task": "workbooks.tasks.tidy",
        "schedule": crontab(hour=3, minute=20),
    },
}
