"""Every address of the site."""

from django.urls import include, path

from operations.views import metrics
from reports.api import Schema
from shaodong import health

# Addresses are tried one by one. Those with a beginning of their own stand first, that
# a phone's visit is not compared with three hundred pages; then those most asked for.
urlpatterns = [
    path("api/v1/schema/", Schema.as_view(), name="schema"),
    path("api/v1/", include("reports.api_urls")),
    path("accounts/", include("accounts.urls")),
    path("imports/", include("workbooks.urls")),
    path("", include("inbox.urls")),
    path("", include("households.urls")),
    path("", include("visits.urls")),
    path("", include("reports.urls")),
    path("", include("sentiment.urls")),
    path("", include("notices.urls")),
    path("", include("representatives.urls")),
    path("", include("trainings.urls")),
    path("", include("evaluations.urls")),
    path("", include("appraisals.urls")),
    path("", include("funding.urls")),
    path("", include("ui.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "shaodong.errors.bad_request"
handler403 = "shaodong.errors.forbidden"
handler404 = "shaodong.errors.not_found"
handler500 = "shaodong.errors.server_error"
