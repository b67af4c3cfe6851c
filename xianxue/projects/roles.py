"""Who keeps capital projects."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Trait, declare_role
from xianxue.organisations.choices import BUREAU_KINDS

PROJECT_OFFICER = declare_role(
    "project_officer", _("项目办"), at=BUREAU_KINDS, traits={Trait.COUNTS, Trait.SEES_COUNTY}
)
