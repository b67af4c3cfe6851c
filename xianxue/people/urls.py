"""Addresses of people's own pages; the registers make theirs."""

from django.urls import path

from xianxue.people.views import duplicates, promotion

urlpatterns = [
    path("promotion/", promotion.Promotion.as_view(), name="promotion"),
    path("promotion/<int:pk>/<int:year>/", promotion.PromotionSchool.as_view(), name="promotion-school"),
    path("promotion/<int:pk>/<int:year>/confirm/", promotion.Confirm.as_view(), name="promotion-confirm"),
    path("promotion/<int:pk>/<int:year>/reopen/", promotion.Reopen.as_view(), name="promotion-reopen"),
    path("promotion/pupil/<int:pk>/hold-back/", promotion.HoldBack.as_view(), name="promotion-hold-back"),
    path("promotion/pupil/<int:pk>/skip/", promotion.LetSkip.as_view(), name="promotion-skip"),
    path("promotion/exception/<int:pk>/undo/", promotion.UndoException.as_view(), name="promotion-undo"),
    path("duplicates/find/", duplicates.Find.as_view(), name="duplicates-find"),
    path("duplicates/elsewhere/", duplicates.Elsewhere.as_view(), name="duplicates-elsewhere"),
    path("duplicates/<int:pk>/same/", duplicates.Same.as_view(), name="duplicate-same"),
    path("duplicates/<int:pk>/different/", duplicates.Different.as_view(), name="duplicate-different"),
    path("duplicates/<int:pk>/unclear/", duplicates.Unclear.as_view(), name="duplicate-unclear"),
    path("duplicates/<int:pk>/confirm/", duplicates.Confirm.as_view(), name="duplicate-confirm"),
    path("duplicates/<int:pk>/return/", duplicates.Return.as_view(), name="duplicate-return"),
    path("duplicates/<int:pk>/undo/", duplicates.Undo.as_view(), name="duplicate-undo"),
]
