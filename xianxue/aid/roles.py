"""Who keeps student aid."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Trait, declare_role
from xianxue.organisations.choices import BUREAU_KINDS

AID_OFFICER = declare_role(
    "aid_officer",
    _("资助中心"),
    at=BUREAU_KINDS,
    second_factor=_("看得到证件号原值和资助情况"),
    traits={Trait.COUNTS, Trait.OPENS_SEALED, Trait.SEES_COUNTY},
)
