"""Addresses of evidence."""

from django.urls import path

from xianxue.kernel.evidence.views import (
    CheckpointView,
    CheckView,
    ConsistencyView,
    EvidenceView,
    SheetView,
    SignView,
)

urlpatterns = [
    path("evidence/", EvidenceView.as_view(), name="evidence"),
    path("evidence/sign/", SignView.as_view(), name="evidence-sign"),
    path("evidence/checkpoints/<int:pk>/", CheckpointView.as_view(), name="checkpoint"),
    path("evidence/checkpoints/<int:pk>/sheet/", SheetView.as_view(), name="checkpoint-sheet"),
    path("evidence/consistency/<int:size>/", ConsistencyView.as_view(), name="consistency"),
    path("check/<int:size>/<slug:root>/", CheckView.as_view(), name="checkpoint-check"),
]
