"""People as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Persons, their numbers, enrolments, guardians, staff."""

    name = "xianxue.people"
    label = "people"
    verbose_name = _("人员")
