"""Procedures of major decisions."""

from xianxue.decisions.procedures.catalogues import FileCatalogue as FileCatalogue
from xianxue.decisions.procedures.catalogues import IssueModel as IssueModel
from xianxue.decisions.procedures.findings import FollowFinding as FollowFinding
from xianxue.decisions.procedures.letters import SendLetter as SendLetter
from xianxue.decisions.procedures.proposals import DecisionProposal as DecisionProposal
from xianxue.decisions.procedures.revisions import ReviseRules as ReviseRules
