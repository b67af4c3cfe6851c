"""What is about a child goes with the child, because of what it is: no matter can be forgotten."""

from django.db.models import UniqueConstraint

from xianxue.kernel.procedures import all_procedures
from xianxue.organisations.models import School
from xianxue.people.models import Person, Transfer, child_matters


def test_every_matter_that_names_one_pupil_is_of_the_class_that_follows_the_child() -> None:
    subjects = {procedure.subject for procedure in all_procedures()}
    naming = {
        subject
        for subject in subjects
        if any(field.name == "pupil" and field.related_model is Person for field in subject._meta.get_fields())
    }
    assert naming == set(child_matters())


def test_of_each_kind_a_child_has_one_open_matter() -> None:
    one_open = {
        model: [set(item.fields) for item in model._meta.constraints if isinstance(item, UniqueConstraint)]
        for model in child_matters()
    }
    assert [model for model, keys in one_open.items() if {"pupil"} not in keys] == []


def test_one_that_follows_names_the_school_that_it_is_at_and_a_transfer_its_own_two() -> None:
    for model in child_matters():
        related = {field.name: field.related_model for field in model._meta.get_fields()}
        assert (related.get("school") is School) == model.follows_child, model
    assert [model for model in child_matters() if not model.follows_child] == [Transfer]
