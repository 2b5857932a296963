"""Composes the apps: settings, urls, celery, wsgi. Nobody imports it."""

from shaodong.celery import app as celery_app

__all__ = ["celery_app"]
