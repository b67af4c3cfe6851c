"""From the tables of an earlier version to those of this one, with a backup before and a check after."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from xianxue.config.operations import child, presence
from xianxue.config.operations.backup import backup
from xianxue.config.operations.engines import engine
from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.restore import refuse_unsound
from xianxue.config.operations.state import pending_migrations, unknown_migrations


@dataclass(frozen=True)
class Upgraded:
    """How many migrations were applied, how many events verified, and where the backup is (None for a new database)."""

    steps: int
    verified: int
    backup: Path | None


def upgrade(*, keep: int, while_running: bool, say: Callable[[str], None]) -> Upgraded:
    """Back up, migrate, verify. Raises Stopped; where the tables were touched, with the way back."""
    own = engine()
    before = own.state()
    if unknown := unknown_migrations(before.migrations):
        raise Stopped(f"未升级：数据库来自更新的版本（{unknown[0]}）。请装上那个版本的程序。")
    if not while_running:
        presence.refuse_running("未升级", own)
    pending = pending_migrations()
    made = None
    if before.log.get("size"):
        made = backup(keep=keep).folder
        say(f"已备份到 {made}")
    say(f"升级到 {version('xianxue')}：{len(pending)} 步")
    try:
        told = child.state(migrate=True)
        verified = refuse_unsound(told)
        _refuse_fewer(int(before.log.get("size", 0)), verified)
    except Stopped as stopped:
        raise Stopped(f"未升级完：{_reason(stopped)}{_way_back(made)}") from stopped
    return Upgraded(len(pending), verified, made)


def _refuse_fewer(before: int, now: int) -> None:
    if now < before:
        raise Stopped("升级后留痕变少了")


def _reason(stopped: Stopped) -> str:
    return str(stopped).strip().removesuffix("。") + "。"


def _way_back(made: Path | None) -> str:
    if made is None:
        return "数据库里原来没有数据，可以清空后再试。"
    return f"退回的办法：换回原来版本的程序，运行 xianxue restore --move-aside {made}，再启动服务。"
