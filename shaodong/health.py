"""Whether the process runs (`/healthz`) and whether all it needs is there (`/readyz`)."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.access import public
from operations.vitals import CHECKS


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process is alive, whatever else is not."""
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if everything is there, else 503 and what is not."""
    missing = {name: found for name, check in CHECKS.items() if (found := check())}
    status = 503 if missing else 200
    return JsonResponse({"ready": not missing, "missing": missing}, status=status)
