"""A letter of notice (提示函): what was found at a school, what it is asked to do, until when it replies."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, LEADS, READS, SUPERVISES
from xianxue.decisions.models import NoticeLetter
from xianxue.decisions.rules.limits import basis, days
from xianxue.kernel.procedures import Procedure, State, Step, register

WRITES = BUREAU | SUPERVISES
REPLY, CLOSE = days("letter_reply"), days("letter_close")


def reply_due(letter: Any) -> date:
    """The last day for the reply, as the letter says."""
    day: date = letter.reply_due_on
    return day


@register
class SendLetter(Procedure):
    """Written at the county, answered by the school, closed at the county."""

    code = "decisions.letter"
    label = _("提示函")
    about = _("就一所学校的若干问题发提示函，要求说明、整改并按期回复。回复由县局或者县纪检核查后办结。")
    basis = (basis("letter_reply"), basis("letter_close"))
    subject = NoticeLetter
    starts_from = ("findings", "finding")
    read = READS
    order = 84
    system = "decisions"
    extend = WRITES
    escalate = WRITES
    places = {"school": _("学校"), "county": _("县局、县纪检")}
    papers = {"reply": _("盖章的回复"), "evidence": _("整改佐证")}
    states = (
        State("sent", _("待学校回复"), tone="due"),
        State("replied", _("已回复，待核查")),
        State("closed", _("已办结"), is_final=True, tone="done"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    issue = Step(
        _("发提示函"), None, "sent", WRITES, "county", tone="primary",
        help=_("所列问题逐条写进提示函。发出后可下载公文格式的文件。"),
    )  # fmt: skip
    reply = Step(
        _("回复"), "sent", "replied", LEADS, "school", within=REPLY, due=reply_due, may_bring=("reply", "evidence"),
        tone="primary", help=_("逐条回复：原因、已经怎样整改、以后怎样防止。"),
    )  # fmt: skip
    ask_again = Step(
        _("退回重新回复"), "replied", "sent", WRITES, "county", not_by=("reply",), needs_note=True, optional=True,
        help=_("写明哪一条没有答复清楚。"),
    )  # fmt: skip
    close = Step(
        _("办结"), "replied", "closed", WRITES, "county", not_by=("reply",), within=CLOSE, tone="primary",
        help=_("核查属实后办结。问题本身在各自的核查事项中认定、销号。"), only_moves=True,
    )  # fmt: skip
    take_back = Step(
        _("撤回提示函"), "sent", "withdrawn", WRITES, "county", needs_note=True, optional=True, tone="danger",
        only_moves=True,
    )  # fmt: skip
