"""As little as Celery needs when it sees a Django project."""

import os

SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES: dict[str, object] = {}
USE_TZ = True
