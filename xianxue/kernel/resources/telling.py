"""Word to the overseers of a domain that the glass was broken: it stands in their to-do list until one of them has looked."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel import restricted
from xianxue.kernel.access import Actor, holds
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.procedures.names import roles_of
from xianxue.kernel.procedures.notices import notice
from xianxue.kernel.resources.register import get
from xianxue.kernel.restricted.models import Opening


@command("restricted.tell_overseers", label=gettext_lazy("通知紧急查阅的主管"))
def tell_overseers(opening: Opening, *, by: Actor) -> None:
    """A notice to each role that oversees the domain over the unit.

    One for each role, since a notice seen by one is seen for all it was addressed to: whoever broke the glass and
    oversees it too must not clear it for the others. It names no child, for it outlives a transfer.
    """
    nothing_changed()
    domain = restricted.get(opening.domain)
    text = _("%(who)s紧急查阅了一名学生的“%(what)s”，请核对理由并复核。") % {
        "who": opening.reader,
        "what": domain.label,
    }
    href = get("emergencies").url("detail", opening.pk)
    for role in roles_of(domain.oversee):
        notice(text, to=holds(role), unit_id=opening.unit_id, href=href, tone="late").save()
