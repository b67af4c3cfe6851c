"""`xianxue verify-history`: recompute the whole log, and compare it with checkpoints kept outside the house."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.history.checkpoints import Note, Unreadable, latest, read_note, short_root
from xianxue.kernel.history.models import Checkpoint
from xianxue.kernel.history.verification import verify

SHOWN = 20


class Command(BaseCommand):
    """Verify the log; exit code 1 when something is wrong."""

    help = "校验留痕：逐条重新计算摘要，指出被改动、缺失、乱序、插入或截断的记录，并与系统内外的检查点核对。"
    # Declarations are checked where pages are served; here they would be half of the time.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to start, and what to compare with."""
        parser.add_argument(
            "--from",
            dest="start",
            default="",
            help="只校验这个检查点以后的留痕：last 或检查点的条数；此前的以检查点为准",
        )
        parser.add_argument("--checkpoint", action="append", default=[], help="保存在系统外的检查点文件，可写多次")

    def handle(self, *, start: str, checkpoint: list[str], **_options: Any) -> None:
        """Print the verdict."""
        verdict = verify(start=_checkpoint(start), outside=[_note(name) for name in checkpoint])
        for notice in verdict.notices[:SHOWN]:
            self.stdout.write(f"请注意：{notice}")
        if not verdict.is_sound:
            for fault in verdict.faults[:SHOWN]:
                self.stderr.write(str(fault))
            if verdict.fault_count > SHOWN:
                self.stderr.write(f"……以及另外 {verdict.fault_count - SHOWN} 处。")
            message = f"留痕校验未通过：{verdict.events} 条中有 {verdict.fault_count} 处不符。"
            raise CommandError(message)
        self.stdout.write(f"留痕校验通过：{verdict.events} 条，末条摘要 {verdict.head}")
        self.stdout.write(f"摘要根 {verdict.root}（短码 {short_root(verdict.root)}）")


def _checkpoint(start: str) -> Checkpoint | None:
    if not start:
        return None
    found = latest() if start == "last" else None
    if start.isdecimal():
        found = Checkpoint.objects.filter(size=int(start)).order_by("-pk").first()
    if found is None:
        message = f"未校验：没有条数为“{start}”的检查点。请写 last，或已签发检查点的条数。"
        raise CommandError(message)
    return found


def _note(name: str) -> Note:
    try:
        return read_note(Path(name).read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"未校验：读不到文件“{name}”。请检查路径。"
        raise CommandError(message) from error
    except (Unreadable, UnicodeDecodeError) as error:
        message = f"未校验：“{name}”里没有完整的检查点。请用原样保存的文件。"
        raise CommandError(message) from error
