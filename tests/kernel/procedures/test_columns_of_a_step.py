"""Fields of a step's form that are described as a sheet's columns are."""

from datetime import date
from typing import Any

import pytest

from xianxue.kernel.columns import Column, Date, Money, Text
from xianxue.kernel.procedures import StepForm


class PaymentForm(StepForm):
    """An amount, a day, a word."""

    columns = (
        Column("amount", "金额（元）", Money(), required=True),
        Column("paid_on", "付款日期", Date()),
        Column("purpose", "用途", Text(10)),
    )


def test_the_command_gets_the_values_of_a_model_s_field() -> None:
    form = PaymentForm({"amount": "1,250.5", "paid_on": "2024年9月1日", "purpose": "课桌"})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": 125_050, "paid_on": date(2024, 9, 1), "purpose": "课桌"}


def test_what_may_be_left_empty_is_no_value() -> None:
    form = PaymentForm({"amount": "3"})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": 300, "paid_on": None, "purpose": None}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"amount": "很多"}, "amount"), ({"amount": "3", "paid_on": "二月三十"}, "paid_on"), ({}, "amount")],
)
def test_what_is_not_understood_is_told_at_its_field(given: dict[str, Any], field: str) -> None:
    form = PaymentForm(given)
    assert not form.is_valid()
    assert list(form.errors) == [field]
    if given:
        assert "这里应填" in form.errors[field][0]
