"""Tokens as pages: lists and details in the pieces that all detail pages have."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel import resources
from xianxue.kernel.api import scopes
from xianxue.kernel.api.models import Delivery, DeliveryState, ServiceAccount, Subscription, Token, TokenAddress
from xianxue.kernel.api.providers import unit_names
from xianxue.kernel.ui import details, formats
from xianxue.kernel.ui.parts import Action, Link, Notice, Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row

SHOWN = 20
TONES: dict[str, Tone] = {DeliveryState.WAITING: "now", DeliveryState.DELIVERED: "done", DeliveryState.DEAD: "late"}


def pill_of(token: Token) -> Pill:
    """Whether a token is accepted, in one word."""
    if token.revoked_at is not None:
        return Pill(_("已撤销"), "quiet")
    return Pill(_("有效"), "done") if token.expires_at > timezone.now() else Pill(_("已到期"), "due")


def heads(*labels: str) -> list[HeadCell]:
    """Heads of a table that cannot be sorted."""
    return [HeadCell(str(number), label) for number, label in enumerate(labels)]


def overview(
    own: Iterable[Token], accounts: Sequence[ServiceAccount], theirs: Iterable[Token], *, keeps: bool
) -> details.DetailPage:
    """One's own tokens, and for who keeps them the service accounts with theirs."""
    panels: list[details.Panel] = [_tokens(_("我的令牌"), own, _("还没有令牌。要让别的系统读写数据，请先签发一个。"))]
    actions = [Action(_("签发令牌"), reverse("api-token-new"), kind="primary", icon="plus")]
    if keeps:
        panels += [_accounts(accounts), _tokens(_("服务账号的令牌"), theirs, _("还没有。"))]
        actions.insert(0, Action(_("新设服务账号"), reverse("api-service-new")))
    return details.DetailPage(
        title=_("接口令牌"), sub=_("别的系统凭令牌读写数据，权限不超过令牌的所有人"), actions=actions, panels=panels
    )


def _tokens(title: str, tokens: Iterable[Token], empty: str) -> details.TablePanel:
    rows = [
        Row(
            [
                Cell(token.name),
                Cell(f"xxt_{token.prefix}…", "code"),
                Cell(str(token.owner)),
                Cell(formats.china_date(token.expires_at, year="always")),
                Cell(formats.china_moment(token.last_used_at)),
                Cell(pill_of(token).text, "pill", tone=pill_of(token).tone),
            ],
            href=reverse("api-token", args=(token.pk,)),
            pk=str(token.pk),
        )
        for token in tokens
    ]
    columns = heads(_("名称"), _("前缀"), _("所有人"), _("到期"), _("上次使用"), _("状态"))
    return details.TablePanel(title, columns=columns, rows=rows, empty=empty)


def _accounts(accounts: Sequence[ServiceAccount]) -> details.TablePanel:
    rows = [
        Row(
            [Cell(str(item.user)), Cell(item.purpose), Cell(item.contact)],
            href=f"{reverse('api-token-new')}?account={item.pk}",
        )
        for item in accounts
    ]
    return details.TablePanel(
        _("服务账号"),
        note=_("点名称，为它签发令牌"),
        columns=heads(_("用户"), _("用途"), _("联系人")),
        rows=rows,
        empty=_("还没有服务账号。"),
    )


def page_of(token: Token, notice: Notice | None = None) -> details.DetailPage:
    """All about one token."""
    actions = []
    if token.is_valid:
        if scopes.WEBHOOKS in scopes.of(token.scopes):
            actions.append(Action(_("订阅变更通知"), reverse("api-webhook-new", args=(token.pk,))))
        actions.append(Action(_("撤销"), reverse("api-token-revoke", args=(token.pk,)), kind="danger"))
    return details.DetailPage(
        title=token.name,
        sub=f"xxt_{token.prefix}…",
        pill=pill_of(token),
        trail=(Link(_("接口令牌"), reverse("api-tokens")), Link(token.name)),
        actions=actions,
        notice=notice,
        panels=[_facts(token), _addresses(token), *_subscriptions(token)],
    )


def _facts(token: Token) -> details.FactsPanel:
    labels = dict(scopes.known())
    names = unit_names(token.units)
    facts = [
        (_("所有人"), str(token.owner)),
        (_("范围"), "、".join(labels.get(word, word) for word in token.scopes)),
        (_("限定单位"), "、".join(names.get(pk, str(pk)) for pk in token.units) or _("不限，随所有人的权限")),
        (_("限定来源"), "、".join(token.networks) or _("不限")),
        (_("签发时间"), formats.china_moment(token.created_at, year="always")),
        (_("到期时间"), formats.china_moment(token.expires_at, year="always")),
        (_("上次使用"), formats.china_moment(token.last_used_at, year="always")),
    ]
    return details.FactsPanel(_("基本信息"), facts=[details.Fact(label, text) for label, text in facts])


def _addresses(token: Token) -> details.TablePanel:
    found = TokenAddress.objects.filter(token=token).order_by("-last_seen_at")[:SHOWN]
    rows = [
        Row(
            [
                Cell(item.address, "code"),
                Cell(formats.china_moment(item.first_seen_at, year="always")),
                Cell(formats.china_moment(item.last_seen_at, year="always")),
                Cell(_("已拒绝"), "pill", tone="late") if item.is_refused else Cell(_("已放行"), "pill"),
            ]
        )
        for item in found
    ]
    return details.TablePanel(
        _("从哪里使用过"),
        note=_("有不认识的地址，请立即撤销令牌"),
        columns=heads(_("来源地址"), _("首次"), _("最近"), _("结果")),
        rows=rows,
        empty=_("还没有使用过。"),
    )


def _subscriptions(token: Token) -> Iterable[details.Panel]:
    found = list(Subscription.objects.filter(token=token).order_by("ended_at", "-pk")[:SHOWN])
    if not found:
        return
    yield details.TablePanel(
        _("变更通知"),
        columns=heads(_("接收地址"), _("登记"), _("开始"), _("状态")),
        rows=[
            Row(
                [
                    Cell(item.url),
                    Cell("、".join(_label(code) for code in item.registers)),
                    Cell(formats.china_date(item.created_at, year="always")),
                    Cell(_("已停止"), "pill") if item.ended_at else Cell(_("进行中"), "pill", tone="done"),
                ],
                href=reverse("api-webhook", args=(item.pk,)),
            )
            for item in found
        ],
    )


def _label(code: str) -> str:
    found = resources.find(lambda item: item.code == code)
    return str(found.label) if found else code


def page_of_subscription(item: Subscription, secret: str = "") -> details.DetailPage:
    """One subscription with its latest notices; `secret` is shown once, right after it was made."""
    token = item.token
    notice = None
    if secret:
        text = _("签名密钥：%(secret)s。只显示这一次，请立即交给接收系统保存。") % {"secret": secret}
        notice = Notice(text, "due", _("已订阅"))
    actions = []
    if item.ended_at is None:
        actions.append(Action(_("停止"), reverse("api-webhook-end", args=(item.pk,)), kind="danger", method="post"))
    return details.DetailPage(
        title=_("变更通知"),
        sub=item.url,
        trail=(
            Link(_("接口令牌"), reverse("api-tokens")),
            Link(token.name, reverse("api-token", args=(token.pk,))),
            Link(_("变更通知")),
        ),
        actions=actions,
        notice=notice,
        panels=[_deliveries(item)],
    )


def _deliveries(item: Subscription) -> details.TablePanel:
    found: Any = Delivery.objects.filter(subscription=item).order_by("-pk")[:SHOWN]
    return details.TablePanel(
        _("最近的通知"),
        note=_("点消息编号，查看和重发"),
        columns=heads(_("消息编号"), _("留痕序号"), _("状态"), _("已试"), _("最近结果"), _("下次发送")),
        rows=[
            Row(
                [
                    Cell(one.message_id, "code"),
                    Cell(str(one.seq), "number"),
                    Cell(one.state_name, "pill", tone=TONES[one.state]),
                    Cell(str(one.attempts), "number"),
                    Cell(one.answered),
                    Cell(formats.china_moment(one.due_at) if one.state == DeliveryState.WAITING else ""),
                ],
                href=reverse("api-delivery", args=(one.pk,)),
            )
            for one in found
        ],
        empty=_("还没有通知。"),
    )


def page_of_delivery(one: Delivery) -> details.DetailPage:
    """One notice: what it says, and how sending it went."""
    facts = [
        (_("消息编号"), one.message_id),
        (_("状态"), one.state_name),
        (_("已试次数"), str(one.attempts)),
        (_("最近结果"), one.answered),
        (_("内容"), str(one.body)),
    ]
    subscription = one.subscription
    may_replay = one.state != DeliveryState.WAITING and subscription.ended_at is None
    return details.DetailPage(
        title=_("一条通知"),
        sub=one.message_id,
        trail=(
            Link(_("接口令牌"), reverse("api-tokens")),
            Link(_("变更通知"), reverse("api-webhook", args=(subscription.pk,))),
            Link(_("一条通知")),
        ),
        actions=[Action(_("重发"), reverse("api-delivery-replay", args=(one.pk,)), kind="primary", method="post")]
        if may_replay
        else [],
        panels=[
            details.FactsPanel(
                _("内容与结果"), facts=[details.Fact(label, text, is_wide=True) for label, text in facts]
            )
        ],
    )
