"""What a check can say, how grave and how certain it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.IntegerChoices):
    """How grave a finding is: S1, S2, S3."""

    NOTE = 1, _("提示")
    SERIOUS = 2, _("较重")
    GRAVE = 3, _("严重")


class Certainty(models.TextChoices):
    """Whether the data decide, or a person must."""

    CERTAIN = "certain", _("确定")
    SUSPECTED = "suspected", _("疑似")


class Verdict(models.TextChoices):
    """What a check says. Never a silent pass."""

    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    SKIPPED = "skipped", _("未检查")
