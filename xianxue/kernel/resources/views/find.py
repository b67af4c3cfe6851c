"""One search over all registers that the reader may see."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from xianxue.kernel.resources.asked import LONGEST_SEARCH
from xianxue.kernel.resources.register import Register, all_registers

SHOWN = 5


@dataclass(frozen=True)
class Hit:
    """One row found."""

    title: str
    hint: str
    href: str


@dataclass(frozen=True)
class Hits:
    """What one register found; `more_href` leads to its list when there is more than is shown."""

    label: str
    hits: tuple[Hit, ...]
    more_href: str = ""


def hits_of(register: Register, text: str) -> Hits | None:
    """The first rows of a register that match, visible to the reader; None for none. Two or three queries."""
    matching = register.match(register.visible(), text).order_by(*register.order, "pk")
    keys = list(matching.values_list("pk", flat=True)[: SHOWN + 1])
    if not keys:
        return None
    rows = {row.pk: row for row in register.fetched(register.visible().filter(pk__in=keys[:SHOWN]))}
    hits = tuple(
        Hit(register.title(row), register.hint(row), register.url("detail", row.pk))
        for key in keys[:SHOWN]
        if (row := rows.get(key))
    )
    more = f"{register.url()}?{urlencode({'q': text})}" if len(keys) > SHOWN else ""
    return Hits(str(register.label), hits, more)


def search(text: str) -> list[Hits]:
    """What every searchable register in view found."""
    found = [
        hits_of(register, text)
        for register in all_registers()
        if register.search and register.in_search and register.may_view()
    ]
    return [hits for hits in found if hits]


class FindView(View):
    """The page of the search over everything; htmx asks for its results alone."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        context: dict[str, Any] = {"text": text, "found": search(text) if text else []}
        is_part = request.headers.get("HX-Target") == "found"
        return render(request, "resources/found.html" if is_part else "resources/search.html", context)
