"""`xianxue keys`: print fresh keys as lines for the environment."""

from django.core.management.base import BaseCommand

from xianxue.config.env import PREFIX
from xianxue.config.secrets import new_keys


class Command(BaseCommand):
    """Print fresh keys; nothing is stored."""

    help = "生成密钥，打印成环境变量。请妥善保存：丢失后已加密的数据无法读出。"
    requires_system_checks = ()

    def handle(self, **_options: object) -> None:
        """One line a key."""
        for name, value in new_keys().items():
            self.stdout.write(f"{PREFIX}{name.upper()}={value}")
