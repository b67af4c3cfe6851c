"""`xianxue found`: the county, its bureau, the three administrators and the director of a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from xianxue.accounts import services
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.organisations import roles
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit
from xianxue.organisations.services.areas import open_area

ALREADY = "未启用：机构树里已有单位，这个安装已经启用过。请由安全管理员登录后操作。"
# The director is the second of the two people without whom no administrator is appointed later.
FIRST = (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN, roles.AUDIT_ADMIN, roles.DIRECTOR)
EXAMPLES = dict(zip(FIRST, ("guanliyuan", "anquan", "shenjiyuan", "juzhang"), strict=True))
LEVELS = (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)


class Command(BaseCommand):
    """Open the tree's upper levels and the first accounts; all or nothing, and once only."""

    help = "启用：登记省、市、县和局，开三位管理员和局长的账号，打印各人的临时密码（只用一次，限时）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Names and codes (GB/T 2260), as 名称:代码."""
        parser.add_argument("--province", required=True, help="省，如 某省:36")
        parser.add_argument("--city", required=True, help="市，如 某市:3609")
        parser.add_argument("--county", required=True, help="县，如 某县:360999")
        parser.add_argument("--bureau", required=True, help="局的全称，显示在每页左上角")
        for role in FIRST:
            option = "--" + role.replace("_", "-")
            parser.add_argument(option, required=True, help=f"{role.label}，如 {EXAMPLES[role]}:张三（用户名:姓名）")

    def handle(self, *, bureau: str, **given: Any) -> None:
        """Refuses where a county is already there; a refusal leaves nothing behind."""
        areas = [(kind, *_name_and_code(given[kind.value])) for kind in LEVELS]
        people = [(role, *split(given[role])) for role in FIRST]
        by = system_actor("cli")
        try:
            with whole_county("xianxue found"), transaction.atomic():
                refuse_if(ALREADY if Unit.objects.exists() else None)
                county = _open(areas, bureau, by)
                passwords = [
                    services.appoint(username=username, name=name, role=role, unit=county, by=by)
                    for role, username, name in people
                ]
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已启用 {county.name}。临时密码各用一次，请分别当面交给本人，登录后须自行修改：")
        for (role, username, name), password in zip(people, passwords, strict=True):
            self.stdout.write(f"  {role.label}  {name}  {username}  {password}")


def split(text: str) -> tuple[str, str]:
    """The two parts of `one:other`, with either colon."""
    first, _colon, second = text.replace("：", ":").partition(":")
    return first.strip(), second.strip()


def _name_and_code(text: str) -> tuple[str, str]:
    name, code = split(text)
    if not name or not code.isdecimal():
        message = f"未启用：“{text}”不是“名称:代码”的写法，如 某县:360999。请改正后再运行。"
        raise CommandError(message)
    return name, code


def _open(areas: list[tuple[UnitKind, str, str]], bureau: str, by: Any) -> Unit:
    unit: Unit | None = None
    for kind, name, code in areas:
        unit = open_area(kind=kind, name=name, code=code, parent=unit, by=by)
    assert unit is not None  # noqa: S101 - there are three levels
    open_area(kind=UnitKind.OFFICE, name=bureau, code="", parent=unit, by=by)
    return unit
