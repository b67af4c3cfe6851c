"""Two lanes of the queue, each with a worker of its own: what is done in seconds never waits behind what takes minutes.

A task is put into its lane by `queue_name`. Which lane is the one that puts it there to say: by what the work will cost
at most, not by what its sender says of it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """A lane by its name in the queue. The short one is the queue's own default, so what names no lane is short."""

    SHORT = "default", _("短任务")
    LONG = "long", _("长任务")
