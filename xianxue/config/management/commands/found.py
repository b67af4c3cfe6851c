"""`xianxue found`: the county, its bureau and the first system administrator of a new installation."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from xianxue.accounts import services
from xianxue.accounts.choices import Role
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit
from xianxue.organisations.services.areas import open_area

ALREADY = "未启用：机构树里已有单位，这个安装已经启用过。请由系统管理员登录后操作。"
LEVELS = (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)


class Command(BaseCommand):
    """Open the tree's upper levels and the first account; all or nothing, and once only."""

    help = "启用：登记省、市、县和局，开第一个系统管理员账号。口令从键盘或标准输入读取，首次登录须修改。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Names and codes (GB/T 2260), as 名称:代码."""
        parser.add_argument("--province", required=True, help="省，如 某省:36")
        parser.add_argument("--city", required=True, help="市，如 某市:3609")
        parser.add_argument("--county", required=True, help="县，如 某县:360999")
        parser.add_argument("--bureau", required=True, help="局的全称，显示在每页左上角")
        parser.add_argument("--admin", required=True, help="系统管理员的用户名")
        parser.add_argument("--admin-name", required=True, help="系统管理员的姓名")

    def handle(self, *, bureau: str, admin: str, admin_name: str, **given: Any) -> None:
        """Refuses where a county is already there; a refusal leaves nothing behind."""
        areas = [(kind, *_name_and_code(given[kind.value])) for kind in LEVELS]
        password = getpass.getpass("临时口令：") if sys.stdin.isatty() else sys.stdin.readline().strip()
        by = system_actor("cli")
        try:
            with whole_county("xianxue found"), transaction.atomic():
                refuse_if(ALREADY if Unit.objects.exists() else None)
                county = _open(areas, bureau, by)
                user = services.create_user(username=admin, name=admin_name, password=password, by=by)
                role, today = Role.SYSTEM_ADMIN, timezone.localdate()
                services.give_posting(user, role=role, unit=county, started_on=today, by=by)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已启用 {county.name}。请用 {admin} 登录，修改口令后给其他人开账号。")


def _name_and_code(text: str) -> tuple[str, str]:
    name, _colon, code = text.replace("：", ":").partition(":")
    if not name.strip() or not code.strip().isdecimal():
        message = f"未启用：“{text}”不是“名称:代码”的写法，如 某县:360999。请改正后再运行。"
        raise CommandError(message)
    return name.strip(), code.strip()


def _open(areas: list[tuple[UnitKind, str, str]], bureau: str, by: Any) -> Unit:
    unit: Unit | None = None
    for kind, name, code in areas:
        unit = open_area(kind=kind, name=name, code=code, parent=unit, by=by)
    assert unit is not None  # noqa: S101 - there are three levels
    open_area(kind=UnitKind.OFFICE, name=bureau, code="", parent=unit, by=by)
    return unit
