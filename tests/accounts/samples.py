"""Samples of accounts: what the contracts try them with."""

from datetime import date
from typing import Any

from tests.cast import Cast
from tests.contracts.declared import Opener, Sample
from tests.factories.accounts import (
    AccountRequestFactory,
    DelegationFactory,
    NumberMatchFactory,
    PostingFactory,
    SignInFactory,
    SignInFailureFactory,
    UserFactory,
)
from xianxue.accounts.procedures import ExportApproval
from xianxue.organisations.models import School


def _posting(cast: Cast, school: School, number: int) -> Any:
    return PostingFactory(
        user__name=f"任职{number}", role="registrar", unit=school.unit, started_on=date(2021, 9, number + 1)
    )


def _export(_cast: Cast, number: int) -> dict[str, Any]:
    return {
        "register": "pupils",
        "query": f"class={number}",
        "rows": 600,
        "purpose": "办理学籍",
        "recipient": "县教育体育局",
    }


SAMPLES: dict[str, Sample] = {
    "users": Sample(lambda _cast, _school, number: UserFactory(username=f"sample{number}", name=f"样例{number}")),
    "postings": Sample(_posting),
    "delegations": Sample(
        lambda _cast, school, number: DelegationFactory(
            posting__unit=school.unit, posting__role="registrar", taker__name=f"代办{number}"
        )
    ),
    "sign-ins": Sample(lambda _cast, _school, number: SignInFactory(user__name=f"登录{number}")),
    "sign-in-failures": Sample(
        lambda _cast, _school, number: SignInFailureFactory(user=UserFactory(name=f"失败{number}"))
    ),
    "number-matches": Sample(lambda _cast, _school, number: NumberMatchFactory(asker=f"核对{number}")),
    "account-requests": Sample(
        lambda cast, _school, number: AccountRequestFactory(user__name=f"申请{number}", unit=cast.county)
    ),
}
OPENERS: dict[str, Opener] = {
    ExportApproval.code: Opener(ExportApproval.ask, "registrar", _export),
}
