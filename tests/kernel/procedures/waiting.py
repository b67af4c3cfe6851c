"""What the registry of work asks of the steps of procedures, for tests that look at one matter."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from xianxue.kernel.access import Reach
from xianxue.kernel.procedures.work import Steps


def todos_for(reach: Reach) -> QuerySet[Any]:
    """The to-dos that wait for the person."""
    steps = Steps()
    return steps.waiting(timezone.localdate()).filter(steps.of_actor(reach))
