"""Addresses of people's own pages; the registers make theirs."""

from django.urls import path

from xianxue.people.views import duplicates

urlpatterns = [
    path("duplicates/find/", duplicates.Find.as_view(), name="duplicates-find"),
    path("duplicates/elsewhere/", duplicates.Elsewhere.as_view(), name="duplicates-elsewhere"),
    path("duplicates/<int:pk>/same/", duplicates.Same.as_view(), name="duplicate-same"),
    path("duplicates/<int:pk>/different/", duplicates.Different.as_view(), name="duplicate-different"),
    path("duplicates/<int:pk>/unclear/", duplicates.Unclear.as_view(), name="duplicate-unclear"),
    path("duplicates/<int:pk>/confirm/", duplicates.Confirm.as_view(), name="duplicate-confirm"),
    path("duplicates/<int:pk>/return/", duplicates.Return.as_view(), name="duplicate-return"),
    path("duplicates/<int:pk>/undo/", duplicates.Undo.as_view(), name="duplicate-undo"),
]
