"""What happens to pupils in the year: transfers, leave, graduation, drop-out, key facts put right."""

from pathlib import Path

from xianxue.demo.parts import Part, Say
from xianxue.demo.people import matters, transfers
from xianxue.demo.plan import Plan
from xianxue.kernel.access import Actor


class PeoplePart(Part):
    """Matters about pupils, in several states."""

    code, order = "people", 4

    def act(self, plan: Plan, folder: Path, *, by: Actor, say: Say) -> None:
        transfers.walk_all(say)
        matters.run_all(say)


PART = PeoplePart()
