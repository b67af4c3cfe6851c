"""What the checks share: the meetings to look at, and the words for what cannot be looked at."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.days import day_of
from xianxue.decisions.rules.facts import Case, Sitting
from xianxue.decisions.rules.outcomes import CASE, CHECKS, Check
from xianxue.kernel.checks.choices import Certainty, Severity, Verdict
from xianxue.kernel.checks.outcomes import PASSED, Failure, Outcome, failed, skipped
from xianxue.meetings.choices import BodyKind, ItemOutcome

OPINION = "中办《关于建立中小学校党组织领导的校长负责制的意见（试行）》（2022）"
ENDED = (ItemOutcome.PASSED, ItemOutcome.REJECTED)


def not_held(case: Case) -> Outcome | None:
    """Skipped, where no meeting has dealt with the proposal yet; None where one has."""
    if case.is_withdrawn:
        return skipped(_("议题已撤回。"))
    return None if case.held else skipped(_("还没有上会。"))


def not_decided(case: Case) -> Outcome | None:
    """Skipped, where no meeting has passed or rejected it; what was put off was not decided."""
    # Nearly always, and every check of a meeting asks.
    if case.decided and not case.is_withdrawn:
        return None
    return not_held(case) or skipped(_("上过会，还没有作出决定。"))


def takes_place_of(sitting: Sitting, kind: str) -> bool:
    """Whether the body is of that kind, or stands in for one."""
    return sitting.body_kind == kind or kind in sitting.stands_in_for


def ruled_as(case: Case, sitting: Sitting, book: RuleBook) -> str:
    """The kind of body by whose rules the meeting goes: its own, or that in whose stead it stands."""
    kinds = (sitting.body_kind, *sorted(sitting.stands_in_for))
    return book.judged_as(kinds, case.entry.chain if case.entry else ())


def body_name(kind: str) -> str:
    """A kind of body in words; its code where the program knows no such kind."""
    return str(BodyKind(kind).label) if kind in BodyKind else kind


def named(sitting: Sitting) -> str:
    """A meeting as the texts name it: its day and number."""
    day = day_of(sitting.starts_at)
    return _("%(month)s 月 %(day)s 日会议（%(number)s）") % {
        "month": day.month,
        "day": day.day,
        "number": sitting.number,
    }


def failure(sitting: Sitting, reason: str, inputs: Mapping[str, Any] | None = None, **given: Any) -> Failure:
    """A failure of one meeting."""
    return Failure(f"{named(sitting)}：{reason}", key=str(sitting.meeting), inputs=inputs or {}, **given)


def each(sittings: Iterable[Sitting], look: Callable[[Sitting], Failure | str | None]) -> Outcome:
    """Look at every meeting: failed with what was found. `look` gives words where a meeting cannot be judged.

    Where none can be, it is skipped with those words; where some can, they stand beside the pass.
    """
    found = [look(sitting) for sitting in sittings]
    if not any(found):
        return PASSED
    failures = [one for one in found if isinstance(one, Failure)]
    unknown = list(dict.fromkeys(one for one in found if isinstance(one, str)))
    if failures:
        return failed(*failures)
    if unknown and None not in found:
        return skipped("".join(unknown))
    return Outcome(Verdict.PASSED, "".join(unknown))


def on_case(
    code: str, label: Any, phase: Phase, basis: Any, *, certainty: Certainty = Certainty.CERTAIN
) -> Callable[[Callable[[Case, RuleBook], Outcome]], Callable[[Case, RuleBook], Outcome]]:
    """Make the function the check of that code over one proposal. Its severity is that of the first rules (A5)."""

    def made(look: Callable[[Case, RuleBook], Outcome]) -> Callable[[Case, RuleBook], Outcome]:
        CHECKS.register(Check(code, label, SEVERITIES[code], certainty, basis, {CASE: look}, phase=phase))
        return look

    return made


GRAVE = ("C01", "C02", "C05", "C06", "C07", "C12", "C13", "C14", "C17", "C18", "C23", "C24")
SEVERITIES = {
    **{f"C{number:02d}": Severity.SERIOUS for number in range(1, 26)},
    **dict.fromkeys(GRAVE, Severity.GRAVE),
    "C25": Severity.NOTE,
}
