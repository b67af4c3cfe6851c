"""Every address of the application: the only place that knows every app."""

from django.conf import settings
from django.urls import include, path

handler500 = "xianxue.kernel.ui.faults.fault"
urlpatterns = [
    path("", include("xianxue.insight.urls")),
    path("", include("xianxue.accounts.urls")),
    path("", include("xianxue.supervision.urls")),
    path("", include("xianxue.kernel.procedures.urls")),
    path("people/", include("xianxue.people.urls")),
    path("meetings/", include("xianxue.meetings.urls")),
    path("decisions/", include("xianxue.decisions.urls")),
    path("public/decisions/", include("xianxue.decisions.public_urls")),
    path("imports/", include("xianxue.kernel.sheets.urls")),
    path("registers/", include("xianxue.kernel.resources.urls")),
    path("api/v1/", include("xianxue.kernel.api.urls")),
    path("account/", include("xianxue.kernel.api.pages.urls")),
    path("account/", include("xianxue.kernel.channels.urls")),
    path("files/", include("xianxue.kernel.files.urls")),
    path("", include("xianxue.kernel.evidence.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("ui/", include("xianxue.kernel.ui.urls")))
