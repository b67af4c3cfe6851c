"""What the robots of 企业微信 and 钉钉 take and answer.

Sources: 企业微信开发者中心《群机器人配置说明》(developer.work.weixin.qq.com/document/path/91770) and 钉钉开放平台《自定义机器人
接入》(open.dingtalk.com), read in 2026: one POST of JSON, answered by 200 with `errcode` 0, whatever went wrong otherwise.
"""

import base64
import hmac
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from xianxue.kernel.api.webhooks.guard import target_of
from xianxue.kernel.api.webhooks.sending import Outcome, post
from xianxue.kernel.channels.models import Channel, ChannelKind
from xianxue.kernel.commands import Refused

HOSTS = {ChannelKind.WECOM: "qyapi.weixin.qq.com", ChannelKind.DINGTALK: "oapi.dingtalk.com"}
PATHS = {ChannelKind.WECOM: "/cgi-bin/webhook/send", ChannelKind.DINGTALK: "/robot/send"}
HEADERS = {"Content-Type": "application/json; charset=utf-8"}
# The robot or its group is not there any more (企业微信 93000; 钉钉 300005, 400013, 400101, 400102, 400106).
GONE = {93000, 300005, 400013, 400101, 400102, 400106}
MOST_BYTES = 4_096


def check_address(kind: str, url: str) -> None:
    """Refuse what is no robot of this kind: a person cannot make the server call just anybody.

    Other hosts only where the operator names them (`XIANXUE_ROBOT_HOSTS`), such as a 企业微信 of one's own house.
    """
    parts = urlsplit(url)
    known = {HOSTS[ChannelKind(kind)], *settings.ROBOT_HOSTS}
    if (parts.hostname or "") not in known or parts.path != PATHS[ChannelKind(kind)]:
        words = {"kind": ChannelKind(kind).label, "host": HOSTS[ChannelKind(kind)]}
        raise Refused(
            _("未能添加：这不是%(kind)s的地址，应以 https://%(host)s/ 开头。请在群设置里复制机器人的 Webhook 地址。")
            % words,
            field="address",
        )
    target_of(url)


def send(channel: Channel, text: str, timestamp: int) -> Outcome:
    """Post the text; `timestamp` in seconds. Never raises for what the other side or the network does."""
    try:
        target = target_of(_signed(channel, timestamp))
    except Refused as refused:
        return Outcome(is_received=False, note=refused.message[:120])
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    return _understood(post(target, body, HEADERS, most=MOST_BYTES))


def _signed(channel: Channel, timestamp: int) -> str:
    if channel.kind != ChannelKind.DINGTALK or not channel.secret:
        return channel.address
    moment = str(timestamp * 1000)
    digest = hmac.digest(channel.secret.encode(), f"{moment}\n{channel.secret}".encode(), "sha256")
    query = urlencode({"timestamp": moment, "sign": base64.b64encode(digest).decode()})
    return f"{channel.address}&{query}"


def _understood(outcome: Outcome) -> Outcome:
    """Received only where the robot says so: these answer 200 to everything."""
    if not outcome.is_received:
        return outcome
    try:
        answer: Any = json.loads(outcome.body)
        code = int(answer["errcode"])
    except (ValueError, KeyError, TypeError):
        return Outcome(is_received=False, note=_("对方的答复看不懂"))
    if code == 0:
        return outcome
    return Outcome(is_received=False, is_gone=code in GONE, note=f"errcode {code}")
