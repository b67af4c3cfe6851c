"""One step over many matters, each with its own result."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.kernel.procedures import parcels
from tests.kernel.procedures.test_pages import cast, open_one, step_address
from xianxue.kernel.procedures.checks import faults
from xianxue.kernel.procedures.models import Matter

__all__ = ["cast"]
ADDRESS = "/matters/batch/tests.parcel/receive/"


@pytest.fixture
def receive(sending: Any) -> Iterator[None]:
    parcels.ParcelSending.receive.in_batches = True
    yield
    parcels.ParcelSending.receive.in_batches = False


def approved(cast: Cast, count: int) -> list[Matter]:
    matters = []
    for number in range(count):
        matter = open_one(cast, cast.client("registrar"), content=f"课桌{number}")
        sent = {"weight": "3", "seen": "1", "note": ""}
        assert cast.client("county_officer").post(step_address(matter, "approve"), sent).status_code == 302
        matters.append(matter)
    return matters


def rows(client: Client) -> list[str]:
    return re.findall(r'name="row" value="(\d+-\d+)"', client.get(ADDRESS).content.decode())


@pytest.mark.usefixtures("receive")
def test_each_has_its_own_result_and_none_keeps_another_from_being_done(cast: Cast) -> None:
    first, second, third = approved(cast, 3)
    client = cast.client("other_registrar")
    offered = rows(client)
    assert offered == [f"{matter.pk}-2" for matter in (first, second, third)]
    assert cast.client("registrar").post(step_address(second, "remark"), {"seen": "2", "note": ""}).status_code == 302
    answer = client.post(ADDRESS, {"row": [*offered[:2], "999999-1", "x", f"{first.pk}-2"]})
    page = answer.content.decode()
    assert "办成 1 件，未办 2 件" in page
    assert "打开页面之后，此事项已由他人办理" in page
    assert "没有重复办理" in page
    states = {matter.pk: matter.state for matter in Matter.unguarded.all()}
    assert states == {first.pk: "received", second.pk: "approved", third.pk: "approved"}
    assert rows(client) == [f"{second.pk}-3", f"{third.pk}-2"]


@pytest.mark.usefixtures("receive")
def test_what_one_must_know_stands_in_the_line(cast: Cast) -> None:
    approved(cast, 1)
    page = cast.client("other_registrar").get(ADDRESS).content.decode()
    assert "1 份" in page
    assert "内容：课桌0" in page


@pytest.mark.usefixtures("receive")
@pytest.mark.parametrize(
    ("part", "status"), [("other_registrar", 200), ("head", 404), ("stranger", 404), ("nobody", 302)]
)
def test_the_page_is_for_those_who_may_do_the_step(cast: Cast, part: str, status: int) -> None:
    assert cast.client(part).get(ADDRESS).status_code == status


@pytest.mark.usefixtures("receive")
def test_another_unit_s_matter_is_not_touched(cast: Cast) -> None:
    (matter,) = approved(cast, 1)
    cast.client("registrar").post(ADDRESS, {"row": [f"{matter.pk}-2"]})
    matter.refresh_from_db()
    assert matter.state == "approved"


def test_only_steps_that_say_so_and_need_no_form_are_done_in_batches(cast: Cast) -> None:
    assert cast.client("other_registrar").get(ADDRESS).status_code == 404
    assert cast.client("other_registrar").get(reverse("matter-batch", args=("no.such", "x"))).status_code == 404
    parcels.ParcelSending.approve.in_batches = True
    try:
        assert "procedures.E019" in [fault.id for fault in faults(parcels.ParcelSending)]
    finally:
        parcels.ParcelSending.approve.in_batches = False
