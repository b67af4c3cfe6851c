"""Whose the accounts are: an account's 工号 is that of a post at the school where the account has its posting."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from xianxue.accounts.models import Posting
from xianxue.people.models import StaffPost

NOBODY = Q(pk__in=[])


def persons_by_number(user_ids: Collection[int]) -> Iterable[int]:
    """Persons who hold or held a post under the number of one of these accounts."""
    held = Posting.objects.filter(user_id__in=user_ids).exclude(user__worker_number="")
    numbers = held.values_list("user__worker_number", "unit_id", "unit__parent_id").distinct()
    posts = (Q(staff_no=number, school_id__in=[unit, above]) for number, unit, above in numbers)
    return StaffPost.objects.filter(reduce(or_, posts, NOBODY)).values_list("person_id", flat=True).distinct()


def accounts_by_number(person_ids: Collection[int]) -> Iterable[int]:
    """Accounts with the number of a post of one of these persons, and a posting at its school or in its classes."""
    posts = StaffPost.objects.filter(person_id__in=person_ids).values_list("staff_no", "school_id").distinct()
    held = (Q(user__worker_number=number) & (Q(unit_id=school) | Q(unit__parent_id=school)) for number, school in posts)
    return Posting.objects.filter(reduce(or_, held, NOBODY)).values_list("user_id", flat=True).distinct()
