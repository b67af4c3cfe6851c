"""The least that such pages could take: Django alone, with its own middleware, plain queries and a plain template.

As an URL configuration it has the application's addresses too, so that both are measured in one run.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, engines
from django.urls import path

from xianxue.accounts.models import User
from xianxue.config import urls as application
from xianxue.people.models import Enrolment, Identifier

# What the application has of Django's middleware.
DJANGO_S_OWN = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TABLE = """<!doctype html><title>{{ user.name }}</title><table>{% for row in rows %}<tr>
<th><a href="/registers/pupils/{{ row.pk }}/">{{ row.person.name }}</a></th><td>{{ row.person.sex }}</td>
<td>{{ row.number }}</td><td>{{ row.school.unit.name }}</td><td>{{ row.stage }}{{ row.cohort_year }}</td>
<td>{{ row.classroom.number }}</td><td>{{ row.boarding }}</td><td>{{ row.status }}</td></tr>
{% endfor %}</table>{{ total }}"""
SHELL = """{% extends "ui/shell.html" %}{% block title %}{% endblock %}{% block content %}{% endblock %}"""
plain = Engine().from_string(TABLE)


def nothing(request: HttpRequest) -> HttpResponse:
    """A signed-in user's name."""
    return HttpResponse(_user(request).username)


def rows(request: HttpRequest) -> HttpResponse:
    """The first page of the register of pupils, in its order: count, keys, rows, their numbers.

    The keys first, for sorting whole rows of four tables takes SQLite twice as long.
    """
    on_roll = Enrolment.unguarded.filter(ended_on=None)
    order = ("school_id", "stage", "-cohort_year", "classroom_id", "person__name_pinyin")
    page = Paginator(on_roll.order_by(*order).values_list("pk", flat=True), 50).page(1)
    found = Enrolment.unguarded.select_related("person", "school__unit", "classroom").in_bulk(page.object_list)
    return _drawn(request, list(found.values()), page.paginator.count)


def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One pupil of it."""
    found = Enrolment.unguarded.select_related("person", "school__unit", "classroom").get(pk=pk)
    return _drawn(request, [found], 1)


def shell(request: HttpRequest) -> HttpResponse:
    """A page of the application with nothing in it but the frame."""
    return HttpResponse(engines["django"].from_string(SHELL).render({}, request))


def _drawn(request: HttpRequest, found: list[Any], total: int) -> HttpResponse:
    people = [each.person_id for each in found]
    held = Identifier.unguarded.filter(person__in=people, kind="student_no", valid_to=None)
    numbers = {each.person_id: each.value for each in held}
    for each in found:
        each.number = numbers.get(each.person_id, "")
    return HttpResponse(plain.render(Context({"rows": found, "total": total, "user": _user(request)})))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the floor is measured for somebody who is signed in"
    return request.user


urlpatterns = [
    *application.urlpatterns,
    path("bench/nothing/", nothing),
    path("bench/rows/", rows),
    path("bench/row/<int:pk>/", row),
    path("bench/shell/", shell),
]
