"""Checks of one project after a change, and steps of its findings by the people of the cast."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.cast import Cast
from xianxue.kernel.access import Actor, in_reach, system_actor, whole_county
from xianxue.kernel.checks import checking
from xianxue.kernel.checks.declaration import Suite
from xianxue.kernel.checks.models import SubjectFinding
from xianxue.projects.models import ProjectFunding

TODAY = date(2024, 10, 14)


class Desk:
    """Checks of the project after a change, and steps of its findings."""

    def __init__(self, cast: Cast, suite: Suite, money: ProjectFunding) -> None:
        self.cast, self.suite, self.money = cast, suite, money

    def check(self, **changes: Any) -> int:
        """Write the changes, and check the project as the command would that wrote them."""
        ProjectFunding.unguarded.filter(pk=self.money.pk).update(**changes or {"source": "county"})
        with whole_county("test"):
            return checking.check(self.suite, "project", [self.money.project_id], by=system_actor("task"))

    @property
    def findings(self) -> list[SubjectFinding]:
        """All, the oldest first."""
        return list(SubjectFinding.unguarded.select_related("matter", "earlier__matter").order_by("pk"))

    def states(self) -> list[tuple[str, bool]]:
        """The state of each, and whether its facts are still seen."""
        return [(finding.matter.state, finding.gone_on is None) for finding in self.findings]

    def do(self, part: str, step: Callable[..., Any], finding: SubjectFinding | None = None, **given: Any) -> None:
        """Somebody of the cast does a step with the last finding."""
        user = self.cast.users[part]
        with in_reach(self.cast.reach(part)):
            step(finding or self.findings[-1], by=Actor(user.pk, user.name), **given)

    def judged(self, step: Callable[..., Any], part: str = "county_officer", **given: Any) -> None:
        """The head explains, and somebody judges."""
        self.do("head", self.suite.procedure.explain.run, explanation="材料涨价。")
        self.do(part, step, **{"reason": "经核查，补充协议在先。", **given})
