"""Whether the configured keys are those with which the records were written."""

from django.utils.translation import gettext as _

from xianxue.kernel.access import whole_county
from xianxue.kernel.crypto import Unsealable, digest
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier
from xianxue.people.rules.numbers import DOCUMENT_SPACE, STUDENT_SPACE


def keys_problem() -> str | None:
    """Why the keys do not fit the records, as a sentence; None where they do, or where there is nobody yet.

    With another digest key every known person would count as new, and an import would double the county.
    """
    with whole_county("密钥核对"):
        try:
            number = Identifier.objects.order_by("pk").first()
        except Unsealable:
            return _(
                "加密密钥与数据库里的记录不符，已保存的证件号读不出来。请核对 XIANXUE_SEAL_KEYS，用原来的密钥启动。"
            )
    if number is None:
        return None
    space = STUDENT_SPACE if number.kind == IdentifierKind.STUDENT_NO else DOCUMENT_SPACE
    if digest(space, number.value) != number.digest:
        return _(
            "查找摘要密钥与数据库里的记录不符，继续运行会把已登记的人当成新人。"
            "请核对 XIANXUE_DIGEST_KEY 和 XIANXUE_CRYPTO_PROFILE，用原来的值启动。"
        )
    return None
