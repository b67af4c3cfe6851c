"""`xianxue rescue`: let an administrator in again who lost the password, when there is no second person to confirm."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from xianxue.accounts import services
from xianxue.accounts.models import User
from xianxue.kernel.access import system_actor
from xianxue.kernel.commands import Refused


class Command(BaseCommand):
    """A temporary password from the server itself, and the second factor off when that is lost too; recorded."""

    help = "在服务器上为忘了密码的人发临时密码（平时由安全管理员办理，管理员的须两人）。留痕记为命令行所为。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, why, and whether the telephone is lost."""
        parser.add_argument("username", help="用户名")
        parser.add_argument("--reason", required=True, help="理由和怎样核实了本人身份")
        parser.add_argument("--factor", action="store_true", help="动态口令也丢了，一并解除")

    def handle(self, *, username: str, reason: str, factor: bool, **_options: Any) -> None:
        """Ends the person's sessions; who it concerns is told at the next sign-in."""
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"未办理：没有“{username}”这个用户。请核对用户名。")
        by = system_actor("cli")
        try:
            with transaction.atomic():
                if factor:
                    services.remove_factor(user, reason=reason, by=by)
                password = services.reset_password(user, by=by, reason=reason)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"临时密码（只用一次，限时，请当面交给本人）：{password}")
