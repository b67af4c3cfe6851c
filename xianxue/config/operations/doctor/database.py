"""The database: reachable, fit, up to date, with the keys of its records, and with a clock that goes forward."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import connection

from xianxue.config.operations.doctor.finding import Check, Finding, fault, fine, notice
from xianxue.config.operations.engines import engine
from xianxue.config.operations.state import pending_migrations, unknown_migrations
from xianxue.kernel.history.models import Event
from xianxue.people.selectors import keys_problem

OLDEST_POSTGRES = 15
SLACK = timedelta(minutes=5)
# How many events are looked at for a clock that went back.
LATE_EVENTS = 1_000


def check_database() -> Finding:
    """Answers, in a version and with a setup that the programs need."""
    code, label = "database", "数据库"
    own = engine()
    facts = own.facts()
    seen = "，".join(f"{name} {value}" for name, value in facts.items())
    if connection.vendor == "postgresql":
        if int(own.server().partition(".")[0]) < OLDEST_POSTGRES:
            return fault(code, label, seen, f"请升级到 PostgreSQL {OLDEST_POSTGRES} 或更新的版本。")
        if facts["编码"] != "UTF8" or facts["排序"] in ("C", "POSIX"):
            advice = "请用 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' 或 'zh_CN.UTF-8' 重建数据库，再从备份恢复。"
            return fault(code, label, seen, advice)
    elif facts["日志方式"] != "wal":
        return fault(
            code, label, seen, "请停下服务再启动：启动时会改为 WAL；仍不行的，数据目录可能在网络盘上，须移到本机。"
        )
    return fine(code, label, seen)


def check_migrations() -> Finding:
    """The tables are those of this version."""
    code, label = "migrations", "表的版本"
    if unknown := unknown_migrations(engine().state_of_migrations()):
        return fault(code, label, f"数据库来自更新的版本（{unknown[0]}）", "请装上那个版本的程序。")
    if pending := pending_migrations():
        return fault(code, label, f"还有 {len(pending)} 步没有升级（如 {pending[0]}）", "请运行 xianxue upgrade。")
    return fine(code, label, "与程序一致")


def check_keys() -> Finding:
    """The keys of the settings open the records."""
    if problem := keys_problem():
        return fault("keys", "密钥", problem, "请把原来的密钥写回设置。")
    return fine("keys", "密钥", f"与记录相符，共 {len(settings.SEAL_KEYS)} 把加密密钥")


def check_clock() -> Finding:
    """No late event lies in the future or before one that it follows: the clock was not set back."""
    code, label = "clock", "时钟"
    late = list(Event.objects.order_by("-seq").values_list("at", flat=True)[:LATE_EVENTS])
    last = max(late, default=None)
    now = datetime.now(UTC)
    seen = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if last is None:
        return fine(code, label, seen)
    at = datetime.strptime(last, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if at > now + SLACK:
        advice = "请校准服务器时钟，并打开时间同步（timedatectl set-ntp true）。"
        return fault(code, label, f"{seen}，早于最近一条留痕 {at:%Y-%m-%d %H:%M:%S}", advice)
    if back := next((after for after, before in pairwise(late) if before > after), None):
        return notice(code, label, f"{seen}，{back[:19]} 前后曾被拨回", "请打开时间同步（timedatectl set-ntp true）。")
    if at > now:
        return notice(code, label, f"{seen}，比最近一条留痕略早", "请打开时间同步（timedatectl set-ntp true）。")
    return fine(code, label, seen)


CHECKS: tuple[Check, ...] = (check_database, check_migrations, check_keys, check_clock)
