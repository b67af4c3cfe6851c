"""The 25 checks: importing this makes them known to `outcomes.all_checks`."""

from xianxue.decisions.rules.checks import afterwards, beforehand, execution, ledgers, sittings, votes

__all__ = ["afterwards", "beforehand", "execution", "ledgers", "sittings", "votes"]
