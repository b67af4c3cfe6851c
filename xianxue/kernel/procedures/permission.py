"""May this person do this step now, and if not, why: the same answer for the page, the to-do list and the command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, accounts_of, current_reach, lent_by, persons_of
from xianxue.kernel.access.reach import EVERY_ROLE
from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import Matter, StepRecord


@dataclass(frozen=True)
class Standing:
    """How the person now acting stands towards a step: at which unit, by own right or for somebody else, or not at all."""

    place: str
    unit_id: int | None
    is_actor: bool
    is_system: bool = False
    for_user_id: int | None = None
    for_actor: str = ""


def standing(step: Step, matter: Matter, by: Actor | None = None, units: Mapping[str, int] | None = None) -> Standing:
    """The standing of the reach now in force. Raises RuntimeError when `by` is somebody else.

    `units` are the matter's unreleased parties, place → unit; without them one query is run.
    """
    reach = current_reach()
    if by is not None and EVERY_ROLE not in reach.roles and by.user_id != reach.user_id:
        message = f"{step.procedure.code}.{step.code}: the actor is not the person whose reach is set."
        raise RuntimeError(message)
    unit_id = (units_of(matter) if units is None else units).get(step.at)
    if unit_id is None:
        return Standing(step.at, None, is_actor=False)
    if EVERY_ROLE in reach.roles:
        return Standing(step.at, unit_id, is_actor=step.by_system, is_system=True)
    if unit_id not in step.by.scope(reach):
        return Standing(step.at, unit_id, is_actor=False)
    for lent in lent_by(step.by, reach, [unit_id]):
        return Standing(step.at, unit_id, is_actor=True, for_user_id=lent.giver_id, for_actor=lent.giver_label)
    return Standing(step.at, unit_id, is_actor=True)


def units_of(matter: Matter) -> dict[str, int]:
    """The units that still take part, by place. One query."""
    return dict(matter.parties.filter(released_on=None).values_list("place", "unit_id"))


def blocked(step: Step, subject: Any, now: Standing, by: Actor) -> object | None:
    """Why the step cannot be done by this person now, or None. The matter is `subject.matter`."""
    matter: Matter = subject.matter
    if not step.opens and matter.state not in step.states:
        return _("“%(step)s”没有办成：此事项现为“%(state)s”，不在可办这一步的阶段。") % {
            "step": step.label,
            "state": matter.current.label,
        }
    return _not_the_actor(step, now) or _same_person(step, subject, now, by) or _a_rule(step, subject, by)


def _not_the_actor(step: Step, now: Standing) -> object | None:
    if now.is_actor:
        return None
    place = step.procedure.places.get(step.at, step.at)
    if now.is_system:
        return _("“%(step)s”没有办成：这一步须由%(place)s的人员办理，系统不能代办。") % {
            "step": step.label,
            "place": place,
        }
    return _("“%(step)s”没有办成：这一步由%(place)s办理，您没有这项权限。") % {"step": step.label, "place": place}


def _same_person(step: Step, subject: Any, now: Standing, by: Actor) -> object | None:
    """Separation of duties: another person than did the earlier steps, and than the matter is about.

    Who acts for another counts as both; the accounts of one person are one.
    """
    matter: Matter = subject.matter
    if now.is_system or by.user_id is None or not (step.not_by or step.not_concerned):
        return None
    mine = accounts_of({one for one in (by.user_id, now.for_user_id) if one is not None})
    if step.not_concerned and persons_of(mine) & frozenset(subject.persons_concerned()):
        return _("“%(step)s”没有办成：这件事与您本人或您所代的人有关，须由无关的人办理。") % {"step": step.label}
    if not step.not_by or matter.pk is None:
        return None
    for done in StepRecord.objects.filter(matter=matter, step__in=step.not_by).order_by("number"):
        if mine & {done.user_id, done.for_user_id}:
            earlier = step.procedure.steps[done.step].label
            return _("“%(step)s”没有办成：“%(earlier)s”是您办理的，这一步须由另一人办理。") % {
                "step": step.label,
                "earlier": earlier,
            }
    return None


def _a_rule(step: Step, subject: Any, by: Actor) -> object | None:
    for rule in step.needs:
        reason = rule(subject, by)
        if reason:
            return reason
    return None
