"""A year of major decisions, with what the checks are to find."""

from pathlib import Path

from xianxue.demo.decisions.making import make_decisions
from xianxue.demo.parts import Part, Say
from xianxue.demo.plan import Plan
from xianxue.kernel.access import Actor


class DecisionsPart(Part):
    """Proposals, meetings and ledgers of the public schools."""

    code, order = "decisions", 7

    def act(self, plan: Plan, folder: Path, *, by: Actor, say: Say) -> None:
        make_decisions(plan.year, plan.seed, folder, by=by, say=say)


PART = DecisionsPart()
