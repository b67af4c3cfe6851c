"""Addresses of insight."""

from django.urls import path

from xianxue.insight.views import cockpit, figures, report

urlpatterns = [
    path("", cockpit.home, name="cockpit"),
    path("screen/", cockpit.big_screen, name="big-screen"),
    path("attention/", cockpit.waiting, name="attention"),
    path("recompute/", cockpit.recompute, name="recompute"),
    path("schools/<int:pk>/", cockpit.of_unit, name="cockpit-unit"),
    path("figures/<str:code>/", figures.figure, name="figure"),
    path("figures/<str:code>/units/<int:pk>/", figures.unit_part, name="figure-unit"),
    path("figures/<str:code>/rows/", figures.all_rows, name="figure-rows"),
    path("figures/<str:code>/rows/export/", figures.export, name="figure-rows-export"),
    path("report/", report.page, name="report"),
    path("report/docx/", report.as_docx, name="report-docx"),
    path("report/article/", report.as_article, name="report-article"),
    path("report/<int:year>/<str:variant>/<str:sentence>/", report.SentenceView.as_view(), name="report-sentence"),
]
