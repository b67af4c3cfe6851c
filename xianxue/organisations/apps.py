"""Organisations as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """The tree of units, school years and terms, calendars, code lists."""

    name = "xianxue.organisations"
    label = "organisations"
    verbose_name = _("机构")
