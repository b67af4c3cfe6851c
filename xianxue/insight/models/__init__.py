"""What insight keeps: words of the report, and the reports that were released."""

from xianxue.insight.models.releases import Draft, Release, ReleaseCheck, ReleaseRows, Side, Withdrawal
from xianxue.insight.models.report import ReportSentence, Variant

__all__ = [
    "Draft",
    "Release",
    "ReleaseCheck",
    "ReleaseRows",
    "ReportSentence",
    "Side",
    "Variant",
    "Withdrawal",
]
