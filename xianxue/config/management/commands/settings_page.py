"""`xianxue settings-page`: the manual's table of settings, printed from their declarations."""

from typing import Any

from django.core.management.base import BaseCommand

from xianxue.config.env import PREFIX, Env

HEAD = """# 设置

全部设置由环境变量给出（本页由 `xianxue settings-page` 生成，请勿手改）。写错名字或不安全的设置，系统拒绝启动并说明原因。

| 环境变量 | 说明 | 默认值 |
| --- | --- | --- |
"""


def settings_page() -> str:
    """The page as Markdown."""
    rows = []
    for name, field in Env.model_fields.items():
        value = field.get_default(call_default_factory=True)
        shown = "" if not field.repr or value in ("", {}, b"") else _shown(value)
        rows.append(f"| `{PREFIX}{name.upper()}` | {field.description} | {shown} |\n")
    return HEAD + "".join(rows)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{','.join(value) if isinstance(value, list) else value}`"


class Command(BaseCommand):
    """Print the settings page."""

    help = "打印设置说明页。"
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        """Print to standard output."""
        self.stdout.write(settings_page(), ending="")
