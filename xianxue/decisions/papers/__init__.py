"""Official papers made from the records: minutes of a meeting (纪要), the paper of a decision."""

from xianxue.decisions.papers.decision import decision_paper
from xianxue.decisions.papers.minutes import minutes

__all__ = ["decision_paper", "minutes"]
