"""The yearly report: sentences that the office may change, figures that it may not, what is missing said as missing."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.accounts.selectors import bureau_name
from xianxue.insight import catalogue
from xianxue.insight.models import ReportSentence, Variant
from xianxue.insight.selectors import Stated, stated
from xianxue.kernel.documents import (
    Block,
    Document,
    FigureRun,
    Heading,
    Paragraph,
    Run,
    Signature,
    Text,
    read_format,
    template,
    written,
)
from xianxue.kernel.documents.numbers import han
from xianxue.kernel.ui.systems import actions, systems
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit

REPORT, ARTICLE = Variant.REPORT, Variant.ARTICLE
LEAD, CLOSING = "lead", "closing"
VARIABLES = ("county", "bureau", "year")
REPLACE = "replace"


@dataclass(frozen=True)
class Source:
    """A sentence as the release has it."""

    id: str
    place: str
    paragraph: int
    text: str
    system: str = ""
    missing: str = ""

    @property
    def figures(self) -> list[str]:
        """Ids of the figures in it."""
        return [name for name in template.names_in(self.text) if name not in VARIABLES]


@dataclass(frozen=True)
class Sentence:
    """A sentence as it will be read."""

    source: Source
    runs: Sequence[Run]
    is_changed: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the report. `gaps` names the systems that have nothing on record, said in one sentence at the end."""

    place: str
    heading: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    gaps: tuple[str, ...] = ()
    number: str = ""

    @property
    def gap_text(self) -> str:
        """“理论学习、周例会督办尚无记录。”, or nothing."""
        return _("%(systems)s尚无记录。") % {"systems": "、".join(self.gaps)} if self.gaps else ""


@dataclass(frozen=True)
class Report:
    """The report of a year in one form, ready to be shown or written."""

    year: int
    variant: str
    title: str
    issuer: str
    sections: tuple[Section, ...]


@cache
def sources(variant: str) -> dict[str, Source]:
    """All sentences of a form by id, in their order."""
    return {row["id"]: Source(**row) for row in _data(variant)["sentence"]}


@cache
def _data(variant: str) -> dict[str, Any]:
    found: dict[str, Any] = catalogue.read("report.toml")[variant]
    return found


def labels() -> dict[str, str]:
    """Figure id → the name by which the office knows it."""
    return {row.id: row.label for row in catalogue.figures()} | {
        "county": _("县名"),
        "bureau": _("局名"),
        "year": _("年份"),
    }


def overrides(year: int, variant: str) -> dict[str, str]:
    """Texts that the office changed, by sentence."""
    rows = ReportSentence.objects.filter(year=year, variant=variant)
    return dict(rows.values_list("sentence", "text"))


def county() -> str:
    """The county's name, as it stands in the tree of units."""
    found = Unit.objects.filter(kind=UnitKind.COUNTY).order_by("path").values_list("name", flat=True).first()
    return found or bureau_name()


def base_url() -> str:
    """Address of this installation, for links in files that leave it."""
    return str(settings.BASE_URL)


def variables(year: int) -> dict[str, str]:
    """What the placeholders that are no figures stand for."""
    return {"county": county(), "bureau": bureau_name(), "year": str(year)}


def figure_href(item: Stated, year: int) -> str:
    """The page that tells where a figure comes from."""
    return f"{reverse('figure', args=(item.code,))}?year={year}"


def build(year: int, variant: str, found: dict[str, Stated] | None = None) -> Report:
    """The report of a year, from the values given, or those stored last, and the office's words. About eight queries."""
    found = stated(year) if found is None else found
    changed, facts = overrides(year, variant), variables(year)
    data = _data(variant)

    def figure(part: template.Placeholder) -> FigureRun:
        item = found[part.name]
        how = read_format(part.format)
        text = written(item.value.number, item.unit, how) if how else written(item.value.number, item.unit)
        return FigureRun(text, figure_href(item, year), part.name, missing=not item.is_recorded)

    def sentence(source: Source) -> Sentence:
        runs = template.fill(changed.get(source.id, source.text), variables=facts, figure=figure)
        return Sentence(source, runs, source.id in changed)

    places = [LEAD, *actions(), CLOSING]
    headings = data["headings"]
    sections = [
        _section(place, headings.get(place, ""), _of_place(variant, place), found, sentence) for place in places
    ]
    numbered = _numbered(sections)
    title = "".join(run.text for run in template.fill(data["title"], variables=facts, figure=figure))
    return Report(year, variant, title, facts["bureau"], numbered)


def _numbered(sections: list[Section]) -> tuple[Section, ...]:
    """一、 二、 … before the headings (GB/T 9704—2012 §7.3.3)."""
    counts = itertools.count(1)
    return tuple(
        replace(section, number=f"{han(next(counts))}、") if section.heading else section for section in sections
    )


def _of_place(variant: str, place: str) -> list[Source]:
    return [source for source in sources(variant).values() if source.place == place]


def _section(place: str, heading: str, rows: list[Source], found: dict[str, Stated], sentence: Any) -> Section:
    gaps: dict[str, None] = {}
    paragraphs: dict[int, list[Sentence]] = {}
    for source in rows:
        if source.missing == REPLACE and not _is_recorded(source, found):
            gaps[systems()[source.system].label] = None
        else:
            paragraphs.setdefault(source.paragraph, []).append(sentence(source))
    kept = tuple(tuple(paragraphs[number]) for number in sorted(paragraphs))
    return Section(place, heading, kept, tuple(gaps))


def _is_recorded(source: Source, found: dict[str, Stated]) -> bool:
    if source.figures:
        return any(found[name].is_recorded for name in source.figures)
    return any(item.is_recorded for item in found.values() if item.item and item.item.system == source.system)


def document(year: int, variant: str, found: dict[str, Stated] | None = None) -> Document:
    """The report as a paper, for .docx or HTML; of the values given, or those stored last."""
    made = build(year, variant, found)
    return Document(
        title=made.title,
        issuer=made.issuer,
        date=timezone.localdate(),
        blocks=tuple(_blocks(made)),
    )


def _blocks(made: Report) -> Iterator[Block]:
    for section in made.sections:
        if section.heading:
            yield Heading(1, section.heading)
        for paragraph in section.paragraphs:
            yield Paragraph(tuple(run for sentence in paragraph for run in sentence.runs))
        if section.gap_text:
            yield Paragraph((Text(section.gap_text),))
    yield Signature()


def editable(source: Source, year: int, variant: str) -> str:
    """A sentence as the office edits it: figures by name in braces."""
    return template.with_labels(overrides(year, variant).get(source.id, source.text), labels())


def from_edited(source: Source, edited: str) -> tuple[str, str | None]:
    """(text with codes and formats again, why it cannot be used): the figures must be those of the release."""
    known = labels()
    try:
        text = template.from_labels(edited.strip(), source.text, known)
    except template.Unreadable as error:
        return edited, str(error)
    ids = [row.id for row in catalogue.figures()]
    reason = template.problem_in(text, figures=ids, variables=VARIABLES)
    shown = [template.with_labels(one, known) for one in (source.text, text)]
    variables = [known[name] for name in VARIABLES]
    return text, reason or template.figures_kept(*shown, variables=variables)


def original(source: Source) -> str:
    """A sentence of the release, with figures by name."""
    return template.with_labels(source.text, labels())
