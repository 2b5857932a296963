"""A Celery application without tasks."""

import os

from celery import Celery

app = Celery("shaodong", broker=os.environ["REDIS_URL"])
app.conf.broker_connection_retry_on_startup = True
