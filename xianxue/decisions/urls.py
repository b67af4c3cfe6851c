"""Addresses of major decisions; registers and matters make their own."""

from django.urls import path

from xianxue.decisions.views import filings, letters, overview, papers, preflight
from xianxue.kernel.checks.views import checks_page

urlpatterns = [
    path("meetings/<int:pk>/minutes.docx", papers.minutes_docx, name="decisions-minutes"),
    path("proposals/<int:pk>/decision.docx", papers.decision_docx, name="decisions-paper"),
    path("proposals/<int:pk>/", preflight.preflight_page, name="decisions-preflight"),
    path("proposals/<int:pk>/filing/", filings.AnswerFiling.as_view(), name="decisions-filing"),
    path("letters/<int:pk>/letter.docx", letters.letter_docx, name="decisions-letter"),
    path("checks/", checks_page, {"suite": "decisions"}, name="decisions-checks"),
    path("county/", overview.overview_page, name="decisions-overview"),
]
