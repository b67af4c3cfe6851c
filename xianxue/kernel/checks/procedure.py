"""What a check found, until it is settled: the unit explains, somebody else judges, and what holds is put right.

The states, the steps and who may not do what stand here once. An app derives its own procedure and says who does what,
within how long, and in which words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor, Grant, nobody
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.procedures import Days, Procedure, State, Step, clock


@dataclass(frozen=True)
class Words:
    """What differs from app to app in the words: how the unit and those above it are called there."""

    opened: Any = _("待说明")
    explanation: Any = _("情况说明")
    excepted: Any = _("已按例外处理")
    accept: Any = _("写明查看了什么。被查的单位不能确认自己的整改。")
    too_early: Any = _("未能直接认定：说明期限到 %(day)s，还没有过。请等有关单位说明，或者期限过后再认定。")
    still_there: Any = _(
        "未能排除：这是由数据确定的问题，现在仍然存在。记录有误的，请有关单位先更正；确有理由的，请主管单位按例外处理。"
    )


def states_of(words: Words) -> tuple[State, ...]:
    """Where a finding can stand."""
    return (
        State("opened", words.opened, tone="due"),
        State("explained", _("已说明，待认定")),
        State("confirmed", _("已认定，待转整改"), tone="late"),
        State("for_rectification", _("已转整改"), tone="due"),
        State("rectified", _("已整改"), is_final=True, tone="done"),
        State("dismissed", _("已排除"), is_final=True),
        State("excepted", words.excepted, is_final=True),
        State("gone", _("问题已不存在"), is_final=True),
    )


class FindingProcedure(Procedure):
    """Opened by the checks alone; nobody closes what concerns themselves.

    Say `explains` (at the unit), `judges` (who watches over it), `excepts` (above it), `hands_on` (sends it to be put
    right and confirms that it was), and the limits. `unit_place`, `watch_place`, `above_place`: codes of the `places`.
    """

    papers: ClassVar[Mapping[str, Any]] = {"evidence": _("佐证材料"), "correction": _("整改佐证")}
    places: ClassVar[Mapping[str, Any]] = {"unit": _("有关单位"), "watch": _("监督人员"), "above": _("主管单位")}
    unit_place: ClassVar[str] = "unit"
    watch_place: ClassVar[str] = "watch"
    above_place: ClassVar[str] = "above"
    explains: ClassVar[Grant] = nobody
    judges: ClassVar[Grant] = nobody
    excepts: ClassVar[Grant] = nobody
    hands_on: ClassVar[Grant] = nobody
    explain_within: ClassVar[Days | None] = None
    judge_within: ClassVar[Days | None] = None
    send_within: ClassVar[Days | None] = None
    rectify_within: ClassVar[Days | None] = None
    words: ClassVar[Words] = Words()

    open_finding: ClassVar[Step]
    explain: ClassVar[Step]
    confirm_unexplained: ClassVar[Step]
    confirm: ClassVar[Step]
    dismiss: ClassVar[Step]
    return_explanation: ClassVar[Step]
    except_: ClassVar[Step]
    send: ClassVar[Step]
    accept: ClassVar[Step]
    vanish: ClassVar[Step]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "states" not in vars(cls):
            cls.states = states_of(cls.words)
        for name, step in {**_of_the_unit(cls), **_of_the_judges(cls), **_afterwards(cls)}.items():
            if name not in vars(cls):
                setattr(cls, name, step)
        super().__init_subclass__(**kwargs)


def _of_the_unit(item: type[FindingProcedure]) -> dict[str, Step]:
    return {
        "open_finding": Step(_("规则检查发现"), None, "opened", nobody, item.unit_place, by_system=True),
        "explain": Step(
            _("说明情况"), "opened", "explained", item.explains, item.unit_place, may_bring=("evidence",),
            within=item.explain_within, tone="primary", help=_("写明当时的情况和理由。记录有误的，先更正记录再说明。"),
        ),
    }  # fmt: skip


def _of_the_judges(item: type[FindingProcedure]) -> dict[str, Step]:
    by, at = item.judges, item.watch_place
    apart: dict[str, Any] = {"not_by": ("explain",), "not_concerned": True}
    return {
        "confirm_unexplained": Step(
            _("逾期未说明，直接认定"), "opened", "confirmed", by, at, needs=(_not_unheard(item),), optional=True,
            not_concerned=True, tone="danger",
        ),
        "confirm": Step(
            _("认定问题"), "explained", "confirmed", by, at, within=item.judge_within, may_bring=("evidence",),
            tone="danger", **apart,
        ),
        "dismiss": Step(
            _("排除"), "explained", "dismissed", by, at, needs=(_not_while_it_stands(item),), within=item.judge_within,
            help=_("只有疑似的问题，或者记录已经更正的问题可以排除。"), **apart,
        ),
        "return_explanation": Step(
            _("退回重新说明"), "explained", "opened", by, at, needs_note=True, optional=True,
            help=_("写明哪里没有说清楚。"), only_moves=True, **apart,
        ),
        "except_": Step(
            _("按例外处理"), ("explained", "confirmed"), "excepted", item.excepts, item.above_place,
            not_by=("explain", "confirm"), not_concerned=True, optional=True,
            help=_("写明依据。例外永久留在问题上，监督人员可以查看。"),
        ),
    }  # fmt: skip


def _afterwards(item: type[FindingProcedure]) -> dict[str, Step]:
    by, at = item.hands_on, item.watch_place
    return {
        "send": Step(
            _("转整改"), "confirmed", "for_rectification", by, at, within=item.send_within, tone="primary",
            not_concerned=True, help=_("转交整改，写明整改要求。"), needs_note=True,
        ),
        "accept": Step(
            _("确认已整改"), "for_rectification", "rectified", by, at, not_by=("explain",), within=item.rectify_within,
            not_concerned=True, may_bring=("correction",), needs_note=True, tone="primary", help=item.words.accept,
            only_moves=True,
        ),
        "vanish": Step(
            _("问题已不存在"), "opened", "gone", nobody, at, by_system=True, optional=True, only_moves=True,
        ),
    }  # fmt: skip


def _not_unheard(item: type[FindingProcedure]) -> Any:
    def explanation_late(finding: Any, _by: Actor) -> object | None:
        """Nobody is judged unheard before the limit for the explanation has passed."""
        todo = finding.matter.todos.filter(place=item.unit_place).first()
        if todo is None or todo.due_on is None or clock.today() > todo.due_on:
            return None
        return str(item.words.too_early) % {"day": todo.due_on.isoformat()}

    return explanation_late


def _not_while_it_stands(item: type[FindingProcedure]) -> Any:
    def can_be_dismissed(finding: Any, _by: Actor) -> object | None:
        """What the data decide stands until the data are put right; otherwise only the bureau makes an exception."""
        if finding.certainty == Certainty.CERTAIN and finding.gone_on is None:
            return str(item.words.still_there)
        return None

    return can_be_dismissed
