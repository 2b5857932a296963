"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application

from shaodong.loading import load_whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaodong.settings")
application = get_wsgi_application()
load_whole()
