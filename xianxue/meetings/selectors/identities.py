"""Whose the accounts are: a seat in a body names a person, and the account by which the person signs."""

from collections.abc import Collection, Iterable

from xianxue.meetings.models import Seat


def persons_signing_by(user_ids: Collection[int]) -> Iterable[int]:
    """Persons who sign, or signed, by one of these accounts."""
    return Seat.objects.filter(user_id__in=user_ids).values_list("person_id", flat=True).distinct()


def accounts_of_members(person_ids: Collection[int]) -> Iterable[int]:
    """Accounts by which these persons sign or signed."""
    seats = Seat.objects.filter(person_id__in=person_ids, user_id__isnull=False)
    return (pk for pk in seats.values_list("user_id", flat=True).distinct() if pk is not None)
