"""The roles that every installation has: of a bureau, of a school, and the administrators.

Whoever a capability needs besides, it declares in its own `roles.py`. What each may do is printed from the declarations
on the permissions page. A second factor is required of whoever opens sealed numbers or restricted records, and of
whoever could give oneself the way to them: GB/T 22239-2019, 8.1.4.1 d (two kinds of authentication, one of them
cryptographic).
"""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Trait, declare_role
from xianxue.organisations.choices import BUREAU_KINDS, SCHOOL_KINDS, UnitKind

DIRECTOR = declare_role(
    "director",
    _("局长"),
    at=BUREAU_KINDS,
    second_factor=_("看得到全县，并确认管理员的任命"),
    traits={Trait.COUNTS, Trait.SEES_COUNTY, Trait.TWO_PERSONS, Trait.WITNESSES},
)
COUNTY_OFFICER = declare_role(
    "county_officer",
    _("局学籍管理"),
    at=BUREAU_KINDS,
    second_factor=_("看得到证件号原值"),
    traits={Trait.COUNTS, Trait.OPENS_SEALED, Trait.SEES_COUNTY},
)
# Watching over others is a trust in one person.
AUDITOR = declare_role(
    "auditor",
    _("审计监督"),
    at=(*BUREAU_KINDS, *SCHOOL_KINDS),
    second_factor=_("看得到全县的记录"),
    traits={Trait.NOT_LENT, Trait.SEES_COUNTY, Trait.WITNESSES},
)
HEAD = declare_role(
    "head", _("校长"), at=SCHOOL_KINDS, second_factor=_("看得到本校的受限资料"), traits={Trait.WITNESSES}
)
REGISTRAR = declare_role(
    "registrar", _("学籍管理员"), at=SCHOOL_KINDS, second_factor=_("看得到证件号原值"), traits={Trait.OPENS_SEALED}
)
CLASS_TEACHER = declare_role("class_teacher", _("班主任"), at=(UnitKind.CLASSROOM,))

# GB/T 22239-2019, level 3: system, security and audit are managed by three different people.
SYSTEM_ADMIN = declare_role(
    "system_admin",
    _("系统管理员"),
    at=BUREAU_KINDS,
    second_factor=_("管理系统"),
    traits={Trait.ADMINISTERS, Trait.COUNTS, Trait.NOT_LENT, Trait.SEES_COUNTY, Trait.TWO_PERSONS},
)
SECURITY_ADMIN = declare_role(
    "security_admin",
    _("安全管理员"),
    at=BUREAU_KINDS,
    second_factor=_("管理账号"),
    traits={Trait.ADMINISTERS, Trait.KEEPS_ACCOUNTS, Trait.NOT_LENT, Trait.TWO_PERSONS},
)
AUDIT_ADMIN = declare_role(
    "audit_admin",
    _("审计管理员"),
    at=BUREAU_KINDS,
    second_factor=_("看得到全部留痕"),
    traits={Trait.ADMINISTERS, Trait.NOT_LENT, Trait.TWO_PERSONS, Trait.WITNESSES},
)
ADMINISTRATORS = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN)
