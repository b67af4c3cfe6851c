"""Work that nobody asks for: at its hour, once for each hour however many workers there are, made up for after a pause.

`register(code, label, when, work)` in an app's `ready`; `when` is `Every(timedelta(hours=1))` or `At(time(8, 30))`.
It is done in the lane of long work unless `lane=Lane.SHORT` says that it takes a moment.
"""

from xianxue.kernel.schedule.lanes import Lane
from xianxue.kernel.schedule.registry import At, Every, Job, all_jobs, get, register

__all__ = ["At", "Every", "Job", "Lane", "all_jobs", "get", "register"]
