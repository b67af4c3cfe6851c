"""The periodic work of the installation itself; what belongs to a part is declared by that part."""

from datetime import time, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from xianxue.config.operations.retention import forget_old
from xianxue.kernel import schedule
from xianxue.kernel.schedule.running import forget_old_runs
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportJob

TASKS_KEPT = timedelta(days=30)


def declare() -> None:
    """Put the work on the schedule; once, when the apps are ready."""
    schedule.register("operations.discard", _("删去未写入的导入文件"), schedule.At(time(2, 10)), discard_imports)
    schedule.register("operations.tidy", _("清理过期的登录和任务记录"), schedule.At(time(2, 30)), tidy)


def discard_imports() -> int:
    """Remove the sealed files of imports that were never written, after the days for which a written one can be undone."""
    limit = timezone.now() - timedelta(days=settings.IMPORT_UNDO_DAYS)
    number = 0
    for job in ImportJob.objects.filter(state__in=(State.FAILED, State.CANCELLED), updated_at__lt=limit).order_by("pk"):
        number += imports.discard(job)
    return number


def tidy() -> int:
    """Remove sessions that are over, finished tasks of long ago, and logs past their time; returns how many."""
    now = timezone.now()
    number = Session.objects.filter(expire_date__lt=now).delete()[0]
    number += DBTaskResult.objects.finished().filter(finished_at__lt=now - TASKS_KEPT).delete()[0]
    return number + forget_old_runs() + forget_old()
