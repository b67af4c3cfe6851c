"""Two schools ask for the same child in the same moment: one gets the child, the other the answer of every other time."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.organisations import SchoolFactory
from tests.people.transferring import Scene, make_scene
from xianxue.kernel.commands import Refused
from xianxue.organisations.selectors import forget_codes
from xianxue.people.models import LookupFailure, Transfer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def scene() -> Iterator[Scene]:
    yield make_scene()
    forget_codes()


def test_of_two_schools_that_open_at_once_one_gets_the_child(scene: Scene) -> None:
    third = SchoolFactory(name="第三小学", parent=scene.cast.county)
    scene.cast.users["third"] = UserFactory(username="third", name="third 某")
    PostingFactory(user=scene.cast.users["third"], role="registrar", unit=third.unit)
    barrier, said = Barrier(2), dict[str, str]()

    def ask(part: str, **changes: object) -> None:
        barrier.wait()
        try:
            scene.open(part, **changes)
            said[part] = "opened"
        except Refused as refused:
            said[part] = refused.message
        finally:
            connection.close()

    threads = [
        Thread(target=ask, args=("other_registrar",)),
        Thread(target=ask, args=("third",), kwargs={"school": third}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(text[:16] for text in said.values()) == ["opened", "未能登记转学：没有查到可以转入本"]
    assert Transfer.unguarded.filter(is_open=True).count() == 1
    assert LookupFailure.objects.count() == 1
