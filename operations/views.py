"""The one address for machines that watch this one."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from accounts.access import public
from operations.metrics import exposition


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, which shows the token; to anybody else there is nothing here.

    `Authorization: Bearer <METRICS_TOKEN>`. The proxy does not pass this address.
    """
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not hmac.compare_digest(shown.encode(), wanted.encode()):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
