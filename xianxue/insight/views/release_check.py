"""The public page to which the code on the paper leads: whether a file is the one that was released, and nothing more."""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from xianxue.insight.forms import CheckForm
from xianxue.insight.models import Release
from xianxue.insight.releases import checking, pages, paper, selectors

LARGEST = 20 * 1024 * 1024
SHORT = 16


def _release(number: str, root: str) -> Release:
    """The release, for those who hold the paper: its number alone opens nothing."""
    digits = "".join(letter for letter in root.lower() if letter not in "- ")
    found = selectors.released(number) if len(digits) == SHORT else None
    if found is None or found.short_root != digits:
        raise Http404
    return found


@login_not_required
@never_cache
@csrf_exempt  # it changes nothing; and checking the token would read the upload before its size is known
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str, root: str) -> HttpResponse:
    """What anybody with the paper may know of it; a file sent along is compared by its hash and not kept."""
    release = _release(number, root)
    status, verdict = _verdict(request, release) if request.method == "POST" else (200, None)
    successor = getattr(release, "successor", None)
    context: dict[str, Any] = {
        "release": release,
        "root": paper.grouped(release.short_root),
        "docx_hash": checking.sha256(bytes(release.docx)),
        "faults": checking.quick_faults(release),
        "standing": pages.standing(release),
        "withdrawal": getattr(release, "withdrawal", None),
        "successor": successor,
        "verdict": verdict,
        "most": LARGEST // 1024 // 1024,
    }
    return render(request, "insight/release_check.html", context, status=status)


def _verdict(request: HttpRequest, release: Release) -> tuple[int, dict[str, Any]]:
    """(status, what to say) of the file that was sent."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        text = _("未能核对：文件超过 %(most)s MB，不会是这份公文。") % {"most": LARGEST // 1024 // 1024}
        return 413, {"tone": "late", "text": text}
    sent = request.FILES.get("file")
    if sent is None:
        return 422, {"tone": "due", "text": _("未能核对：没有收到文件。请选择下载的公文（.docx）再核对。")}
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    found = digest.hexdigest()
    if found in {checking.sha256(bytes(release.docx)), checking.sha256(bytes(release.html))}:
        return 200, {"tone": "done", "title": _("原样"), "text": _("这个文件与发布的一个字节不差。"), "hash": found}
    text = _("这个文件与发布的不同。用 Word 或 WPS 打开后另存也会改变文件；请用下载后没有另存过的文件再试。")
    return 200, {"tone": "late", "title": _("不符"), "text": text, "hash": found}


@login_not_required
@never_cache
@csrf_exempt  # it changes nothing
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """For a paper whose code cannot be scanned: its number and its sixteen digits."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        found = form.cleaned_data
        try:
            release = _release(found["number"], found["root"])
        except Http404:
            form.add_error(None, _("没有这样一份发布。请核对编号和校验码，校验码是 16 位数字和字母 a 到 f。"))
        else:
            return HttpResponseRedirect(reverse("release-check", args=(release.number, release.short_root)))
    status = 422 if form.is_bound else 200
    return render(request, "insight/release_check_start.html", {"form": form}, status=status)
