"""What the checks found at a school, and letters about it, as the system and the county make them."""

from datetime import date
from typing import Any

from xianxue.decisions.models import Finding, NoticeLetter, RuleSet
from xianxue.decisions.services.findings import open_finding
from xianxue.decisions.services.letters import issue
from xianxue.kernel.access import Actor, Reach, in_reach, system_actor, whole_county
from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import county_of


def make_finding(unit: Unit, number: int = 0, **facts: Any) -> Finding:
    """A suspected payment without a decision, unless told otherwise; a different voucher for every number."""
    given = {
        "check_code": "C01",
        "key": f"2024-10-{number:03d}",
        "severity": Severity.GRAVE,
        "certainty": Certainty.SUSPECTED,
        "reason": f"凭证 2024-10-{number:03d} 付款 9,800 元，达到限额，没有通过的议题。",
        "parameters": {"window_days": 90},
        "inputs": {"amount_fen": 9_800_00},
        "found_on": date(2024, 10, 15),
        **facts,
    }
    with whole_county("test"):
        county = county_of(unit) or unit
        finding = Finding(unit=unit, county=county, rule_set=RuleSet.objects.get(), **given)
        made: Finding = open_finding(finding=finding, by=system_actor("task"))
    return made


def make_letter(unit: Unit, number: int, *, by: Actor, reach: Reach) -> NoticeLetter:
    """A letter about one finding, sent by somebody of the county."""
    finding = make_finding(unit, key=f"2024-11-{Finding.unguarded.count():03d}")
    with in_reach(reach):
        made: NoticeLetter = issue(
            finding=finding, number=f"提示〔2024〕{number}号", demand="一周内补办会议程序。\n报送原始凭证。",
            reply_days=5, by=by,
        )  # fmt: skip
    return made
