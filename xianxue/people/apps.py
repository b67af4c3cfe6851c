"""People as a Django app."""

from datetime import time, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Persons, their numbers, enrolments, guardians, staff."""

    name = "xianxue.people"
    label = "people"
    verbose_name = _("人员")

    def ready(self) -> None:
        """Say who knows head teachers and whose the accounts are, and when duplicates and dropped-out children are sought."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.access import Identities, provide_identities  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready
        from xianxue.organisations.services import provide_teacher_names  # noqa: PLC0415 - app ready
        from xianxue.people.access import SEES_RECORDS  # noqa: PLC0415 - app ready
        from xianxue.people.selectors import teacher_names  # noqa: PLC0415 - app ready
        from xianxue.people.selectors.identities import (  # noqa: PLC0415 - app ready
            accounts_by_number,
            persons_by_number,
        )
        from xianxue.people.services.dropout import look_for_children_out_of_school  # noqa: PLC0415 - app ready
        from xianxue.people.services.duplicates import search_again  # noqa: PLC0415 - app ready

        provide_teacher_names(teacher_names)
        provide_identities(Identities(persons_by_number, accounts_by_number))
        menu.add("pupils", _("升级"), "promotion", SEES_RECORDS, 48)
        # Often, and cheap: where nothing changed nothing is compared, and after an import only what it brought.
        schedule.register("people.duplicates", _("查找疑似重复"), schedule.Every(timedelta(hours=1)), search_again)
        # Before the reminders of the morning, so that a new alert is on the to-do list when the day begins.
        schedule.register(
            "people.drop_out", _("查找离校后无去向的学生"), schedule.At(time(4, 20)), look_for_children_out_of_school
        )
