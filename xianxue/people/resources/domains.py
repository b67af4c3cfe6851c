"""Restricted domains of people: numbers and telephones in full, and what only few may know about a child."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel import restricted
from xianxue.people.access import DIRECTOR, HEAD, KEEPS, OVERSEES_READING, READS_RESTRICTED, TEACHER

# Staff access to data of minors needs approval and is recorded: 《未成年人网络保护条例》 (2024) 第三十六条. To be checked.
BASIS = _("《未成年人网络保护条例》第三十六条（条文待核）")
PURPOSES = {
    "verify": _("核对学籍信息"),
    "family": _("联系家长"),
    "business": _("办理学生本人的事项"),
    "safety": _("处置安全事件"),
}

IDENTITY = restricted.declare(
    restricted.Domain(
        code="identity",
        label=_("证件号码与联系电话"),
        purposes=PURPOSES,
        view=KEEPS,
        oversee=OVERSEES_READING,
        emergency=TEACHER | HEAD,
        basis=BASIS,
    )
)
SPECIAL = restricted.declare(
    restricted.Domain(
        code="special",
        label=_("特殊情况"),
        purposes={
            **PURPOSES,
            "aid": _("办理资助"),
            "care": _("关爱帮扶"),
            "inclusion": _("随班就读安排"),
        },
        view=READS_RESTRICTED,
        oversee=OVERSEES_READING,
        emergency=HEAD | DIRECTOR,
        basis=BASIS,
    )
)
