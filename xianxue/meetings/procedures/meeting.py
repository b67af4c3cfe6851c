"""The life of a meeting: called together, held, signed, locked."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Basis, Page, Procedure, State, Step, register
from xianxue.meetings.access import READS, RECORDS, SITS
from xianxue.meetings.choices import AttendanceRole, ItemState, Presence
from xianxue.meetings.models import Meeting

PLACE = "unit"


def has_an_agenda(meeting: Any, _by: Actor) -> object | None:
    """A notice says what the meeting is about."""
    if meeting.items.exists():
        return None
    return _t("未能发出通知：还没有议程。请先列入至少一项议程，再发通知。")


def every_item_ended(meeting: Any, _by: Actor) -> object | None:
    """A meeting does not end over an item that nobody has closed."""
    left = meeting.items.exclude(state=ItemState.CLOSED).order_by("number").first()
    if left is None:
        return None
    told = {"number": left.number, "title": left.title}
    return _t("未能结束会议：第 %(number)s 项“%(title)s”还没有议毕。请议毕该项，或写明理由缓议。") % told


def members_present(meeting: Any) -> Any:
    """Members who came: those who must sign."""
    return meeting.attendances.filter(role=AttendanceRole.MEMBER, presence=Presence.PRESENT)


def may_sign(meeting: Any, by: Actor) -> object | None:
    """A member who was there signs, once, by the own account."""
    mine = members_present(meeting).filter(user_id=by.user_id).order_by("pk").first() if by.user_id else None
    if mine is None:
        return _t("未能签名：到会成员中没有使用您这个账号的人。请用本人账号登录；账号没有关联成员的，请记录人核对。")
    if meeting.signatures.filter(person_id=mine.person_id).exists():
        return _t("您已经签过名，没有重复签名。")
    return None


def everybody_signed(meeting: Any, _by: Actor) -> object | None:
    """Every member who was there has signed; a body that only counts needs nobody's name."""
    signed = meeting.signatures.values_list("person_id", flat=True)
    left = [one.name for one in members_present(meeting).exclude(person_id__in=list(signed)).order_by("pk")]
    if not left:
        return None
    return _t("未能完成签名：还有 %(count)s 人没有签名（%(names)s）。请等本人签名，或登记纸质签名。") % {
        "count": len(left),
        "names": "、".join(left),
    }


@register
class MeetingRecord(Procedure):
    """A meeting of a body, from the notice to the locked record."""

    code = "meetings.meeting"
    label = _("会议")
    about = _("召开会议：列议程、发通知、开会时在记录台逐项记录、成员签名，最后锁定。锁定后只能追加更正，原文保留。")
    basis = (Basis(_("《关于建立中小学校党组织领导的校长负责制的意见（试行）》（中办 2022）"), _("（五）")),)
    subject = Meeting
    read = READS
    system = "decisions"
    pages = (
        Page(_("议程和列席人员"), "meeting-agenda", RECORDS, ("planned", "noticed", "under_way")),
        Page(_("会议记录台"), "meeting-desk", RECORDS, ("noticed", "under_way", "held")),
        Page(_("会议记录"), "meeting-member", READS),
    )
    order = 20
    places = {PLACE: _("开会单位")}
    papers = {
        "materials": _("会议材料"),
        "scan": _("纸质签名扫描件"),
        "paper": _("纸质会议记录"),
    }
    states = (
        State("planned", _("筹备中")),
        State("noticed", _("已通知，待开会")),
        State("under_way", _("正在开会")),
        State("held", _("已开完，待签名")),
        State("signed", _("已签名，待锁定")),
        State("locked", _("已锁定"), is_final=True, tone="done"),
        State("cancelled", _("已取消"), is_final=True),
    )

    convene = Step(
        _("召集会议"), None, "planned", RECORDS, PLACE, tone="primary",
        help=_("登记会议后列议程。补录已经开过的会议，开会时间照实填写，录入时间由系统另记。"),
    )  # fmt: skip
    send_notice = Step(
        _("发出通知"), "planned", "noticed", RECORDS, PLACE, needs=(has_an_agenda,), may_bring=("materials",), tone="primary",
        help=_("名单按开会当天的任职情况确定。发出以后再列入的议程是临时动议，须写明理由和同意的人。"),
    )  # fmt: skip
    begin = Step(
        _("开始会议"), "noticed", "under_way", RECORDS, PLACE, tone="primary",
        help=_("通知以后有人任职、免职的，名单在这时更正，并留下记录。"),
    )  # fmt: skip
    end = Step(
        _("结束会议"), "under_way", "held", RECORDS, PLACE, needs=(every_item_ended,), may_bring=("paper",), tone="primary",
    )  # fmt: skip
    sign = Step(
        _("签名"), "held", "held", SITS, PLACE, needs=(may_sign,), by_name=True, tone="primary",
        help=_("请先看完会议记录。签名以后，记录不能再改。"),
    )  # fmt: skip
    sign_on_paper = Step(
        _("登记纸质签名"), "held", "held", RECORDS, PLACE, papers=("scan",), optional=True,
        help=_("成员没有账号、不便用账号签名的，上传本人在纸质记录上签名的扫描件。"),
    )  # fmt: skip
    take_back = Step(
        _("退回核对"), "held", "held", RECORDS, PLACE, needs_note=True, optional=True,
        help=_("成员认为记录有误时使用：已签的名作废，改好后重新签名。"), tone="danger",
    )  # fmt: skip
    complete = Step(
        _("完成签名"), "held", "signed", RECORDS, PLACE, needs=(everybody_signed,), by_system=True,
        help=_("到会成员都签名后自动完成。"), optional=True, only_moves=True,
    )  # fmt: skip
    lock = Step(
        _("锁定记录"), "signed", "locked", RECORDS, PLACE, tone="primary", help=_("锁定后原文不能再改，只能追加更正。")
    )  # fmt: skip
    cancel = Step(
        _("取消会议"), ("planned", "noticed"), "cancelled", RECORDS, PLACE, needs_note=True, optional=True, tone="danger"
    )  # fmt: skip
