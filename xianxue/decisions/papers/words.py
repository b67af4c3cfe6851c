"""Fractions, counts and times in the words of official papers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.documents import written_date
from xianxue.kernel.documents.numbers import han
from xianxue.kernel.ui import formats
from xianxue.meetings.models import Vote
from xianxue.meetings.rules.majority import Base, Fraction


def official_number(number: str) -> str:
    """〔2024〕7号 of 2024-007 or 2024-007-2: the year in its brackets, the number without noughts before it (§7.2.5).

    A number of another kind stays as it was given.
    """
    found = re.fullmatch(r"(\d{4})-0*(\d+)(?:-\d+)?", number)
    return f"〔{found[1]}〕{found[2]}号" if found else number


def dated(text: str) -> str:
    """The same with its days as papers write them: 2024年3月1日 for 2024-03-01."""
    return re.sub(
        r"(?<![0-9A-Za-z-]) ?(\d{4})-(\d{2})-(\d{2})(?![0-9A-Za-z-]) ?",
        lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日",
        text,
    )


def moment(at: datetime) -> str:
    """2024年10月12日14:30."""
    local = timezone.localtime(at)
    return f"{written_date(local.date())}{local:%H:%M}"


def span(start: datetime, end: datetime | None) -> str:
    """From when to when; the day is said once."""
    if end is None:
        return moment(start)
    first, last = timezone.localtime(start), timezone.localtime(end)
    return f"{moment(start)}至{last:%H:%M}" if first.date() == last.date() else f"{moment(start)}至{moment(end)}"


def fraction(rule: Fraction) -> str:
    """半数, 三分之二."""
    if (rule.num, rule.den) == (1, 2):
        return _("半数")
    if rule.num == rule.den:
        return _("全体")
    return f"{han(rule.den)}分之{han(rule.num)}"


def majority(rule: Fraction, vote: Vote) -> str:
    """赞成票须超过应到成员半数（至少 4 票）; the least number is of the vote's own count."""
    of = {
        Base.ROSTER: (_("应到成员"), vote.roster_count),
        Base.PRESENT: (_("实到成员"), vote.present_count),
        Base.VALID: (_("有效票"), vote.yes + vote.no + vote.abstain),
    }
    whom, count = of[rule.base]
    told = {"whom": whom, "part": fraction(rule), "least": rule.needed(count)}
    if rule.strict:
        return _("赞成票须超过%(whom)s%(part)s（至少%(least)s票）") % told
    return _("赞成票须达到%(whom)s%(part)s以上（至少%(least)s票）") % told


def quorum(rule: Fraction, count: int) -> str:
    """到会须达到应到成员半数以上（至少 4 人）."""
    told = {"part": fraction(rule), "least": rule.needed(count)}
    if rule.strict:
        return _("到会须超过应到成员%(part)s（至少%(least)s人）") % told
    return _("到会须达到应到成员%(part)s以上（至少%(least)s人）") % told


def rule_of(vote: Vote, name: str) -> Fraction | None:
    """The `majority` or `quorum` that the vote kept; None where it kept none that can be read."""
    given: Any = vote.rule.get(name) if isinstance(vote.rule, Mapping) else None
    try:
        return Fraction.of(given) if given else None
    except (KeyError, TypeError, ValueError):
        return None


def yuan(fen: int) -> str:
    """12,600.00元."""
    return f"{formats.grouped(fen / 100, 2)}元"


def sentence(text: str) -> str:
    """With its full stop, where it has none."""
    text = text.strip()
    return text if not text or text[-1] in "。！？；" else f"{text}。"
