"""Addresses of insight."""

from django.urls import path

from xianxue.insight.views import cockpit, figures, release_check, release_steps, releases, report

urlpatterns = [
    path("", cockpit.home, name="cockpit"),
    path("screen/", cockpit.big_screen, name="big-screen"),
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
    path("releases/", releases.listing, name="releases"),
    path("releases/prepare/<int:year>/", release_steps.PrepareView.as_view(), name="release-prepare"),
    path("releases/drafts/<int:pk>/", release_steps.draft, name="release-draft"),
    path("releases/drafts/<int:pk>/release/", release_steps.ReleaseView.as_view(), name="release-draft-release"),
    path("releases/drafts/<int:pk>/drop/", release_steps.DropView.as_view(), name="release-draft-drop"),
    path("releases/<slug:number>/", releases.one, name="release"),
    path("releases/<slug:number>/figures/<str:code>/", releases.figure, name="release-figure"),
    path("releases/<slug:number>/compare/", releases.compare, name="release-compare"),
    path("releases/<slug:number>/compare/export/", releases.compare_export, name="release-compare-export"),
    path("releases/<slug:number>/check/", releases.check_now, name="release-check-now"),
    path("releases/<slug:number>/paper/", releases.as_page, name="release-paper"),
    path("releases/<slug:number>/docx/", releases.as_docx, name="release-docx"),
    path("releases/<slug:number>/file/", releases.as_file, name="release-file"),
    path("releases/<slug:number>/withdraw/", release_steps.WithdrawView.as_view(), name="release-withdraw"),
    path("check/release/", release_check.start, name="release-check-start"),
    path("check/release/<slug:number>/<slug:root>/", release_check.check, name="release-check"),
]
