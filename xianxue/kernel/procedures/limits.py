"""Until when, in words: one set of words for rows, tiles and matters."""

from datetime import date

from django.utils.translation import gettext as _

from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.parts import Pill, Tone
from xianxue.kernel.work.selectors import state_of

NEAR_DAYS = 3
"""So many days before a limit its distance says more than its date."""


def limit_words(due_on: date | None, late: LateDays) -> tuple[str, Tone]:
    """The day with how that looks: late, due (today), or quiet."""
    if due_on is None:
        return _("未设期限"), "quiet"
    day = formats.china_date(due_on)
    days = late.of(due_on)
    if days is None:
        return _("%(day)s 前，已逾期") % {"day": day}, "late"
    if due_on < late.today:
        return _("%(day)s 前，已逾期 %(days)s 个工作日") % {"day": day, "days": days}, "late"
    if due_on == late.today:
        return _("今天截止"), "due"
    return _("%(day)s 前") % {"day": day}, "quiet"


def limit_pill(until: date | None, late: LateDays) -> Pill:
    """The distance alone, where the day stands beside it."""
    if until is None:
        return Pill(_("未设期限"), "quiet")
    days = late.of(until)
    if days is None:
        return Pill(_("逾期"), "late")
    if until < late.today:
        # A weekend after the limit has no working day in it.
        return Pill(_("逾期 %(days)s 个工作日") % {"days": days} if days else _("逾期"), "late")
    tone: Tone = "due" if state_of(until, late.today) == "due" else "quiet"
    ahead = (until - late.today).days
    if ahead == 0:
        return Pill(_("今天"), tone)
    if ahead <= NEAR_DAYS:
        return Pill(_("还有 %(days)s 天") % {"days": ahead}, tone)
    return Pill(_("%(day)s 前") % {"day": formats.china_date(until)}, tone)
