"""Samples of registers of the kernel: what the contracts try them with."""

from tests.contracts.declared import Sample
from tests.factories.restricted import EmergencyFactory, ReadRecordFactory

SAMPLES: dict[str, Sample] = {
    "read-records": Sample(
        lambda _cast, school, number: ReadRecordFactory(what=f"身份证件号{number}", unit_id=school.pk)
    ),
    "emergencies": Sample(
        lambda _cast, school, number: EmergencyFactory(reason=f"突发疾病送医{number}", unit_id=school.pk)
    ),
}
