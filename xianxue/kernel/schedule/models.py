"""Runs of periodic work, one a slot; and the workers, by their sign of life."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.schedule.lanes import Lane


class RunState(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting", _("待办")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已办")
    FAILED = "failed", _("未办成")
    SKIPPED = "skipped", _("略过")


class ScheduledRun(models.Model):
    """One slot of a job: whoever inserts the row has it, so that no slot is done by two."""

    code = models.CharField(_("工作代码"), max_length=60)
    slot = models.DateTimeField(_("应办时间"))
    state = models.CharField(_("状态"), max_length=8, choices=RunState.choices, default=RunState.WAITING)
    starts = models.PositiveSmallIntegerField(_("开始次数"), default=0)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    result = models.CharField(_("结果"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("定时工作记录")
        constraints = (models.UniqueConstraint(fields=("code", "slot"), name="one_run_a_slot"),)

    def __str__(self) -> str:
        return f"{self.code} {self.slot:%Y-%m-%d %H:%M}"


class WorkerBeat(models.Model):
    """A background worker and when it last said that it lives."""

    worker_id = models.CharField(_("后台进程编号"), max_length=64, unique=True)
    host = models.CharField(_("主机"), max_length=255)
    pid = models.PositiveBigIntegerField(_("进程号"))
    lane = models.CharField(_("任务队列"), max_length=8, choices=Lane.choices, default=Lane.SHORT)
    started_at = models.DateTimeField(_("启动时间"))
    seen_at = models.DateTimeField(_("最近活动"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("后台进程")

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"
