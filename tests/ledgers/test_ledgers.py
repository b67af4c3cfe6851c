"""Ledgers through Excel: whose proposal, which contract, which person; what is refused and what is only told."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.decisions.after import rows
from tests.factories.ledgers import AppointmentFactory, ContractFactory, PaymentFactory
from tests.factories.people import PersonFactory, StaffPostFactory
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.columns import code_table
from xianxue.kernel.sheets import imports
from xianxue.ledgers.models import Appointment, Contract, Payment

pytestmark = pytest.mark.postgres

PAYMENT = {
    "学校": "第一小学",
    "凭证号": "J-1",
    "付款日期": "2024-10-09",
    "支出类别": "设备采购",
    "用途": "图书室书架",
    "收款单位": "试验家具厂",
    "金额（元）": "12600.50",
}
CONTRACT = {
    "学校": "第一小学",
    "合同编号": "HT-1",
    "合同名称": "书架采购合同",
    "支出类别": "设备采购",
    "供应商": "试验家具厂",
    "合同金额（元）": "12600",
    "签订日期": "2024-09-25",
}
APPOINTMENT = {
    "学校": "第一小学",
    "文号": "试校发〔2024〕1号",
    "姓名": "李老师",
    "岗位": "教导处副主任",
    "是否免职": "否",
    "任免日期": "2024-10-10",
}


def sends(cast: Cast, sheet: str, *lines: Mapping[str, str], part: str = "recorder") -> dict[str, Any]:
    """Send a workbook with these rows; returns the job's report."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    heads = list(dict.fromkeys(name for line in lines for name in line))
    page.append(heads)
    for line in lines:
        page.append([line.get(name, "") for name in heads])
    target = io.BytesIO()
    book.save(target)
    user = cast.users[part]
    with in_reach(cast.reach(part)):
        report = imports.run(
            [("台账.xlsx", target.getvalue())], by=Actor(user.pk, user.name, via="cli"), options={"sheet": sheet}
        )
    (job,) = report["jobs"]
    return dict(job)


def told(job: Mapping[str, Any]) -> list[str]:
    return sorted(problem["code"] for problem in job["problems"])


def test_a_payment_is_tied_to_the_schools_own_proposal(cast: Cast) -> None:
    proposal = rows.proposal(cast)
    assert told(sends(cast, "payments", {**PAYMENT, "议题编号": proposal.number})) == []
    made = Payment.objects.get()
    assert (made.proposal, made.amount_fen, made.kind, made.unit) == (
        proposal, 12_600_50, "equipment", cast.first_primary.unit,
    )  # fmt: skip


def test_another_schools_proposal_and_an_unknown_number_are_refused_alike(cast: Cast) -> None:
    other = rows.proposal(cast, school=cast.second_primary)
    for number in (other.number, "2024-999"):
        job = sends(cast, "payments", {**PAYMENT, "议题编号": number})
        assert (told(job), job["written"]) == (["P623"], 0)
    assert not Payment.objects.exists()


def test_the_same_number_at_two_schools_means_each_schools_own(cast: Cast) -> None:
    first = rows.proposal(cast)
    second = rows.proposal(cast, school=cast.second_primary, number=first.number)
    sends(cast, "payments", {**PAYMENT, "学校": "第二小学", "议题编号": first.number}, part="other_recorder")
    assert Payment.objects.get().proposal == second


@pytest.mark.parametrize(
    ("sheet", "line", "codes"),
    [
        ("payments", {**PAYMENT, "金额（元）": "-5"}, ["P621"]),
        ("contracts", {**CONTRACT, "合同金额（元）": "-0.01"}, ["P621"]),
        ("payments", {**PAYMENT, "付款日期": "TOMORROW"}, ["P622"]),
        ("contracts", {**CONTRACT, "签订日期": "TOMORROW"}, ["P622"]),
        ("contracts", {**CONTRACT, "开工日期": "TOMORROW"}, ["P622"]),
        ("appointments", {**APPOINTMENT, "任免日期": "TOMORROW"}, ["P622"]),
        ("appointments", {**APPOINTMENT, "工号": "T404"}, ["P624"]),
        ("payments", {**PAYMENT, "支出类别": "说不清"}, ["P201"]),
    ],
)
def test_rows_that_cannot_be_are_refused(cast: Cast, sheet: str, line: dict[str, str], codes: list[str]) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    job = sends(cast, sheet, {name: tomorrow if text == "TOMORROW" else text for name, text in line.items()})
    assert (told(job), job["written"]) == (codes, 0)


def test_today_is_not_the_future_and_nothing_is_a_payment(cast: Cast) -> None:
    line = {**PAYMENT, "付款日期": timezone.localdate().isoformat(), "金额（元）": "0"}
    assert (told(job := sends(cast, "payments", line)), job["written"]) == ([], 1)


def test_a_contract_that_the_ledger_does_not_know_is_told_and_written(cast: Cast) -> None:
    job = sends(cast, "payments", {**PAYMENT, "合同编号": "HT-9"})
    assert (told(job), job["written"]) == (["W621"], 1)
    ContractFactory(unit=cast.first_primary.unit, number="HT-9")
    assert told(sends(cast, "payments", {**PAYMENT, "凭证号": "J-2", "合同编号": "HT-9"})) == []


def test_another_schools_contract_does_not_stand_in(cast: Cast) -> None:
    ContractFactory(unit=cast.second_primary.unit, number="HT-9")
    assert told(sends(cast, "payments", {**PAYMENT, "合同编号": "HT-9"})) == ["W621"]


def test_work_begun_before_the_contract_is_told_and_written(cast: Cast) -> None:
    job = sends(cast, "contracts", {**CONTRACT, "开工日期": "2024-09-20"})
    assert (told(job), job["written"]) == (["W622"], 1)
    assert told(sends(cast, "contracts", {**CONTRACT, "合同编号": "HT-2", "开工日期": "2024-09-25"})) == []


def test_headings_of_the_schools_own_books_are_understood(cast: Cast) -> None:
    line = {
        "单位": "第一小学", "记账凭证号": "J-7", "支付日期": "2024/10/9", "费用类别": "设施设备", "摘要": "书架",
        "供应商": "试验家具厂", "支出金额": "1,260.00", "合同号": "",
    }  # fmt: skip
    assert told(sends(cast, "payments", line)) == []
    assert (Payment.objects.get().kind, Payment.objects.get().amount_fen) == ("equipment", 1_260_00)


def test_a_row_sent_again_is_the_same_row_and_another_schools_number_is_another_row(cast: Cast) -> None:
    sends(cast, "payments", PAYMENT)
    again = sends(cast, "payments", {**PAYMENT, "金额（元）": "99"})
    assert (again["changed"], again["new"]) == (1, 0)
    sends(cast, "payments", {**PAYMENT, "学校": "第二小学"}, part="other_recorder")
    found = Payment.objects.order_by("unit_id").values_list("unit__name", "number", "amount_fen")
    assert sorted(found) == [("第一小学", "J-1", 99_00), ("第二小学", "J-1", 12_600_50)]


def test_a_recorder_writes_no_other_schools_ledger(cast: Cast) -> None:
    job = sends(cast, "payments", {**PAYMENT, "学校": "第二小学"})
    assert (job["written"], Payment.objects.exists()) == (0, False)


def test_the_proposal_of_a_row_can_be_named_later_and_is_never_taken_from_an_empty_cell(cast: Cast) -> None:
    first, second = rows.proposal(cast), rows.proposal(cast)
    sends(cast, "payments", PAYMENT)
    for number, holds in ((first.number, first), ("", first), (second.number, second)):
        sends(cast, "payments", {**PAYMENT, "议题编号": number})
        assert Payment.objects.get().proposal == holds


def test_a_person_is_known_by_the_number_and_not_by_the_name(cast: Cast) -> None:
    for number in ("T1", "T2"):
        StaffPostFactory(school=cast.first_primary, staff_no=number, person=PersonFactory(name="李老师"))
    sends(cast, "appointments", APPOINTMENT)
    assert Appointment.objects.get().person is None
    sends(cast, "appointments", {**APPOINTMENT, "工号": "T2"})
    made = Appointment.objects.get()
    assert made.person is not None
    assert made.person.staff_posts.get().staff_no == "T2"
    assert sends(cast, "appointments", {**APPOINTMENT, "工号": "T2"})["same"] == 1
    assert told(sends(cast, "appointments", {**APPOINTMENT, "文号": "2号", "姓名": "王老师", "工号": "T1"})) == ["P625"]


def test_money_is_kept_in_fen_and_contracts_hold_their_dates(cast: Cast) -> None:
    sends(cast, "contracts", {**CONTRACT, "合同金额（元）": "0.07", "开工日期": "2024-10-08"})
    made = Contract.objects.get()
    assert (made.amount_fen, made.signed_on.isoformat(), str(made.started_on)) == (7, "2024-09-25", "2024-10-08")


def test_kinds_that_need_no_decision_are_in_the_list_of_kinds(cast: Cast) -> None:
    rules = rows.proposal(cast).rule_set.rules
    assert set(rules["excluded"]) <= set(code_table("payment_kind").labels)


def test_a_list_of_payments_costs_the_same_for_one_row_and_for_many(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        PaymentFactory(unit=cast.first_primary.unit, proposal=rows.proposal(cast))
    AppointmentFactory(unit=cast.first_primary.unit)
    client = cast.client("decisions_officer")
    client.get("/registers/payments/")
    with django_assert_max_num_queries(20):
        assert client.get("/registers/payments/").status_code == 200
