"""Enumerations of aid; programmes, tiers, rates and categories of hardship are data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateBoarding(models.TextChoices):
    """For whom a rate is, where that matters."""

    ANY = "", _("不分")
    BOARDER = "boarder", _("寄宿生")
    DAY = "day", _("走读生")
