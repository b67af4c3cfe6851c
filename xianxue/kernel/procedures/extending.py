"""Putting off a limit: by those who may, as often and as long as the procedure allows, with a reason and an end."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, Reach, current_reach, lent_by
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Clock, Extension, Matter, Todo
from xianxue.kernel.procedures.permission import units_of


def may_extend(matter: Matter, reach: Reach) -> bool:
    """Whether the reach may put off a limit of the matter; one query at most."""
    scope = matter.declaration.extend.scope(reach)
    return bool(scope) and matter.is_open and any(unit in scope for unit in units_of(matter).values())


def due_of(matter: Matter, clock: str) -> date | None:
    """The limit as it stands; of several parties that are waited for, the earliest."""
    if clock == Clock.FINISH:
        return matter.finish_due_on
    limits = Todo.objects.filter(matter=matter, due_on__isnull=False).values_list("due_on", flat=True)
    return min((day for day in limits if day), default=None)


def blocked(matter: Matter, clock: str, until: date) -> str | None:
    """Why the limit cannot be put off until that day, or None."""
    old = due_of(matter, clock)
    if not matter.is_open:
        return _("未能延期：此事项已办结。")
    if old is None:
        return _("未能延期：此事项没有这项期限。")
    if matter.paused_on and clock == Clock.FINISH:
        return _("未能延期：此事项已暂停计时，恢复后期限自动顺延。")
    if until <= old or until < timezone.localdate():
        return _("未能延期：新期限须晚于原期限 %(old)s，且不早于今天。") % {"old": old.isoformat()}
    return _beyond_the_declared(matter, old, until) or _beyond_the_other(matter, clock, until)


def _beyond_the_declared(matter: Matter, old: date, until: date) -> str | None:
    declared = matter.declaration
    if Extension.objects.filter(matter=matter).count() >= declared.extend_times:
        return _("未能延期：此类事项至多延期 %(times)s 次，已用完。") % {"times": declared.extend_times}
    if declared.extend_by and until > (last := declared.extend_by.after(old)):
        words = {"days": declared.extend_by.count, "last": last.isoformat()}
        return _("未能延期：每次至多延长 %(days)s 个工作日，最晚到 %(last)s。") % words
    return None


def _beyond_the_other(matter: Matter, clock: str, until: date) -> str | None:
    if clock == Clock.STEP and matter.finish_due_on and until > matter.finish_due_on:
        return _("未能延期：新期限超过办结期限 %(due)s。请先延长办结期限。") % {"due": matter.finish_due_on.isoformat()}
    return None


@command("procedures.extend", label=gettext_lazy("延期"))
def extend_matter(matter: Matter, *, clock: str, until: date, reason: str, by: Actor) -> Extension:
    """Put off a limit of the matter until a day. Refuses those who may not, and what the procedure does not allow."""
    matter = Matter.unguarded.select_for_update().get(pk=matter.pk)
    reach = current_reach()
    if by.user_id != reach.user_id or not may_extend(matter, reach):
        raise Refused(_("未能延期：您没有这项权限，或此事项已办结。请由有权延期的人员办理。"))
    if not reason.strip():
        raise Refused(_("未能延期：没有写明理由。请填写后再提交。"), field="reason")
    refuse_if(blocked(matter, clock, until))
    old = due_of(matter, clock) or until
    if clock == Clock.FINISH:
        matter.finish_due_on = until
        matter.save(update_fields=["finish_due_on"])
    else:
        todos = Todo.objects.filter(matter=matter, due_on__lt=until)
        todos.update(due_on=until, reminded_stage=0, escalated_level=0, escalated_on=None)
    number = Extension.objects.filter(matter=matter).count() + 1
    seq = record(
        Subject(SUBJECT_TYPE, matter.pk, matter.title),
        {"finish_due_on" if clock == Clock.FINISH else "due_on": [old.isoformat(), until.isoformat()]},
        note=reason.strip(),
        facts={"procedure": matter.procedure, "extension": number, **_stead(matter, reach)},
    )
    return Extension.objects.create(
        matter=matter, number=number, clock=clock, old_due_on=old, new_due_on=until, reason=reason.strip(),
        done_at=timezone.now(), user_id=by.user_id, actor=by.label,
        for_actor=_stead(matter, reach).get("for_actor", ""), event_seq=seq,
    )  # fmt: skip


def _stead(matter: Matter, reach: Reach) -> dict[str, str]:
    """In whose stead the person acts, where the right is not their own."""
    grant = matter.declaration.extend
    scope = grant.scope(reach)
    ways = [lent_by(grant, reach, [unit]) for unit in units_of(matter).values() if unit in scope]
    return {"for_actor": ways[0][0].giver_label} if ways and all(ways) else {}
