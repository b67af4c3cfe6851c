"""Who sits in the deciding bodies of a school, who records them, and who watches over them at the bureau."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import declare_role
from xianxue.organisations.choices import BUREAU_KINDS, SCHOOL_KINDS

SECRETARY = declare_role("secretary", _("书记"), at=SCHOOL_KINDS)
MEMBER = declare_role("member", _("班子成员"), at=SCHOOL_KINDS)
RECORDER = declare_role("recorder", _("会议记录人"), at=SCHOOL_KINDS)
INSPECTOR = declare_role("inspector", _("纪检委员"), at=SCHOOL_KINDS)
DECISIONS_OFFICER = declare_role("decisions_officer", _("局三重一大监管"), at=BUREAU_KINDS)
DISCIPLINE = declare_role("discipline", _("派驻纪检组"), at=BUREAU_KINDS)
