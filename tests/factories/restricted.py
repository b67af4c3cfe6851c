"""Openings of restricted domains, records of reading."""

from datetime import UTC, datetime

import factory

from tests.factories.base import RowFactory
from xianxue.kernel.restricted.models import Opening, ReadRecord

BEGIN = datetime(2024, 10, 15, 1, 0, tzinfo=UTC)


class OpeningFactory(RowFactory[Opening]):
    """A purpose named, for half an hour of a day long past."""

    class Meta:
        model = Opening

    domain = "identity"
    user_id = 1
    reader = "郭某"
    purpose = "verify"
    started_at = BEGIN
    until = BEGIN.replace(minute=30)


class EmergencyFactory(OpeningFactory):
    """The glass broken for one child."""

    purpose = ""
    subject_type = "people.person"
    subject_id = 1
    subject_label = "周小明"
    unit_id = 1
    reason = "突发疾病送医，须联系家长"


class ReadRecordFactory(RowFactory[ReadRecord]):
    """One value read."""

    class Meta:
        model = ReadRecord

    opening = factory.SubFactory(OpeningFactory)
    at = BEGIN
    domain = "identity"
    user_id = 1
    reader = "郭某"
    purpose = "verify"
    subject_type = "people.person"
    subject_id = 1
    subject_label = "周小明"
    what = "身份证件号"
    unit_id = 1
