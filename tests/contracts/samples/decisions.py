"""Samples of meetings and of major decisions."""

from datetime import date
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.contracts.samples.sample import Sample
from tests.factories.findings import make_finding, make_letter
from tests.factories.ledgers import AppointmentFactory, ContractFactory, PaymentFactory
from tests.factories.meetings import BodyFactory, InterestFactory, SeatFactory, meeting_row
from tests.factories.people import StaffPostFactory
from tests.factories.proposals import make_edition, make_entry, make_proposal
from xianxue.decisions.models import CatalogueEdition, NoticeLetter, RuleSet
from xianxue.decisions.selectors.catalogues import label_of
from xianxue.kernel.access import Actor
from xianxue.organisations.models import School


def _entry_cells(cast: Cast) -> dict[str, str]:
    """A new entry of a model that the county drafts: whoever reaches everything writes that, and no school's list."""
    draft, _new = CatalogueEdition.unguarded.get_or_create(unit=cast.county, school_type="211", number="草稿")
    return {
        "edition": label_of(draft),
        "code": "Z01",
        "name": "校园开放日方案",
        "category": "重大决策",
        "chain": "校长办公会议 → 党组织会议",
        "preparations": "调研论证、征求意见",
        "is_important": "否",
        "is_staff_interest": "否",
        "threshold": "5000",
        "payment_kinds": "活动",
    }


def _seat(_cast: Cast, school: School, number: int) -> Any:
    """A member who is of the school's staff."""
    person = StaffPostFactory(school=school, person__name=f"委员{number}").person
    return SeatFactory(body=BodyFactory(unit=school.unit), person=person)


def _seat_cells(cast: Cast) -> dict[str, str]:
    """A new member of a body of the first school, by the number of the staff."""
    body = BodyFactory(unit=cast.first_primary.unit, kind="party", name="第一小学支部委员会")
    post = StaffPostFactory(school=cast.first_primary)
    return {
        "unit": "第一小学",
        "body": body.name,
        "staff_no": post.staff_no,
        "name": post.person.name,
        "duty": "组织委员",
        "is_chief": "否",
        "is_discipline": "否",
        "started_on": "2024-01-10",
    }


def _notice_letter(cast: Cast, school: School, _number: int) -> Any:
    user = cast.users["discipline"]
    # The county numbers its letters in one row, whichever school they go to.
    number = 1 + NoticeLetter.unguarded.count()
    return make_letter(school.unit, number, by=Actor(user.pk, user.name), reach=cast.reach("discipline"))


SAMPLES: dict[str, Sample] = {
    "bodies": Sample(lambda _cast, school, number: BodyFactory(unit=school.unit, name=f"专题会议{number}")),
    "seats": Sample(
        _seat,
        cells=_seat_cells,
        changed={"duty": "副书记", "ended_on": "2024-12-31"},
        wrong=("is_discipline", "也许"),
    ),
    "interests": Sample(lambda _cast, school, number: InterestFactory(unit=school.unit, person__name=f"申报{number}")),
    "meetings": Sample(lambda _cast, school, number: meeting_row(school.unit, number + 1)),
    "findings": Sample(lambda _cast, school, number: make_finding(school.unit, number)),
    "notice-letters": Sample(_notice_letter),
    "proposals": Sample(lambda cast, school, number: make_proposal(cast, school, title=f"购置第 {number} 批书架")),
    "catalogue-editions": Sample(lambda _cast, school, number: make_edition(school, f"{2010 + number}")),
    "catalogue-entries": Sample(
        lambda _cast, school, number: make_entry(school, name=f"第 {number} 类事项"),
        cells=_entry_cells,
        changed={"chain": "党组织会议、教职工代表大会"},
        wrong=("preparations", "拍脑袋"),
    ),
    "rule-sets": Sample(
        lambda _cast, _school, number: RuleSet.objects.create(
            version=f"S{number}",
            source="县局通知",
            valid_from=date(2000 + number, 1, 1),
            rules=RuleSet.objects.order_by("pk").values_list("rules", flat=True)[0],
            made_at=timezone.now(),
        )
    ),
    "payments": Sample(
        lambda _cast, school, number: PaymentFactory(unit=school.unit, number=f"S-{number}"),
        cells={
            "unit": "第一小学",
            "number": "2024-10-901",
            "paid_on": "2024-10-09",
            "kind": "设备采购",
            "purpose": "图书室书架",
            "payee": "试验家具厂",
            "amount": "12600",
        },
        changed={"amount": "12800.5"},
        wrong=("amount", "-5"),
    ),
    "contracts": Sample(
        lambda _cast, school, number: ContractFactory(unit=school.unit, number=f"S-{number}"),
        cells={
            "unit": "第一小学",
            "number": "HT-901",
            "name": "书架采购合同",
            "kind": "设备采购",
            "supplier": "试验家具厂",
            "amount": "12600",
            "signed_on": "2024-09-25",
        },
        changed={"started_on": "2024-10-08"},
        wrong=("kind", "没有这一类"),
    ),
    "appointments": Sample(
        lambda _cast, school, number: AppointmentFactory(unit=school.unit, number=f"试校发〔2024〕9{number}号"),
        cells={
            "unit": "第一小学",
            "number": "试校发〔2024〕88号",
            "name": "李老师",
            "post": "教导处副主任",
            "is_removal": "否",
            "decided_on": "2024-10-10",
        },
        changed={"decided_on": "2024-10-11"},
        wrong=("is_removal", "也许"),
    ),
}
