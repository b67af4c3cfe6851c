"""The minutes of a meeting (纪要), in the layout of GB/T 9704—2012 §10.3, from its records.

Secret votes give totals only: who voted is not in here, and nothing from which it could be told.
"""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.decisions.papers import words
from xianxue.decisions.papers.proof import check_blocks
from xianxue.kernel.documents import (
    Attendees,
    Block,
    Column,
    Document,
    Heading,
    ListItem,
    Paragraph,
    Table,
    Text,
    written_date,
)
from xianxue.meetings.choices import AgendaKind, AttendanceRole, BodyKind, ItemOutcome, Presence, VoteMethod
from xianxue.meetings.models import AgendaItem, Amendment, Attendance, Meeting, Opinion, Recusal, Signature, Vote
from xianxue.meetings.selectors.record import digest_of

DRAFT = "草稿"
ALTERED = "与锁定的记录不一致"


def minutes(meeting: Meeting, *, with_opinions: bool = True) -> Document:
    """The minutes; a draft until the record is locked. Runs about ten queries, whatever the number of items.

    `with_opinions`: what everybody said, in order; otherwise the summary of the discussion alone.
    """
    attendances = list(meeting.attendances.order_by("pk"))
    items = list(
        meeting.items.order_by("number")
        .select_related("vote", "tabling__proposal")
        .prefetch_related("opinions", "recusals__person", "concerns")
    )
    blocks: list[Block] = [Paragraph((Text(_opening(meeting, attendances)),))]
    for item in items:
        blocks += _item(item, with_opinions=with_opinions)
    blocks += [*_attendees(meeting, attendances), *_signatures(meeting, attendances), *_amendments(meeting)]
    if meeting.locked_at:
        blocks += check_blocks(meeting.matter)
    day = timezone.localdate(meeting.locked_at or meeting.ended_at or meeting.starts_at)
    return Document(
        title=meeting.title,
        issuer=meeting.unit.name,
        date=day,
        blocks=blocks,
        doc_number=words.official_number(meeting.number),
        masthead=masthead(meeting),
        mark=_mark(meeting),
    )


def _mark(meeting: Meeting) -> str:
    """What stands across the paper: a draft; or that the rows behind the locked record are no longer those under its digest."""
    if not meeting.locked_at:
        return DRAFT
    is_as_locked = not meeting.record_digest or digest_of(meeting) == meeting.record_digest
    return "" if is_as_locked else ALTERED


def masthead(meeting: Meeting) -> str:
    """×××学校党组织会议纪要."""
    body = meeting.body
    kind = body.name if body.kind == BodyKind.OTHER else body.get_kind_display()
    return _("%(unit)s%(body)s纪要") % {"unit": meeting.unit.name, "body": kind}


def _opening(meeting: Meeting, attendances: Sequence[Attendance]) -> str:
    when = words.span(meeting.began_at or meeting.starts_at, meeting.ended_at)
    place = _("在%(place)s") % {"place": meeting.place} if meeting.place else ""
    how = f"{meeting.chair.name}{place}{_('主持')}" if meeting.chair else place
    told = {"when": when, "how": how, "body": _sitting(meeting.body.name)}
    roster, present = _counts(meeting, attendances)
    counted = _("应到%(roster)s人，实到%(present)s人。") % {"roster": roster, "present": present}
    return f"{_('%(when)s，%(how)s召开%(body)s。') % told}{counted}{_('现将会议内容纪要如下。')}"


def _sitting(body: str) -> str:
    """The body as it sits: 支部委员会 holds a 会议, 校长办公会 is one."""
    return body if body.endswith(("会议", "办公会", "大会")) else f"{body}会议"


def _counts(meeting: Meeting, attendances: Sequence[Attendance]) -> tuple[int, int]:
    if meeting.body.counts_only:
        return meeting.roster_total or 0, meeting.present_total or 0
    members = [one for one in attendances if one.role == AttendanceRole.MEMBER]
    return len(members), sum(one.presence == Presence.PRESENT for one in members)


def _item(item: AgendaItem, *, with_opinions: bool) -> Iterator[Block]:
    yield Heading(1, item.title)
    opinions = sorted(item.opinions.all(), key=lambda one: one.order)
    said = [one for one in opinions if one.role != AttendanceRole.INSPECTOR]
    inspected = [one for one in opinions if one.role == AttendanceRole.INSPECTOR]
    yield from _led("", _reported(item))
    if item.late_reason:
        told = {"reason": item.late_reason, "who": item.late_approved_by}
        yield from _led(_("临时动议"), _("理由：%(reason)s；同意列入：%(who)s。") % told)
    for recusal in sorted(item.recusals.all(), key=lambda one: one.pk):
        yield from _led(_("回避"), _recused(recusal))
    yield from _led(_("讨论情况"), words.sentence(item.summary))
    if with_opinions and said:
        yield Paragraph((Text(_("发言和表态"), strong=True), Text(_("（按发言次序）："))))
        yield from (_spoken(one) for one in said)
    vote = getattr(item, "vote", None)
    if vote is not None and vote.closed_at:
        yield from _led(_("表决"), _voted(vote))
    for one in inspected:
        yield from _led(_("监督意见"), _("%(name)s：%(text)s") % {"name": one.name, "text": words.sentence(one.text)})
    yield from _led(_("结果"), _result(item))


def _led(lead: str, text: str) -> Iterator[Block]:
    """A paragraph behind a word in bold; none where there is nothing to say."""
    if text:
        yield Paragraph((Text(f"{lead}：", strong=True), Text(text)) if lead else (Text(text),))


def _reported(item: AgendaItem) -> str:
    tabling = getattr(item, "tabling", None)
    if tabling is None:
        return ""
    proposal = tabling.proposal
    told = {"number": proposal.number, "who": proposal.proposer_name, "kind": proposal.get_category_display()}
    return _("会议听取了%(who)s关于该议题（编号%(number)s，%(kind)s）的汇报。") % told


def _recused(recusal: Recusal) -> str:
    left = timezone.localtime(recusal.left_at) if recusal.left_at else None
    told = {"name": recusal.person.name, "ground": recusal.get_ground_display(), "source": recusal.get_source_display()}
    if left is None:
        return _("%(name)s（%(ground)s，%(source)s）应当回避，记录中没有离场时间。") % told
    told["left"] = f"{left:%H:%M}"
    if recusal.returned_at is None:
        return _("%(name)s（%(ground)s，%(source)s）于%(left)s离场，未参加讨论和表决。") % told
    told["back"] = f"{timezone.localtime(recusal.returned_at):%H:%M}"
    return _("%(name)s（%(ground)s，%(source)s）于%(left)s离场，%(back)s返回，未参加讨论和表决。") % told


def _spoken(opinion: Opinion) -> ListItem:
    stance = str(opinion.get_stance_display()) if opinion.stance else ""
    if opinion.text.startswith(stance):
        stance = ""  # “同意：同意，…”: who says it in words is not quoted twice
    text = "：".join(filter(None, (stance, words.sentence(opinion.text)))) or _("未表态。")
    return ListItem((Text(opinion.name, strong=True), Text(f"：{words.sentence(text)}")))


def _voted(vote: Vote) -> str:
    told = {
        "method": vote.get_method_display(),
        "roster": vote.roster_count,
        "present": vote.present_count,
        "yes": vote.yes,
        "no": vote.no,
        "abstain": vote.abstain,
        "cast": vote.yes + vote.no + vote.abstain + vote.invalid,
    }
    parts = [_("%(method)s，应到%(roster)s人，实到%(present)s人") % told]
    counts = _("赞成%(yes)s票，反对%(no)s票，弃权%(abstain)s票") % told
    if vote.method == VoteMethod.SECRET:
        counts = _("收回%(cast)s票，%(counts)s") % {"cast": told["cast"], "counts": counts}
    parts.append(counts + (_("，无效%(count)s票") % {"count": vote.invalid} if vote.invalid else ""))
    rule = words.rule_of(vote, "majority")
    end = _("表决通过") if vote.is_passed else _("表决未通过")
    parts.append(_("%(rule)s，%(end)s") % {"rule": words.majority(rule, vote), "end": end} if rule else end)
    if vote.tellers:
        parts.append(_("监票、计票：%(tellers)s") % {"tellers": vote.tellers})
    return f"{'；'.join(parts)}。"


def _result(item: AgendaItem) -> str:
    if item.outcome == ItemOutcome.POSTPONED:
        told = {"reason": item.postponed_reason or _("未写明")}
        text = _("缓议。理由：%(reason)s。") % {"reason": told["reason"].rstrip("。")}
        if item.postponed_until:
            text += _("%(day)s前再议。") % {"day": written_date(item.postponed_until)}
        return text
    outcome = item.get_outcome_display() if item.outcome else ""
    if not outcome and item.kind != AgendaKind.DECISION:
        return words.sentence(item.resolution)
    if item.outcome == ItemOutcome.REJECTED:
        # What was on the table and not agreed to must not read as a decision.
        return words.sentence(outcome)
    if item.outcome == ItemOutcome.NOTED:
        return words.sentence(item.resolution) or _("已通报。")
    return "".join(words.sentence(part) for part in (outcome or _("未议"), item.resolution))


def _attendees(meeting: Meeting, attendances: Sequence[Attendance]) -> Iterator[Block]:
    """出席、请假、列席, below the text and one line apart (§10.3); those who only were counted are not named."""
    members = [one for one in attendances if one.role == AttendanceRole.MEMBER]
    others = [one for one in attendances if one.role != AttendanceRole.MEMBER and one.presence != Presence.ABSENT]
    came = [one.name for one in members if one.presence == Presence.PRESENT]
    if meeting.body.counts_only:
        came = [_("成员%(count)s人") % {"count": meeting.present_total or 0}]
    lines = {
        _("出席"): came,
        _("请假"): [_absent(one) for one in members if one.presence == Presence.ABSENT],
        _("列席"): [_attending(one) for one in others],
    }
    unknown = [one.name for one in members if one.presence == Presence.UNKNOWN]
    if any(lines.values()):
        yield Paragraph(())
    yield from (Attendees(label, names) for label, names in lines.items() if names)
    if unknown:
        yield Attendees(_("未记"), unknown)


def _absent(one: Attendance) -> str:
    told = [one.absence_reason or _("未写明原因")]
    if one.written_opinion:
        told.append(_("已提交书面意见，不计入票数"))
    return f"{one.name}（{'；'.join(told)}）"


def _attending(one: Attendance) -> str:
    as_what = one.duty or (one.get_role_display() if one.role != AttendanceRole.ATTENDING else "")
    return f"{one.name}（{as_what}）" if as_what else one.name


def _signatures(meeting: Meeting, attendances: Sequence[Attendance]) -> Iterator[Block]:
    signed: dict[int | None, Signature] = {one.person_id: one for one in meeting.signatures.order_by("signed_at", "pk")}
    expected = [one for one in attendances if one.presence == Presence.PRESENT and one.role == AttendanceRole.MEMBER]
    rows = [(one.name, one.duty, signed.pop(one.person_id, None)) for one in expected]
    rows += [(one.name, "", one) for one in signed.values()]
    if not rows:
        return
    heads = (Column(_("姓名"), 3), Column(_("职务"), 2), Column(_("签名"), 3), Column(_("时间"), 4))
    cells = [
        (name, duty, one.get_way_display() if one else _("未签名"), words.moment(one.signed_at) if one else "")
        for name, duty, one in rows
    ]
    yield Table(heads, [tuple(Text(text) for text in row) for row in cells], caption=_("成员签名"))


def _amendments(meeting: Meeting) -> Iterator[Block]:
    """Corrections made after the lock, beside what they correct; the text above stays as it was signed."""
    found: list[Amendment] = list(meeting.amendments.order_by("number").select_related("item"))
    if not found:
        return
    heads = (
        Column(_("次序"), 1),
        Column(_("议程"), 3),
        Column(_("更正内容"), 5),
        Column(_("理由"), 3),
        Column(_("更正人、时间"), 3),
    )
    rows = [
        (
            str(one.number),
            one.item.title if one.item else _("会议记录"),
            one.text,
            one.reason,
            f"{one.actor} {words.moment(one.made_at)}",
        )
        for one in found
    ]
    yield Table(heads, [tuple(Text(text) for text in row) for row in rows], caption=_("锁定后的更正（原文保留）"))
