"""Samples of registers of the kernel: what the contracts try them with."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.contracts.declared import Sample, Work
from tests.factories.api import api_delivery, api_token
from tests.factories.restricted import EmergencyFactory, ReadRecordFactory
from xianxue.kernel.api.models import Delivery, TokenAddress
from xianxue.kernel.channels.models import Channel

SAMPLES: dict[str, Sample] = {
    "read-records": Sample(
        lambda _cast, school, number: ReadRecordFactory(what=f"身份证件号{number}", unit_id=school.pk)
    ),
    "emergencies": Sample(
        lambda _cast, school, number: EmergencyFactory(reason=f"突发疾病送医{number}", unit_id=school.pk)
    ),
}


def _emergency(stage: Any) -> int:
    unit = stage.cast.first_primary.pk
    key: int = EmergencyFactory(domain="identity", unit_id=unit, user_id=stage.cast.users["head"].pk).pk
    return key


def _token(stage: Any, days: int) -> Any:
    token = api_token(stage.cast, "registrar")
    token.expires_at = timezone.now() + timedelta(days=days)
    token.save()
    return token


def _places(stage: Any) -> int:
    token = _token(stage, 90)
    TokenAddress.objects.create(token=token, address="10.0.0.1", last_seen_at=timezone.now())
    return TokenAddress.objects.create(token=token, address="10.0.0.2", last_seen_at=timezone.now()).pk


def _dead(stage: Any) -> int:
    delivery = api_delivery(stage.cast, "registrar")
    Delivery.objects.update(done_at=timezone.now())
    return delivery.subscription.token_id


def _given_up(stage: Any) -> int:
    user = stage.cast.users["registrar"]
    return Channel.objects.create(
        user_id=user.pk, kind="mail", address="x@example.com", is_given_up=True, ended_at=timezone.now()
    ).pk


WORK = {
    "channels.given_up": Work(_given_up, mine=("registrar",)),
    # The head reads in an emergency, and oversees the domain: his own is for others to judge.
    "restricted.emergencies": Work(_emergency, mine=("auditor", "audit_admin"), seen=("head",)),
    # A calendar is read by everybody at the county.
    "imports.waiting": Work(
        lambda stage: stage.job().pk,
        mine=("county_officer",),
        seen=(
            "aid_officer",
            "audit_admin",
            "auditor",
            "decisions_officer",
            "director",
            "discipline",
            "project_officer",
            "security_admin",
            "system_admin",
        ),
    ),
    "api.ending": Work(lambda stage: _token(stage, 5).pk, mine=("registrar",)),
    "api.places": Work(_places, mine=("registrar",)),
    "api.dead": Work(_dead, mine=("registrar",)),
}
