"""Addresses of imports."""

from django.urls import path

from xianxue.kernel.sheets.views.batches import BatchApplyView, BatchView
from xianxue.kernel.sheets.views.jobs import (
    ApplyView,
    CancelView,
    ConfirmView,
    DecideView,
    JobView,
    MendView,
    ReturnedView,
    UndoView,
)
from xianxue.kernel.sheets.views.look import ChangesView, RowsView
from xianxue.kernel.sheets.views.start import StartView, TemplateView

urlpatterns = [
    path("", StartView.as_view(), name="import-start"),
    path("templates/<slug:code>.xlsx", TemplateView.as_view(), name="template-download"),
    path("batches/<int:pk>/", BatchView.as_view(), name="import-batch"),
    path("batches/<int:pk>/apply/", BatchApplyView.as_view(), name="import-batch-apply"),
    path("<int:pk>/", JobView.as_view(), name="import-job"),
    path("<int:pk>/rows/", RowsView.as_view(), name="import-rows"),
    path("<int:pk>/changes/", ChangesView.as_view(), name="import-changes"),
    path("<int:pk>/apply/", ApplyView.as_view(), name="import-apply"),
    path("<int:pk>/mend/", MendView.as_view(), name="import-mend"),
    path("<int:pk>/decide/", DecideView.as_view(), name="import-decide"),
    path("<int:pk>/confirm/", ConfirmView.as_view(), name="import-confirm"),
    path("<int:pk>/cancel/", CancelView.as_view(), name="import-cancel"),
    path("<int:pk>/undo/", UndoView.as_view(), name="import-undo"),
    path("<int:pk>/returned.xlsx", ReturnedView.as_view(), name="import-returned"),
]
