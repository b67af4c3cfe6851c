"""Tasks that a dead worker had in hand: the queue does not notice that a worker was killed.

They are done again, from the start: a task must bear that (it looks at the state of what it is about before it acts).
A task that ends its worker every time is given up, with a reason that the operator sees.
"""

from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from xianxue.kernel.schedule.workers import living

STARTS_LIMIT = 3


class WorkerDied(Exception):
    """The worker was ended while it had the task in hand, as often as it may be tried."""


def take_up_dead_tasks() -> int:
    """Put the tasks of dead workers back into the queue, or fail them; returns how many were found.

    Compared and set at once, so that two workers that look at the same moment do it once.
    """
    alive = {beat.worker_id for beat in living()}
    found = 0
    for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        mine = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING, worker_ids=task.worker_ids)
        if len(task.worker_ids) >= STARTS_LIMIT:
            words = _("未办成：后台进程在办这件事时中断了 %(times)s 次。") % {"times": len(task.worker_ids)}
            if mine.exists():
                task.set_failed(WorkerDied(words))
                found += 1
        else:
            found += mine.update(status=TaskResultStatus.READY, started_at=None)
    return found
