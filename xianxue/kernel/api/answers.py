"""How the API says no: one shape for every refusal, the same words for what is out of reach and what does not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema


class ProblemItem(Schema):
    """One thing that is wrong with what was sent."""

    code: str = Field(description="问题代码，见《问题代码》；参数本身不合要求时为 parameter")
    column: str = Field(description="列名；整行的问题为空")
    message: str
    severity: str = Field(description="error 或 warning")


class Failure(Schema):
    """Every answer that is not a success."""

    code: str
    message: str
    problems: list[ProblemItem] = Field(default_factory=list)
    current: dict[str, Any] | None = Field(default=None, description="412 时：记录现在的内容")


@dataclass
class Declined(Exception):
    """The request is not carried out; becomes a Failure with that status."""

    status: int
    code: str
    message: str
    problems: Sequence[ProblemItem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    current: dict[str, Any] | None = None

    def response(self) -> HttpResponse:
        """The refusal as an HTTP response."""
        failure = Failure(
            code=self.code, message=self.message, problems=list(self.problems), current=self.current
        ).model_dump()
        return JsonResponse(failure, status=self.status, headers=dict(self.headers), json_dumps_params=PLAIN)


PLAIN = {"ensure_ascii": False}


def not_found() -> Declined:
    """For what does not exist and for what is out of reach: nobody can tell them apart."""
    return Declined(404, "not_found", _("没有找到。它不存在，或者不在您的范围内。"))


def no_token() -> Declined:
    """For a token that is missing, wrong, expired, revoked, or used from where it may not be."""
    message = _("未能办理：令牌缺失、无效、已过期、已撤销，或不允许从这里使用。请检查 Authorization 头。")
    return Declined(401, "unauthorized", message, headers={"WWW-Authenticate": 'Bearer realm="xianxue"'})


def no_scope(word: str) -> Declined:
    """For a token whose scopes do not say so."""
    return Declined(403, "scope", _("未能办理：令牌的范围不含 %(word)s。请换用或重新签发令牌。") % {"word": word})


def no_grant() -> Declined:
    """For a row that the owner sees and may not change (or see in full)."""
    return Declined(403, "grant", _("未能办理：令牌所有人没有这项权限。请由有权限的人签发令牌。"))


def too_many(seconds: int) -> Declined:
    """For a token that asks more often than allowed."""
    message = _("请求过于频繁。请在 %(seconds)s 秒后再试。") % {"seconds": seconds}
    return Declined(429, "rate", message, headers={"Retry-After": str(seconds)})


def wrong_parameters(problems: Sequence[ProblemItem]) -> Declined:
    """For parameters or a body that are not of the shape described."""
    return Declined(422, "parameters", _("未能办理：参数不合要求。请按接口说明修改。"), problems)


def parameter(column: str, message: str) -> ProblemItem:
    """One parameter that is not as described."""
    return ProblemItem(code="parameter", column=column, message=message, severity="error")
