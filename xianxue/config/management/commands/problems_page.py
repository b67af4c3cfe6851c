"""`xianxue problems-page`: the manual's list of problem codes, printed from their declarations."""

from typing import Any

from django.core.management.base import BaseCommand

from xianxue.kernel.columns import ProblemKind
from xianxue.kernel.columns.problems import problem_kinds
from xianxue.kernel.sheets.checking import kinds as _kinds  # noqa: F401 - makes the codes of rows known

HEAD = """# 问题代码

导入和表单检查出的每一种问题（本页由 `xianxue problems-page` 生成，请勿手改）。`P` 是错误，所在的行不写入；`W` 是提醒，不妨碍写入。
怎样查看、改正见[导入 Excel](import.md)。

"""
TABLE = "| 代码 | 问题 | 规则 | 怎么改 |\n| --- | --- | --- | --- |\n"
# Codes begin alike where they are of one sort.
SORTS = {
    "P1": "一格的写法",
    "P2": "代码和名称",
    "P3": "同一行的格互相矛盾",
    "P4": "同一文件的行互相矛盾",
    "P5": "与已有的记录矛盾",
    "P6": "各项业务",
    "W": "提醒",
}
# What a sentence names, where no cell is there to be named.
WORDS = {"label": "这一列", "value": "…", "expected": "填写说明中的写法", "other": "…"}


def problems_page() -> str:
    """The page as Markdown."""
    parts = [HEAD.rstrip("\n")]
    for prefix, title in SORTS.items():
        kinds = [kind for kind in problem_kinds() if kind.code.startswith(prefix)]
        if kinds:
            parts.append(f"## {title}\n\n{TABLE}" + "\n".join(_row(kind) for kind in kinds))
    return "\n\n".join(parts) + "\n"


def _row(kind: ProblemKind) -> str:
    return f"| {kind.code} | {kind.heading(**WORDS)} | {kind.rule} | {kind.advice(**WORDS)} |"


class Command(BaseCommand):
    """Print the page of problem codes."""

    help = "打印问题代码页。"

    def handle(self, **_options: Any) -> None:
        """Print to standard output."""
        self.stdout.write(problems_page(), ending="")
