"""Forms of the findings."""

from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.kernel.checks.forms import forms_of

forms_of(FollowFinding)
