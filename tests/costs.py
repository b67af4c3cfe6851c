"""What tests cost: processor seconds of each, children that ended included, printed at the end of a run.

Wall time says how busy a machine was; processor time says what a test asks of it, and two runs can be compared.
A server that outlives its test (PostgreSQL) is in no test's sum.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SHOWN = 15
WORTH_SHOWING = 0.5
KINDS = ("register", "procedure")


def spent() -> float:
    """Processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def tried(item: pytest.Item) -> dict[str, Any]:
    """The register or procedure that a row of a contract tries, by its kind."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return {kind: parameters[kind] for kind in KINDS if kind in parameters}


def app_of(item: pytest.Item) -> str:
    """The app that a test is about: its folder, or, within a contract, where the thing tried is declared."""
    for thing in tried(item).values():
        module = thing.__module__ if isinstance(thing, type) else type(thing).__module__
        return _place(module.split("."))
    return _place(["tests", *Path(item.nodeid.partition("::")[0]).parts[1:-1]])


def _place(parts: list[str]) -> str:
    """`kernel/sheets`, `people`, `contracts`: two levels of the kernel, one of the apps."""
    return "/".join(parts[1:3] if parts[1:2] == ["kernel"] else parts[1:2]) or "tests"


@dataclass(eq=False)  # pluggy keeps plugins in sets
class Costs:
    """The plugin: marks in each process, sums where the results come together."""

    mark: float = 0.0
    by_test: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_app: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_kind: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))

    def pytest_runtest_logstart(self) -> None:
        self.mark = spent()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        report: Any = yield
        now = spent()
        report.user_properties.append(("cost", now - self.mark))
        report.user_properties.append(("app", app_of(item)))
        report.user_properties += [(kind, str(getattr(thing, "code", thing))) for kind, thing in tried(item).items()]
        self.mark = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        known = dict(report.user_properties)
        cost = float(str(known.get("cost", 0.0)))
        self.by_test[report.nodeid] += cost
        self.by_app[str(known.get("app", ""))] += cost
        for kind in KINDS:
            if kind in known:
                self.by_kind[kind][str(known[kind])] += cost

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the dearest tests, the sum an app, and what a register and a procedure cost on average."""
        if not self.by_test:
            return
        write = terminalreporter.write_line
        terminalreporter.section(f"processor seconds: {sum(self.by_test.values()):.0f} in all")
        dear = sorted(((cost, name) for name, cost in self.by_test.items() if cost >= WORTH_SHOWING), reverse=True)
        for cost, name in dear[:SHOWN]:
            write(f"{cost:8.2f}  {name}")
        sums = sorted(((cost, app) for app, cost in self.by_app.items()), reverse=True)
        write("an app: " + ", ".join(f"{app} {cost:.0f}" for cost, app in sums if cost >= 1))
        for kind, costs in sorted(self.by_kind.items()):
            dearest = sorted(((cost, code) for code, cost in costs.items()), reverse=True)[:5]
            write(
                f"a {kind}: {sum(costs.values()) / len(costs):.2f} on average of {len(costs)}; "
                + ", ".join(f"{code} {cost:.1f}" for cost, code in dearest)
            )
        self._keep()

    def _keep(self) -> None:
        """Write every test's seconds where TEST_COSTS names a file, to be compared with another run's."""
        if place := os.environ.get("TEST_COSTS"):
            rows = sorted(((cost, name) for name, cost in self.by_test.items()), reverse=True)
            Path(place).write_text("".join(f"{cost:.3f}\t{name}\n" for cost, name in rows))
