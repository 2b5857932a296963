"""Every address of the site."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from accounts.access import public
from shaodong import health

urlpatterns = [
    path("", include("reports.urls")),
    path("accounts/", include("accounts.urls")),
    path("gallery/", include("ui.urls")),
    path("api/v1/schema/", public(SpectacularAPIView.as_view()), name="schema"),
    path("api/v1/", include("reports.api_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "ui.views.bad_request"
handler403 = "ui.views.permission_denied"
handler404 = "ui.views.not_found"
handler500 = "ui.views.server_error"
