"""What each address of the application is for: pages made by registers, pages tried here, and addresses to post to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.contracts.stage import Stage
from tests.factories.accounts import AccountRequestFactory, SecondFactorFactory
from tests.factories.api import api_delivery, api_token
from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.findings import make_letter
from tests.factories.meetings import BodyFactory, SeatFactory, meeting_row
from tests.factories.people import EnrolmentFactory, MembershipFactory
from tests.factories.promotion import PromotionExceptionFactory
from tests.factories.proposals import make_proposal
from tests.factories.restricted import EmergencyFactory
from xianxue.kernel import resources
from xianxue.kernel.access import Actor

Arguments = Callable[[Stage], Mapping[str, Any]]
EXAMPLES = {
    "PathConverter": "x",
    "IntConverter": 1,
    "SlugConverter": "x",
    "StringConverter": "x",
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
}


@dataclass(frozen=True)
class Page:
    """A page that a part of the cast opens with GET, with what it is about."""

    part: str
    about: Arguments = field(default=lambda _stage: {})
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration."""

    name: str
    pattern: str
    arguments: Mapping[str, Any]

    def __str__(self) -> str:
        return self.name


def all_addresses() -> list[Address]:
    """Every address of a page, with arguments that fit its pattern; those of programs are tried in tests/kernel/api."""
    return [item for item in _walk(get_resolver(), "", {}) if not item.pattern.startswith("api/v1/")]


def _walk(resolver: URLResolver, prefix: str, given: Mapping[str, Any]) -> Iterator[Address]:
    for item in resolver.url_patterns:
        arguments = {
            **given,
            **{name: EXAMPLES[type(kind).__name__] for name, kind in item.pattern.converters.items()},
        }
        if isinstance(item, URLResolver):
            yield from _walk(item, prefix + str(item.pattern), arguments)
        elif isinstance(item, URLPattern):
            yield Address(item.name or "", prefix + str(item.pattern), arguments)


def of_registers() -> set[str]:
    """Names of the addresses that registers make; `test_registers` tries them."""
    pages = ("list", "export", "detail", "new", "edit", "reveal", "attach", "grid-units", "grid")
    return {f"{item.code}-{page}" for item in resources.all_registers() for page in pages}


def _matter(stage: Stage) -> Mapping[str, Any]:
    return {"pk": stage.matter().pk}


def _step(stage: Stage) -> Mapping[str, Any]:
    return {"pk": stage.matter().pk, "step": "agree"}


def _user(stage: Stage) -> Mapping[str, Any]:
    return {"pk": stage.cast.users["head"].pk}


def _request(stage: Stage) -> Mapping[str, Any]:
    return {"pk": AccountRequestFactory(unit=stage.cast.county).pk}


def _school_year(stage: Stage) -> Mapping[str, Any]:
    return {"pk": stage.cast.first_primary.pk, "year": 2024}


def _pupil(stage: Stage) -> Mapping[str, Any]:
    return {"pk": MembershipFactory(classroom=stage.cast.first_class).enrolment.pk}


def _exception(stage: Stage) -> Mapping[str, Any]:
    return {"pk": PromotionExceptionFactory(old_classroom=stage.cast.first_class).pk}


def _pair(stage: Stage, **facts: Any) -> Mapping[str, Any]:
    school = stage.cast.first_primary
    people = {side: EnrolmentFactory(school=school).person for side in ("first", "second")}
    return {"pk": DuplicatePairFactory(**people, **facts).pk}


def _checkpoint(stage: Stage) -> Mapping[str, Any]:
    return {"pk": stage.checkpoint().pk}


def _api_token(stage: Stage) -> Mapping[str, Any]:
    return {"pk": api_token(stage.cast, "head").pk}


def _api_webhook(stage: Stage) -> Mapping[str, Any]:
    return {"pk": api_delivery(stage.cast, "head").subscription_id}


def _notice_letter(stage: Stage) -> Mapping[str, Any]:
    cast = stage.cast
    user = cast.users["discipline"]
    unit = cast.first_primary.unit
    return {"pk": make_letter(unit, 900, by=Actor(user.pk, user.name), reach=cast.reach("discipline")).pk}


OPEN = {
    "sign-in": "the door itself",
    "provider-start": "the same, by the county's identity provider",
    "provider-return": "the way back from there",
    "release-check": "tests/insight/test_release_pages.py: whoever holds the paper",
    "release-check-start": "the same, for a paper that cannot be scanned",
    "public-decisions": "tests/decisions/after/test_public_page.py: what schools made public, where the county opened it",
    "public-decision": "the same, one notice",
    "checkpoint-check": "tests/kernel/evidence: whether a short root is ours, and nothing else",
}


def _with_factor(stage: Stage) -> Mapping[str, Any]:
    if not stage.cast.users["aid_officer"].has_second_factor:
        SecondFactorFactory(user=stage.cast.users["aid_officer"])
    return {}


def _pupil_to_read(stage: Stage) -> dict[str, Any]:
    pupil = MembershipFactory(classroom=stage.cast.first_class).enrolment
    return {"domain": "identity", "register": "pupils", "pk": pupil.pk}


def _number(stage: Stage) -> Mapping[str, Any]:
    return {"number": stage.release().number}


def _draft(stage: Stage) -> Mapping[str, Any]:
    return {"pk": stage.draft().pk}


def _meeting(stage: Stage) -> Mapping[str, Any]:
    return {"pk": meeting_row(stage.cast.first_primary.unit).pk}


def _seat(stage: Stage) -> Mapping[str, Any]:
    return {"pk": SeatFactory(body=BodyFactory(unit=stage.cast.first_primary.unit)).pk}


PAGES: dict[str, Page] = {
    "decisions-checks": Page("head"),
    "decisions-overview": Page("discipline"),
    "decisions-letter": Page("discipline", _notice_letter),
    "decisions-filing": Page("decisions_officer", lambda stage: {"pk": make_proposal(stage.cast).pk}),
    "decisions-preflight": Page("recorder", lambda stage: {"pk": make_proposal(stage.cast).pk}),
    "api-tokens": Page("head"),
    "api-token-new": Page("head"),
    "api-token": Page("head", _api_token),
    "api-token-revoke": Page("head", _api_token),
    "api-webhook-new": Page("head", _api_token),
    "api-webhook": Page("head", _api_webhook),
    "api-delivery": Page("head", lambda stage: {"pk": api_delivery(stage.cast, "head").pk}),
    "api-service-new": Page("security_admin"),
    "account": Page("head"),
    "channel-new": Page("head"),
    "password": Page("head"),
    "permissions": Page("head"),
    "search": Page("head", query={"q": "第一"}),
    "user-new": Page("security_admin"),
    "user-rename": Page("security_admin", _user),
    "user-password": Page("security_admin", _user),
    "user-switch": Page("security_admin", _user),
    "user-factor": Page("security_admin", _user),
    "user-sessions": Page("security_admin", _user),
    "user-identity": Page("security_admin", _user),
    "factor-enable": Page("head"),
    "factor-codes": Page("aid_officer", _with_factor),
    "factor-drop": Page("aid_officer", _with_factor),
    "delegate": Page("head"),
    "posting-give": Page("security_admin", _user),
    "posting-end": Page("security_admin", lambda stage: {"pk": stage.cast.users["head"].postings.get().pk}),
    "request-confirm": Page("director", _request),
    "request-decline": Page("director", _request),
    "restricted-open": Page("registrar", lambda _stage: {"domain": "identity"}),
    "restricted-emergency": Page("class_teacher", _pupil_to_read),
    "restricted-judge": Page("head", lambda stage: {"pk": EmergencyFactory(unit_id=stage.cast.first_primary.pk).pk}),
    "duplicates-find": Page("county_officer"),
    "duplicates-elsewhere": Page("registrar"),
    "duplicate-same": Page("registrar", _pair),
    "duplicate-different": Page("registrar", _pair),
    "duplicate-unclear": Page("head", _pair),
    "duplicate-confirm": Page("head", lambda stage: _pair(stage, state="proposed")),
    "duplicate-return": Page("county_officer", lambda stage: _pair(stage, state="proposed")),
    "duplicate-undo": Page("head", lambda stage: _pair(stage, state="merged")),
    "promotion": Page("county_officer"),
    "promotion-school": Page("auditor", _school_year),
    "promotion-confirm": Page("head", _school_year),
    "promotion-reopen": Page("county_officer", _school_year),
    "promotion-hold-back": Page("registrar", _pupil),
    "promotion-skip": Page("registrar", _pupil),
    "promotion-undo": Page("registrar", _exception),
    "import-start": Page("registrar"),
    "import-job": Page("county_officer", lambda stage: {"pk": stage.job().pk}),
    "import-rows": Page("county_officer", lambda stage: {"pk": stage.job().pk}, {"outcome": "new"}),
    "import-changes": Page("county_officer", lambda stage: {"pk": stage.job().pk}),
    "import-batch": Page("county_officer", lambda stage: {"pk": stage.job().batch_id}),
    "import-returned": Page("county_officer", lambda stage: {"pk": stage.job().pk}),
    "template-download": Page("county_officer", lambda _stage: {"code": "calendar"}),
    "todo": Page("head"),
    "todo-started": Page("head"),
    "todo-units": Page("head"),
    "overdue": Page("head"),
    "procedures": Page("head"),
    "procedure": Page("head", lambda _stage: {"code": "people.transfer"}),
    "matter": Page("county_officer", _matter),
    "matter-step": Page("other_head", _step),
    "matter-batch": Page("head", lambda _stage: {"procedure": "people.entry", "step": "confirm_entry"}),
    "matter-start": Page("registrar", lambda _stage: {"procedure": "people.transfer", "step": "open_transfer"}),
    "matter-extend": Page("county_officer", _matter),
    "matter-record": Page("county_officer", _matter),
    "cockpit": Page("director"),
    "big-screen": Page("director"),
    "attention": Page("director"),
    "cockpit-unit": Page("director", lambda stage: {"pk": stage.cast.first_primary.pk}),
    "figure": Page("director", lambda _stage: {"code": "capital_projects"}),
    "report": Page("director"),
    "report-docx": Page("director"),
    "report-article": Page("director"),
    "evidence": Page("audit_admin"),
    "checkpoint": Page("head", _checkpoint),
    "checkpoint-sheet": Page("auditor", _checkpoint),
    "consistency": Page("head", lambda stage: {"size": stage.checkpoint().size}),
    "releases": Page("head"),
    "release": Page("auditor", _number),
    "release-figure": Page("auditor", lambda stage: {**_number(stage), "code": "people.pupils"}),
    "release-compare": Page("auditor", _number),
    "release-paper": Page("head", _number),
    "release-docx": Page("head", _number),
    "release-file": Page("auditor", _number),
    "release-withdraw": Page("director", _number),
    "release-prepare": Page("county_officer", lambda _stage: {"year": 2024}),
    "release-draft": Page("director", _draft),
    "release-draft-release": Page("director", _draft),
    "release-draft-drop": Page("county_officer", _draft),
    "my-meetings": Page("member"),
    "meeting-body-new": Page("recorder"),
    "meeting-body-change": Page("recorder", lambda stage: {"pk": BodyFactory(unit=stage.cast.first_primary.unit).pk}),
    "meeting-seat-new": Page("recorder"),
    "meeting-seat-end": Page("recorder", _seat),
    "meeting-interest-new": Page("recorder"),
    "meeting-agenda": Page("recorder", _meeting),
    "meeting-desk": Page("recorder", _meeting),
    "meeting-desk-revision": Page("recorder", _meeting),
    "meeting-member": Page("member", _meeting),
}
ONLY_POSTED = {
    "meeting-agenda-act", "meeting-desk-entries", "meeting-member-act",
    "api-webhook-end", "api-delivery-replay",
    "evidence-sign",
    "notice-open", "notices-clear", "matter-pack", "channel-end", "channel-test",
    "sign-out", "session-end", "sessions-end-others", "delegation-recall", "import-batch-apply", "import-apply", "import-mend", "import-decide", "import-confirm",
    "import-cancel", "recompute", "release-check-now",
}  # fmt: skip
ELSEWHERE = {
    "second-step": "tests/accounts/test_second_step.py: needs the first step",
    "file": "tests/kernel/files: needs a record with a guard",
    "import-undo": "tests/kernel/sheets/test_pages.py: needs an import that was written",
    "figure-unit": "tests/insight: needs computed figures",
    "figure-rows": "tests/insight: needs computed figures",
    "figure-rows-export": "tests/insight: needs computed figures",
    "report-sentence": "tests/insight: needs a report",
    "decisions-minutes": "tests/decisions/after/test_paper_pages.py: needs a meeting",
    "decisions-paper": "tests/decisions/after/test_paper_pages.py: needs a decision",
    "release-compare-export": "tests/insight: needs a comparison",
}
