"""Every address of the application: the only place that knows every app."""

from django.conf import settings
from django.urls import include, path

from xianxue.config.settings import _is_here

# Until every part has landed, parts that are missing are left out.
PARTS = (
    ("", "xianxue.accounts.urls"),
    ("imports/", "xianxue.kernel.sheets.urls"),
    ("registers/", "xianxue.kernel.resources.urls"),
    ("", "xianxue.insight.urls"),
)
urlpatterns = [path(prefix, include(module)) for prefix, module in PARTS if _is_here(module)]
if settings.DEMO and _is_here("xianxue.kernel.ui.urls"):
    urlpatterns.append(path("ui/", include("xianxue.kernel.ui.urls")))
