"""Organisations as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """The tree of units, school years and terms, calendars, code lists."""

    name = "xianxue.organisations"
    label = "organisations"
    verbose_name = _("机构")

    def ready(self) -> None:
        """Say where code lists and working days come from, and what a cell that names a school can mean."""
        from xianxue.kernel.api import providers as api  # noqa: PLC0415 - app ready
        from xianxue.kernel.columns import provide_codes, provide_references  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures import provide_calendar, provide_units  # noqa: PLC0415 - app ready
        from xianxue.organisations.selectors import (  # noqa: PLC0415 - app ready
            add_working_days,
            code_table,
            list_referents,
            school_referents,
            unit_named,
            unit_names,
            units_below,
            working_days,
            year_referents,
        )

        provide_codes(code_table)
        provide_calendar(add_working_days, working_days)
        provide_units(unit_names)
        api.provide_units(below=units_below, names=unit_names, find=unit_named)
        provide_references("schools", school_referents)
        provide_references("school-years", year_referents)
        provide_references("code-lists", list_referents)
