"""Commands of the findings: explained, confirmed or dismissed, sent to be put right, accepted."""

from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.kernel.checks.deciding import commands_of

open_finding, explain, confirm, confirm_unexplained, dismiss, make_exception, send = commands_of(FollowFinding)
