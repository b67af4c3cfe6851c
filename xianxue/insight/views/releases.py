"""Releases: the list, one release, its figures, its text and files, and the comparison with the records."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianxue.insight.access import CHECKS, READS_RELEASED, RELEASES, SEES_COUNTY
from xianxue.insight.models import Release, Side
from xianxue.insight.releases import checking, exporting, pages, paper, selectors, watching
from xianxue.insight.releases.changed_rows import differences
from xianxue.kernel.access import Grant, current_reach
from xianxue.kernel.documents import DOCX_CONTENT_TYPE, fragment
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.ui.details import DetailPage
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action, Link, Notice, Pill

SHOWN_ROWS = 200


def holds(grant: Grant) -> bool:
    """Whether the reader holds the grant, over whatever unit."""
    return bool(grant.scope(current_reach()))


def release_or_404(number: str, grant: Grant = SEES_COUNTY) -> Release:
    """The release of that number for those who may know it; absent and closed look the same."""
    found = selectors.released(number) if holds(grant) else None
    if found is None:
        raise Http404
    return found


def trail(*more: Link) -> tuple[Link, ...]:
    """The way down from the list."""
    return (Link(_("已发布的报告"), reverse("releases")), *more)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All releases, newest first; and the drafts, for those who release."""
    if not holds(READS_RELEASED):
        raise Http404
    table = pages.listing(selectors.releases(), in_full=holds(SEES_COUNTY))
    page = TablePage(_("已发布的报告"), table, sub=_("发布以后不再改动；每份都能核对是否原样，也能与现在的记录比对"))
    return render(request, "ui/table_page.html", {"page": page})


@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One release: what it is known by, its figures then and now."""
    release = release_or_404(number)
    made, content = pages.comparison_of(release), selectors.content_of(release)
    findings = {found.code: found for found in made.findings} if made else None
    page = DetailPage(
        title=release.title,
        sub=_("发布编号 %(number)s") % {"number": number},
        pill=pages.standing(release),
        trail=trail(Link(number)),
        actions=_actions(release),
        notice=_notice(release),
        panels=[pages.figures(content, findings=findings, number=number), pages.without_records(content)],
        aside=[pages.facts(release)],
    )
    return render(request, "ui/detail.html", {"page": page})


def _actions(release: Release) -> list[Action]:
    number = (release.number,)
    found = [
        Action(_("阅读全文"), reverse("release-paper", args=number)),
        Action(_("与现在比对"), reverse("release-compare", args=number), kind="primary"),
        Action(_("下载公文"), reverse("release-docx", args=number), icon="download"),
        Action(_("下载签名文件"), reverse("release-file", args=number), icon="download"),
    ]
    if holds(RELEASES) and not hasattr(release, "withdrawal"):
        found.append(Action(_("撤回"), reverse("release-withdraw", args=number), kind="danger"))
    return found


def _notice(release: Release) -> Notice | None:
    if faults := checking.quick_faults(release):
        return Notice("".join(faults), "late", _("这份发布被改动过"))
    if hasattr(release, "withdrawal"):
        return Notice(release.withdrawal.reason, "late", _("已撤回"))
    check = pages.check_pill(release)
    if check.tone in {"late", "due"} and selectors.is_in_force(release):
        return Notice(_("最近一次比对：%(found)s。点“与现在比对”看是哪些、为什么。") % {"found": check.text}, "due")
    return None


@require_safe
def figure(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """One released figure: what it meant, and the rows by which it differs now."""
    release = release_or_404(number)
    frozen = next((item for item in selectors.content_of(release)["figures"] if item["code"] == code), None)
    if frozen is None or not pages.is_counted(frozen):
        raise Http404
    made = pages.comparison_of(release)
    found = next((item for item in made.findings if item.code == code), None) if made else None
    panels: list[Any] = [pages.meaning(frozen)]
    if found is not None:
        titles = {Side.COUNTED: _("变化的明细"), Side.DIVIDED: _("变化的明细（分母）")}
        sides = [side for side in Side if side == Side.COUNTED or found.changes(side)]
        period = frozen["period"]["key"]
        changes = [(titles[side], differences(release, found, side, period, limit=SHOWN_ROWS)) for side in sides]
        panels = [*(pages.changed(title, rows) for title, rows in changes), *panels]
    state = pages.STATES[found.state] if found else None
    page = DetailPage(
        title=frozen["label"],
        sub=_("发布时 %(was)s，现在 %(now)s")
        % {"was": frozen["shown"], "now": (found and found.now) or _("还没有比对")},
        pill=Pill(state[0], state[1]) if state else None,
        trail=trail(Link(number, reverse("release", args=(number,))), Link(frozen["label"])),
        notice=Notice("".join(found.reasons), "due") if found and found.reasons else None,
        panels=panels,
    )
    return render(request, "ui/detail.html", {"page": page})


@require_safe
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """What the last comparison found, figure by figure."""
    release = release_or_404(number)
    made = pages.comparison_of(release)
    again = Action(_("重新计算并比对"), reverse("release-check-now", args=(number,)), kind="primary", method="post")
    trails = trail(Link(number, reverse("release", args=(number,))), Link(_("与现在比对")))
    actions = [again] if holds(CHECKS) else []
    if made is None:
        page = DetailPage(
            title=_("与现在比对"),
            sub=release.title,
            trail=trails,
            actions=actions,
            notice=Notice(_("还没有比对过。每晚自动比对一次，也可以现在就算。")),
        )
        return render(request, "ui/detail.html", {"page": page})
    sub = _("%(title)s · %(at)s按记录重新计算") % {
        "title": release.title,
        "at": pages.moment(release.check_made.checked_at),
    }
    notice = Notice("".join(made.faults), "late", _("这份发布被改动过")) if made.faults else None
    table = TablePage(
        _("与现在比对"), pages.findings_table(release, made), sub=sub, trail=trails, actions=actions, notice=notice
    )
    return render(request, "ui/table_page.html", {"page": table})


@require_POST
def check_now(request: HttpRequest, number: str) -> HttpResponse:
    """Compare with the records as they are now."""
    release = release_or_404(number)
    if not holds(CHECKS):
        raise PermissionDenied
    watching.check(release.number, by=actor_of(request))
    messages.success(request, _("已按现有记录重新计算并比对。"))
    return HttpResponseRedirect(reverse("release-compare", args=(number,)))


@require_safe
def compare_export(request: HttpRequest, number: str) -> FileResponse:
    """The comparison as a workbook, with the rows that the reader may open."""
    release = release_or_404(number)
    made = pages.comparison_of(release)
    if made is None:
        raise Http404
    name = _("年度报告 %(number)s 比对.xlsx") % {"number": number}
    return FileResponse(BytesIO(exporting.workbook(release, made)), as_attachment=True, filename=name)


@require_safe
def as_page(request: HttpRequest, number: str) -> HttpResponse:
    """The text as released; the only page of a release for schools. Figures lead to their pages for the county only."""
    release = release_or_404(number, READS_RELEASED)
    content = selectors.content_of(release)
    document = paper.from_plain(content, timezone.localdate(release.released_at))
    document = paper.with_check(document, release.number, release.short_root)
    in_full = holds(SEES_COUNTY)
    context = {
        "release": release,
        "standing": pages.standing(release),
        "withdrawal": getattr(release, "withdrawal", None),
        "successor": getattr(release, "successor", None),
        "paper": fragment(document if in_full else paper.without_links(document)),
        "in_full": in_full,
        "trail": trail(Link(number)),
    }
    return render(request, "insight/release_paper.html", context)


@require_safe
def as_docx(request: HttpRequest, number: str) -> FileResponse:
    """The very file that was signed."""
    release = release_or_404(number, READS_RELEASED)
    name = f"{release.title}（{release.number}）.docx"
    return FileResponse(BytesIO(bytes(release.docx)), as_attachment=True, filename=name, content_type=DOCX_CONTENT_TYPE)


@require_safe
def as_file(request: HttpRequest, number: str) -> FileResponse:
    """The release with its signature, to be checked and added up elsewhere."""
    release = release_or_404(number)
    name = f"release-{release.number}.zip"
    return FileResponse(BytesIO(exporting.file_of(release)), as_attachment=True, filename=name)
