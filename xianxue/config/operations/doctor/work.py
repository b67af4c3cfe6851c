"""What is done by itself: the worker, its queue, the periodic work, the backups, the checkpoints."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from xianxue.config.operations import manifest
from xianxue.config.operations.backup import backups
from xianxue.config.operations.doctor.finding import Check, Finding, fault, fine, notice
from xianxue.config.operations.refusal import Stopped
from xianxue.kernel import schedule
from xianxue.kernel.history.checkpoints import latest
from xianxue.kernel.history.models import Event
from xianxue.kernel.schedule.models import RunState, ScheduledRun
from xianxue.kernel.schedule.running import last_run
from xianxue.kernel.schedule.workers import living

STUCK = timedelta(minutes=30)
DAY = timedelta(days=1)


def check_worker() -> Finding:
    """A worker of each lane lives."""
    code, label = "worker", "后台进程"
    alive = living()
    advice = "请运行 xianxue serve，或启动服务 xianxue-worker。没有它，导入、提醒、检查点都不会办。"
    if not alive:
        return fault(code, label, "没有一个在运行", advice)
    numbers = {lane: sum(1 for beat in alive if beat.lane == lane) for lane in schedule.Lane}
    seen = "、".join(f"{lane.label} {number} 个" for lane, number in numbers.items())
    seen += f"，最近活动 {_ago(alive[0].seen_at)}"
    return fine(code, label, seen) if all(numbers.values()) else fault(code, label, seen, advice)


def check_queue() -> Finding:
    """Nothing waits or hangs for long, and nothing was given up of late."""
    code, label = "queue", "任务队列"
    now = timezone.now()
    due = DBTaskResult.objects.ready()
    old = due.filter(enqueued_at__lt=now - STUCK).count()
    hangs = DBTaskResult.objects.running().filter(started_at__lt=now - STUCK).count()
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=now - DAY).count()
    waiting = "、".join(f"{lane.label} {due.filter(queue_name=lane).count()} 件" for lane in schedule.Lane)
    seen = f"待办{waiting}，一天内未办成 {failed} 件"
    if old or hangs:
        seen += f"，{old} 件等了、{hangs} 件办了半小时以上"
        return fault(code, label, seen, "请看后台进程的日志；重启后台进程后，没办完的会接着办。")
    if failed:
        return notice(code, label, seen, "请看后台进程的日志，按请求编号或任务号查找原因。")
    return fine(code, label, seen)


def check_schedule() -> Finding:
    """Periodic work was done when it was due."""
    code, label = "schedule", "定时工作"
    late = [str(job.label) for job in schedule.all_jobs() if _is_late(job)]
    failed = ScheduledRun.objects.filter(state=RunState.FAILED, slot__gte=timezone.now() - DAY)
    words = sorted({str(job.label) for run in failed if (job := schedule.get(run.code))})
    if late:
        return fault(code, label, f"没有按时办：{'、'.join(late)}", "请确认后台进程在运行，再看它的日志。")
    if words:
        return notice(code, label, f"一天内有未办成的：{'、'.join(words)}", "请看后台进程的日志；下一次会再办。")
    return fine(code, label, f"{len(schedule.all_jobs())} 项都按时")


def _is_late(job: schedule.Job) -> bool:
    """Whether the slot before the present one was never done: the present one may be on its way."""
    slot = job.when.slot(timezone.now() - timedelta(minutes=15))
    first = ScheduledRun.objects.filter(code=job.code).order_by("slot").first()
    if slot is None or first is None or first.slot >= slot:
        return False
    done = last_run(job.code)
    return done is None or done.slot < slot


def check_backup() -> Finding:
    """There is a backup of the last day, and one was restored for a test in the last month."""
    code, label = "backup", "备份"
    made = backups()
    if not made:
        return fault(
            code, label, f"{settings.BACKUP_DIR} 里没有", "请运行 xianxue backup，并启用 xianxue-backup.timer。"
        )
    try:
        newest = manifest.read(made[-1])
    except Stopped as stopped:
        return fault(code, label, str(stopped), "请再做一份备份。")
    at = datetime.fromisoformat(newest.made_at)
    checked = _last_check()
    seen = f"{len(made)} 份，最近一份 {_ago(at)}；恢复演练 {_ago(checked) if checked else '从未做过'}"
    if timezone.now() - at > DAY + timedelta(hours=2):
        return fault(code, label, seen, "请运行 xianxue backup，并查看 xianxue-backup.timer 为何没有执行。")
    if checked is None or timezone.now() - checked > 31 * DAY:
        return notice(code, label, seen, "请运行 xianxue backup-check：没有恢复过的备份不能算备份。")
    return fine(code, label, seen)


def _last_check() -> datetime | None:
    place = Path(settings.BACKUP_DIR) / "last-check.json"
    try:
        words: dict[str, Any] = json.loads(place.read_text())
        return datetime.fromisoformat(words["checked_at"])
    except (OSError, ValueError, KeyError):
        return None


def check_checkpoint() -> Finding:
    """The history was sealed by a checkpoint not long before its last events."""
    code, label = "checkpoint", "检查点"
    newest = latest()
    events = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if newest is None:
        if not events:
            return fine(code, label, "还没有留痕")
        return notice(code, label, "还没有签发过", "后台进程运行后每小时签发一次；请把签发的检查点存到系统之外。")
    at = datetime.strptime(newest.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    seen = f"到第 {newest.size} 条（共 {events} 条），{_ago(at)}签发"
    if events > newest.size and timezone.now() - at > DAY:
        return fault(code, label, seen, "请确认后台进程在运行、签名密钥还在。")
    return fine(code, label, seen)


def _ago(at: datetime) -> str:
    passed = timezone.now() - at
    if passed < timedelta(hours=2):
        return f"{max(0, int(passed.total_seconds() // 60))} 分钟前"
    if passed < 2 * DAY:
        return f"{int(passed.total_seconds() // 3600)} 小时前"
    return f"{passed.days} 天前"


CHECKS: tuple[Check, ...] = (check_worker, check_queue, check_schedule, check_backup, check_checkpoint)
