"""A new installation gets its county and its first account once, whole, by one command."""

import io

import pytest
from django.core.management import CommandError, call_command

from xianxue.accounts.models import Posting, User
from xianxue.accounts.selectors import bureau_name
from xianxue.kernel.history.selectors import verify
from xianxue.organisations.models import Unit

pytestmark = pytest.mark.django_db
GIVEN = {
    "province": "某省:36",
    "city": "某市：3609",
    "county": "某县:360999",
    "bureau": "某县教育体育局",
    "admin": "guanliyuan",
    "admin_name": "张三",
}


def found(monkeypatch: pytest.MonkeyPatch, password: str = "Linshi-kouling-7", **change: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("found", **{**GIVEN, **change})


def test_the_tree_and_the_first_account_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch)
    units = Unit.unguarded.order_by("pk")
    assert list(units.values_list("name", "code")) == [
        ("某省", "36"),
        ("某市", "3609"),
        ("某县", "360999"),
        ("某县教育体育局", ""),
    ]
    user = User.objects.get()
    assert user.must_change_password
    assert user.check_password("Linshi-kouling-7")
    assert list(Posting.objects.values_list("role", "unit__name")) == [("system_admin", "某县")]
    assert bureau_name() == "某县教育体育局"
    assert verify().is_sound


def test_a_second_founding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch)
    with pytest.raises(CommandError, match=r"^未启用：机构树里已有单位"):
        found(monkeypatch, admin="other")
    assert User.objects.count() == 1


def test_a_refusal_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        found(monkeypatch, password="123")
    assert not Unit.unguarded.exists()
    assert not User.objects.exists()


def test_a_name_without_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"^未启用：“某县”不是“名称:代码”的写法"):
        found(monkeypatch, county="某县")
