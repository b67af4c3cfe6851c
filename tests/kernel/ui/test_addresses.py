"""Addresses told by numbers are those that Django would give, wherever the application is mounted."""

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse, set_script_prefix

from tests.kernel.ui.gallery_urls import nothing
from xianxue.kernel.ui.addresses import address, address_or_nothing

urlpatterns = [
    path("rows/<int:pk>/", nothing, name="row"),
    path("rows/<int:pk>/cells/<int:place>-<int:other>/", nothing, name="cell"),
    path("rows/", nothing, name="rows"),
]


class Mounted:
    urlpatterns = [path("elsewhere/<int:pk>/", nothing, name="row")]


@pytest.fixture(autouse=True)
def _own_addresses() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield
    set_script_prefix("/")


@pytest.mark.parametrize(("name", "numbers"), [("rows", ()), ("row", (7,)), ("row", (0,)), ("cell", (12, 3, 12))])
def test_an_address_is_the_one_that_django_gives(name: str, numbers: tuple[int, ...]) -> None:
    for _twice in range(2):
        assert address(name, *numbers) == reverse(name, args=numbers)


def test_every_row_has_its_own() -> None:
    assert [address("row", number) for number in (1, 23, 456)] == ["/rows/1/", "/rows/23/", "/rows/456/"]


def test_what_has_no_address_is_refused_as_by_django() -> None:
    for name, numbers in (("row", (-1,)), ("row", ()), ("nowhere", (1,))):
        with pytest.raises(NoReverseMatch):
            address(name, *numbers)
    assert address_or_nothing("nowhere") == ""


def test_an_application_that_is_mounted_elsewhere_has_other_addresses() -> None:
    assert address("row", 7) == "/rows/7/"
    set_script_prefix("/county/")
    assert address("row", 7) == "/county/rows/7/"
    set_script_prefix("/")
    with override_settings(ROOT_URLCONF=Mounted):
        assert address("row", 7) == "/elsewhere/7/"
    assert address("row", 7) == "/rows/7/"
