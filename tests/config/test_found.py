"""A new installation gets its county and its first accounts once, whole, by one command."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.factories.accounts import SecondFactorFactory
from xianxue.accounts.models import Posting, User
from xianxue.accounts.selectors import bureau_name
from xianxue.kernel.history.selectors import events_of, verify
from xianxue.organisations.models import Unit

pytestmark = pytest.mark.django_db
GIVEN = {
    "province": "某省:36",
    "city": "某市：3609",
    "county": "某县:360999",
    "bureau": "某县教育体育局",
    "system_admin": "guanliyuan:张三",
    "security_admin": "anquan：李四",
    "audit_admin": "shenjiyuan:王五",
    "director": "juzhang:赵六",
}


def found(**change: str) -> str:
    told = io.StringIO()
    call_command("found", **{**GIVEN, **change}, stdout=told)
    return told.getvalue()


def test_the_tree_and_the_first_accounts_are_made() -> None:
    told = found()
    units = Unit.unguarded.order_by("pk")
    assert list(units.values_list("name", "code")) == [
        ("某省", "36"),
        ("某市", "3609"),
        ("某县", "360999"),
        ("某县教育体育局", ""),
    ]
    assert list(Posting.objects.order_by("pk").values_list("role", "user__username", "unit__name")) == [
        ("system_admin", "guanliyuan", "某县"),
        ("security_admin", "anquan", "某县"),
        ("audit_admin", "shenjiyuan", "某县"),
        ("director", "juzhang", "某县"),
    ]
    for line in told.splitlines()[1:]:
        _role, name, username, password = line.split()
        user = User.objects.get(username=username, name=name)
        assert user.must_change_password
        assert user.check_password(password)
    assert bureau_name() == "某县教育体育局"
    assert verify().is_sound


def test_a_second_founding_is_refused() -> None:
    found()
    with pytest.raises(CommandError, match=r"^未启用：机构树里已有单位"):
        found(director="other:某人")
    assert User.objects.count() == 4


def test_a_refusal_leaves_nothing() -> None:
    with pytest.raises(CommandError):
        found(director="anquan:李四", audit_admin="guanliyuan:张三")
    assert not Unit.unguarded.exists()
    assert not User.objects.exists()


def test_a_name_without_code_is_refused() -> None:
    with pytest.raises(CommandError, match=r"^未启用：“某县”不是“名称:代码”的写法"):
        found(county="某县")


def test_a_second_security_administrator_is_appointed_on_the_server() -> None:
    found()
    told = io.StringIO()
    call_command("appoint", role="security_admin", person="anquan2:孙八", stdout=told)
    user = User.objects.get(username="anquan2")
    assert user.check_password(told.getvalue().strip().rpartition("：")[2])
    with pytest.raises(CommandError, match=r"^未能授权：此人已是安全管理员"):
        call_command("appoint", role="audit_admin", person="anquan2:孙八")


def test_appointing_needs_a_county() -> None:
    with pytest.raises(CommandError, match=r"^未任命：还没有登记县"):
        call_command("appoint", role="security_admin", person="anquan2:孙八")


def test_an_administrator_who_lost_everything_is_let_in_again_from_the_server() -> None:
    found()
    user = User.objects.get(username="anquan")
    SecondFactorFactory(user=user)
    told = io.StringIO()
    call_command("rescue", "anquan", reason="手机和密码都丢了，已当面核验", factor=True, stdout=told)
    user = User.objects.get(username="anquan")
    assert user.check_password(told.getvalue().strip().rpartition("：")[2])
    assert not user.has_second_factor
    assert {event.note for event in events_of("accounts.user", user.pk)[:2]} == {"手机和密码都丢了，已当面核验"}
    with pytest.raises(CommandError, match=r"没有“nobody”这个用户"):
        call_command("rescue", "nobody", reason="忘了")
