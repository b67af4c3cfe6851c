"""What is drawn by hand is what Django's templates draw, letter by letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.ui.widgets import Drawn

CHOICES = [
    ("", "—"),
    (1, "一 & <二>"),
    ("汉\"'", _("汉族")),
    (None, 1234567),
    ("组", [("a", mark_safe("<b>甲</b>")), ("b", "乙")]),
]
WIDGETS = {
    "text": forms.TextInput(),
    "number": forms.NumberInput(attrs={"min": 0, "max": 10_000}),
    "date": forms.DateInput(format="%Y-%m-%d"),
    "hidden": forms.HiddenInput(),
    "password": forms.PasswordInput(render_value=True),
    "checkbox": forms.CheckboxInput(),
    "file": forms.FileInput(),
    "textarea": forms.Textarea(attrs={"rows": "3"}),
    "select": forms.Select(choices=CHOICES),
    "several": forms.SelectMultiple(choices=CHOICES),
    "radios": forms.RadioSelect(choices=CHOICES),
}


@pytest.mark.parametrize("value", [None, "", "汉\"'", 1, 1234567, "<i>&", True, ["1", "b"], mark_safe("&amp;"), ("1",)])
@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_is_drawn_as_its_template_draws_it(name: str, value: object) -> None:
    """Values, attributes, groups, marks of safety and what is left out."""
    attributes = {
        "id": "id_1",
        "class": 'a "b"',
        "required": True,
        "disabled": False,
        "data-count": 1234,
        "aria-x": None,
    }

    drawn = WIDGETS[name].render("字段", value, attributes, Drawn())

    assert drawn == WIDGETS[name].render("字段", value, attributes, DjangoTemplates())
    assert hasattr(drawn, "__html__")
