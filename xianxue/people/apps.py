"""People as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Persons, their numbers, enrolments, guardians, staff."""

    name = "xianxue.people"
    label = "people"
    verbose_name = _("人员")

    def ready(self) -> None:
        """Say who knows the names of head teachers."""
        from xianxue.organisations.services import provide_teacher_names  # noqa: PLC0415 - app ready
        from xianxue.people.selectors import teacher_names  # noqa: PLC0415 - app ready

        provide_teacher_names(teacher_names)
