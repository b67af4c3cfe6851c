"""`xianxue appoint`: an administrator or a director, given from the server itself when two people cannot be found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from xianxue.accounts import services
from xianxue.config.management.commands.found import split
from xianxue.kernel.access import Trait, role_label, roles_with, system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit


class Command(BaseCommand):
    """Give one of the roles that take two people, to a person named on the command line; recorded as such."""

    help = "在服务器上任命管理员或局长（平时须两人在网页上办理），打印新账号的临时密码。留痕记为命令行所为。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The role, and who gets it."""
        parser.add_argument("--role", required=True, choices=roles_with(Trait.TWO_PERSONS), help="角色")
        parser.add_argument("--person", required=True, help="用户名:姓名；已有账号的，姓名不变")

    def handle(self, *, role: str, person: str, **_options: Any) -> None:
        """Refuses what the rules refuse: somebody who is one of the three already is not made another."""
        username, name = split(person)
        try:
            with whole_county("xianxue appoint"), transaction.atomic():
                county = Unit.objects.filter(kind=UnitKind.COUNTY).order_by("pk").first()
                if county is None:
                    raise CommandError("未任命：还没有登记县。请先运行 xianxue found。")
                by = system_actor("cli")
                password = services.appoint(username=username, name=name, role=role, unit=county, by=by)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已任命 {username} 为{role_label(role)}。")
        if password:
            self.stdout.write(f"临时密码（只用一次，限时，请当面交给本人）：{password}")
