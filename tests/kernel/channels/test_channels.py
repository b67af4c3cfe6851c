"""Being told outside: by whom, of what, when not, and what becomes of a channel that does not answer."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from tests.cast import Cast
from tests.kernel.api.receiver import Receiver
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.channels import telling
from xianxue.kernel.channels.models import Channel, ChannelKind
from xianxue.kernel.channels.services import add_channel, end_channel
from xianxue.kernel.channels.telling import WAITS, tell_everybody
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures.models import Notice

DAY = datetime(2024, 10, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
OK = json.dumps({"errcode": 0, "errmsg": "ok"}).encode()


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, noon in China."""
    with time_machine.travel(DAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def robot(settings: Any) -> Iterator[Receiver]:
    settings.ROBOT_HOSTS, settings.WEBHOOK_NETWORKS = ["127.0.0.1"], ["127.0.0.0/8"]
    receiver = Receiver(200, reply=OK)
    yield receiver
    receiver.stop()


def added(cast: Cast, part: str, kind: str, address: str, **given: Any) -> Channel:
    user = cast.users[part]
    quiet = {"quiet_from": time(21), "quiet_to": time(7)}
    with in_reach(cast.reach(part)):
        channel: Channel = add_channel(
            kind=kind, address=address, **{"secret": "", **quiet, **given}, by=Actor(user.pk, user.name)
        )
    return channel


def noticed(cast: Cast, part: str, text: str = "周小明的转学到期") -> None:
    Notice.objects.create(user_id=cast.users[part].pk, text=text, at=timezone.now())


def address_of(robot: Receiver, path: str) -> str:
    return robot.url.replace("/hook", path)


@pytest.mark.usefixtures("clock")
def test_a_mail_says_how_many_and_never_what(cast: Cast) -> None:
    noticed(cast, "head", "早先的")
    added(cast, "head", "mail", "head@example.com")
    noticed(cast, "head")
    noticed(cast, "registrar")
    assert tell_everybody() == "1 / 1"
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["head@example.com"], "县学：1 条新提醒")
    assert sent.body == "您有 1 条新提醒：系统提醒 1 条。请登录县学，在“我的待办”查看。"
    assert tell_everybody() == "0 / 0", "each notice once"


@pytest.mark.usefixtures("clock")
def test_a_robot_of_wecom_gets_the_shape_that_it_takes(cast: Cast, robot: Receiver) -> None:
    added(cast, "head", "wecom", address_of(robot, "/cgi-bin/webhook/send") + "?key=k-1")
    noticed(cast, "head")
    assert tell_everybody() == "1 / 1"
    ((headers, body),) = robot.got
    assert robot.paths == ["/cgi-bin/webhook/send?key=k-1"]
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(body) == {"msgtype": "text", "text": {"content": "县学：您有 1 条新提醒，请登录查看。"}}


@pytest.mark.usefixtures("clock")
def test_a_robot_of_dingtalk_is_signed_for(cast: Cast, robot: Receiver) -> None:
    added(cast, "head", "dingtalk", address_of(robot, "/robot/send") + "?access_token=t-1", secret="SEC1")
    noticed(cast, "head")
    tell_everybody()
    given = parse_qs(urlsplit(robot.paths[0]).query)
    moment = str(int(DAY.timestamp()) * 1000)
    signed = base64.b64encode(hmac.digest(b"SEC1", f"{moment}\nSEC1".encode(), "sha256")).decode()
    assert given == {"access_token": ["t-1"], "timestamp": [moment], "sign": [signed]}


@pytest.mark.parametrize(
    ("reply", "is_given_up", "note"),
    [
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, True, "errcode 93000"),
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, False, "errcode 45009"),
        ("?", False, "对方的答复看不懂"),
    ],
)
def test_two_hundred_alone_is_no_receipt(
    reply: Any, is_given_up: bool, note: str, cast: Cast, robot: Receiver, clock: Any
) -> None:
    robot.reply = json.dumps(reply).encode()
    channel = added(cast, "head", "wecom", address_of(robot, "/cgi-bin/webhook/send") + "?key=k-1")
    noticed(cast, "head")
    assert tell_everybody() == "0 / 1"
    channel.refresh_from_db()
    assert (channel.is_given_up, channel.answered, channel.told_through) == (is_given_up, note, 0)
    robot.reply = OK
    clock.shift(WAITS[0])
    assert tell_everybody() == ("0 / 0" if is_given_up else "1 / 1"), "what was not received is sent again"


def test_a_channel_that_never_answers_is_given_up_and_stands_on_its_owner_s_list(
    cast: Cast, robot: Receiver, clock: Any
) -> None:
    robot.answers = [500]
    channel = added(cast, "head", "wecom", address_of(robot, "/cgi-bin/webhook/send"), quiet_to=time(21))
    noticed(cast, "head")
    for wait in WAITS:
        tell_everybody()
        assert tell_everybody() == "0 / 0", "not before its time"
        clock.shift(wait)
    tell_everybody()
    channel.refresh_from_db()
    assert (channel.is_given_up, len(robot.got)) == (True, len(WAITS) + 1)
    page = cast.client("head").get("/todo/").content.decode()
    assert "提醒渠道：企业微信机器人" in page


@pytest.mark.parametrize(
    ("quiet", "hour", "is_told"),
    [
        ((21, 7), 12, True),
        ((21, 7), 22, False),
        ((21, 7), 6, False),
        ((21, 7), 7, True),
        ((12, 14), 12, False),
        ((12, 14), 14, True),
    ],
)
def test_nothing_is_sent_in_quiet_hours(
    quiet: tuple[int, int], hour: int, is_told: bool, cast: Cast, clock: Any
) -> None:
    added(cast, "head", "mail", "head@example.com", quiet_from=time(quiet[0]), quiet_to=time(quiet[1]))
    noticed(cast, "head")
    clock.move_to((DAY + timedelta(days=1)).replace(hour=hour))
    tell_everybody()
    assert bool(mail.outbox) is is_told


@pytest.mark.usefixtures("clock")
def test_what_was_seen_inside_or_is_nobody_s_any_more_is_not_told(cast: Cast) -> None:
    added(cast, "head", "mail", "head@example.com")
    noticed(cast, "head")
    Notice.objects.update(seen_at=timezone.now())
    assert tell_everybody() == "0 / 1"
    noticed(cast, "head")
    cast.users["head"].is_active = False
    cast.users["head"].save()
    assert tell_everybody() == "0 / 1"
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("mail", "not a mail"),
        ("wecom", "https://example.com/cgi-bin/webhook/send?key=1"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/other"),
        ("dingtalk", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"),
        ("dingtalk", "https://127.0.0.1/robot/send"),
    ],
)
def test_what_is_no_channel_of_the_kind_is_refused(kind: str, address: str, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        added(cast, "head", kind, address)
    assert refused.value.field == "address"
    assert not Channel.objects.exists()


def test_neither_address_nor_secret_is_in_the_history(cast: Cast, robot: Receiver) -> None:
    channel = added(cast, "head", "dingtalk", address_of(robot, "/robot/send") + "?access_token=t-1", secret="SEC1")
    with in_reach(cast.reach("head")):
        end_channel(channel, by=Actor(cast.users["head"].pk, "head"))
    channel.refresh_from_db()
    assert (channel.address, channel.secret) == ("", "")
    with in_reach(cast.reach("head")):
        entries = events_of("channels.channel", channel.pk)
    assert [entry.changes for entry in entries] == [{"is_on": ["1", "0"]}, {"is_on": ["0", "1"]}]


def test_one_s_channels_stand_on_the_own_account_and_nobody_else_touches_them(cast: Cast, settings: Any) -> None:
    client = cast.client("head")
    given = {"kind": "mail", "address": "head@example.com", "quiet_from": "21:00", "quiet_to": "07:00"}
    assert client.post("/account/channels/new/", given).status_code == 302
    (channel,) = Channel.objects.all()
    assert (channel.user_id, channel.kind) == (cast.users["head"].pk, ChannelKind.MAIL)
    page = client.get("/account/").content.decode()
    assert "提醒发到哪里" in page
    assert "head@example.com" not in page
    again = client.post("/account/channels/new/", given)
    assert (again.status_code, "您已有同一种提醒渠道" in again.content.decode()) == (422, True)
    other = cast.client("registrar")
    assert [other.post(f"/account/channels/{channel.pk}/{act}/").status_code for act in ("end", "test")] == [404, 404]
    client.post(f"/account/channels/{channel.pk}/test/")
    assert [sent.subject for sent in mail.outbox] == ["县学：测试提醒"]
    settings.EMAIL_BACKEND = telling.NO_MAIL
    told = client.post(f"/account/channels/{channel.pk}/test/", follow=True).content.decode()
    assert "本系统没有设置发信服务器" in told
    client.post(f"/account/channels/{channel.pk}/end/")
    channel.refresh_from_db()
    assert (channel.ended_at is not None, channel.address) == (True, "")


def test_waits_add_up_to_two_days() -> None:
    assert timedelta(days=1, hours=12) < sum(WAITS, timedelta()) < timedelta(days=2)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("reply", [OK, b"?"])
def test_a_channel_taken_away_while_a_message_is_on_its_way_does_not_come_back(
    reply: bytes, cast: Cast, robot: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot.reply = reply
    channel = added(cast, "head", "wecom", address_of(robot, "/cgi-bin/webhook/send"))
    noticed(cast, "head")
    send = telling.send

    def meanwhile(*args: Any) -> Any:
        outcome = send(*args)
        with in_reach(cast.reach("head")):
            end_channel(Channel.objects.get(pk=channel.pk), by=Actor(cast.users["head"].pk, "head"))
        return outcome

    monkeypatch.setattr(telling, "send", meanwhile)
    tell_everybody()
    channel.refresh_from_db()
    assert (channel.ended_at is not None, channel.address, channel.told_through) == (True, "", 0)
