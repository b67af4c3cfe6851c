"""New versions of the county's rules: drafted as a copy, changed part by part, given force by another person."""

import copy
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xianxue.decisions.models import RuleChange, RuleSet
from xianxue.decisions.procedures.revisions import ReviseRules as Steps
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.revisions import differences
from xianxue.decisions.selectors.rule_sets import names, newest
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.organisations.models import Unit

FRACTIONS = ("quorum", "important_quorum", "majorities")


@Steps.draft.command
def draft(*, by: Actor, unit: Unit, version: str, valid_from: date, source: str, reason: str) -> RuleChange:
    """A new version as a copy of the newest one."""
    base = newest()
    if RuleChange.objects.filter(matter__finished_on__isnull=True).exists():
        raise Refused(_("未能起草新版本：还有一个版本没有办完。请先办完或者作废那一个。"))
    change = RuleChange(county=unit, base=base, rules=copy.deepcopy(base.rules), drafted_by=by.label)
    _frame(change, version, valid_from, source, reason)
    return change


@Steps.set_frame.command
def set_frame(change: RuleChange, *, by: Actor, version: str, valid_from: date, source: str, reason: str) -> None:
    """Another number, day, source or reason."""
    _frame(change, version, valid_from, source, reason)
    change.save()


def _frame(change: RuleChange, version: str, valid_from: date, source: str, reason: str) -> None:
    version = version.strip()
    if RuleSet.objects.filter(version=version).exists():
        raise Refused(_("未能保存：已经有这个版本号。请换一个。"), field="version")
    _refuse_day(change.base, valid_from)
    change.version, change.valid_from = version, valid_from
    change.source, change.reason = source.strip(), reason.strip()


def _refuse_day(base: RuleSet, valid_from: date) -> None:
    if valid_from < clock.today():
        raise Refused(
            _("未能办理：生效日期早于今天。已经过去的日子不能改用新规则，请改为今天或以后。"), field="valid_from"
        )
    if valid_from <= base.valid_from:
        told = {"day": base.valid_from.isoformat()}
        raise Refused(
            _("未能办理：生效日期应晚于原版本的生效日期 %(day)s。请改为更晚的日期。") % told, field="valid_from"
        )


@Steps.set_limits.command
def set_limits(
    change: RuleChange, *, by: Actor, thresholds: Mapping[str, int], filing_threshold_fen: int, excluded: list[str]
) -> None:
    """Amounts in 分 by type of school, from which amount on a proposal is filed, and which payments need no decision."""
    _put(change, thresholds=dict(thresholds), filing_threshold_fen=filing_threshold_fen, excluded=sorted(excluded))


@Steps.set_majorities.command
def set_majorities(change: RuleChange, *, by: Actor, fractions: Mapping[str, Mapping[str, Any]]) -> None:
    """Fractions by part and code: {"quorum": {"party": {"num": 1, …}}}; parts that are left out stay."""
    _put(change, **{part: {**change.rules[part], **fractions.get(part, {})} for part in FRACTIONS})


@Steps.set_checks.command
def set_checks(change: RuleChange, *, by: Actor, checks: Mapping[str, Mapping[str, Any]]) -> None:
    """Settings by check; checks that are left out stay."""
    _put(change, checks={**change.rules["checks"], **checks})


def _put(change: RuleChange, **parts: Any) -> None:
    given = {**change.rules, **parts}
    _refuse_nonsense(change.version, given)
    change.rules = given
    change.differences = [list(one) for one in differences(change.base.rules, given, names())]
    change.save(update_fields=["rules", "differences"])


def _refuse_nonsense(version: str, given: Mapping[str, Any]) -> None:
    try:
        book = RuleBook.of(version, given)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(_("未能保存：规则内容不完整或者互相矛盾（%(why)s）。请核对。") % {"why": error}) from error
    amounts = (*book.thresholds.values(), book.filing_threshold_fen)
    if any(amount <= 0 for amount in amounts):
        raise Refused(_("未能保存：限额应大于零。请核对。"))
    if any(value < 0 for setting in book.checks.values() for value in setting.parameters.values()):
        raise Refused(_("未能保存：检查项的参数不能是负数。请核对。"))


@Steps.submit.command
def submit(change: RuleChange, *, by: Actor) -> None:
    """Ready to be looked at by another."""
    if not change.differences:
        raise Refused(_("未能提交核对：同原版本没有任何不同。请先修改，或者作废草稿。"))
    _refuse_day(change.base, change.valid_from)


@Steps.confirm.command
def confirm(change: RuleChange, *, by: Actor) -> None:
    """Make the version; the one before ends on the day before. What it says is not touched."""
    if newest() != change.base:
        raise Refused(_("未能确认：起草以后已有别的版本生效。请退回，由现行版本重新起草。"))
    if RuleSet.objects.filter(version=change.version).exists():
        raise Refused(_("未能确认：已经有这个版本号。请退回，换一个版本号。"))
    _refuse_day(change.base, change.valid_from)
    _refuse_nonsense(change.version, change.rules)
    for earlier in RuleSet.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=change.valid_from)):
        earlier.valid_to = change.valid_from - timedelta(days=1)
        earlier.save(update_fields=["valid_to"])
        _record(change, earlier, {"valid_to": [None, earlier.valid_to.isoformat()]})
    change.made = RuleSet.objects.create(
        version=change.version,
        source=change.source,
        valid_from=change.valid_from,
        rules=change.rules,
        note=change.reason,
        made_by=change.drafted_by,
        made_at=clock.now(),
    )
    change.save(update_fields=["made"])
    _record(change, change.made, {"valid_from": [None, change.valid_from.isoformat()]})


def _record(change: RuleChange, rule_set: RuleSet, changes: dict[str, Any]) -> None:
    subject = Subject("decisions.ruleset", rule_set.pk, rule_set.version)
    record(subject, changes, unit_id=change.county_id)
