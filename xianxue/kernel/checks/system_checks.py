"""A wrong declaration stops the server, and says how it is mended."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from xianxue.kernel.access.grants import NobodyGrant
from xianxue.kernel.checks.declaration import Suite, all_suites
from xianxue.kernel.ui.systems import systems


def check_suites(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """All faults of all suites."""
    return [fault for suite in all_suites() for fault in faults(suite)]


def faults(suite: Suite) -> Iterator[CheckMessage]:
    """What is wrong with one declaration."""
    if suite.system not in systems():
        yield _error(suite, "E001", f'.system "{suite.system}" is no system; see ui/data/systems.toml.')
    if not str(suite.label).strip():
        yield _error(suite, "E002", ".label is missing; say what is checked.")
    kinds = [subjects.code for subjects in suite.subjects]
    if not kinds or len(kinds) != len(set(kinds)):
        yield _error(suite, "E003", ".subjects is empty, or two of them share a code.")
    for check in suite.checks:
        for kind in check.looks.keys() - set(kinds):
            yield _error(suite, "E004", f': check {check.code} looks at "{kind}"; there are: {", ".join(kinds)}.')
        if not str(check.basis).strip():
            yield _error(suite, "E005", f": check {check.code} has no basis; name the rule that it checks.")
    procedure = suite.procedure
    if procedure.subject is not suite.finding:
        yield _error(suite, "E006", f".procedure.subject is not {suite.finding.__name__}, in which its findings are.")
    for name in ("explains", "judges", "excepts", "hands_on"):
        if isinstance(getattr(procedure, name), NobodyGrant):
            yield _error(suite, "E007", f".procedure.{name} is missing: nobody could do it. Give a grant.")


def _error(suite: Suite, number: str, fault: str) -> CheckMessage:
    name = type(suite).__name__
    return Error(
        f"{name}{fault}", hint="See “Add a check” in CONTRIBUTING.", obj=type(suite).__module__, id=f"checks.{number}"
    )
