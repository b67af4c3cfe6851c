"""A release that was altered behind the application's back is found out, whatever part of it was."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.insight.release_sample import released
from tests.kernel.indicators.sample import make_county
from tests.triggers import lifted
from xianxue.insight.models import Release, ReleaseRows
from xianxue.insight.releases import checking
from xianxue.kernel.history.signing import sign


@pytest.fixture
def release(db: None) -> Release:
    return Release.objects.get(pk=released(make_county()).pk)


def altered(model: Any, pk: int, column: str, value: Any) -> None:
    """Write past the application and the triggers, as the owner of the database could."""
    table = connection.ops.quote_name(model._meta.db_table)
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])


def faults(release: Release) -> str:
    return "".join(checking.faults(Release.objects.get(pk=release.pk)))


def test_an_untouched_release_has_no_faults(release: Release) -> None:
    assert faults(release) == ""


def test_a_figure_rewritten_in_the_body(release: Release) -> None:
    altered(Release, release.pk, "body", release.body.replace('"value":"3"', '"value":"4"'))
    assert "内容与签名声明中的摘要不符" in faults(release)


@pytest.mark.parametrize(("column", "what"), [("docx", "公文文件"), ("html", "网页文件"), ("parts", "可加分量文件")])
def test_another_file_in_its_place(column: str, what: str, release: Release) -> None:
    altered(Release, release.pk, column, bytes(getattr(release, column)) + b" ")
    assert what in faults(release)


def test_a_statement_that_was_made_to_fit_is_not_signed(release: Release) -> None:
    body = release.body.replace('"value":"3"', '"value":"4"')
    statement = json.loads(release.statement)
    statement["hashes"]["root"] = checking.sha256(body.encode())
    altered(Release, release.pk, "body", body)
    altered(Release, release.pk, "statement", json.dumps(statement))
    altered(Release, release.pk, "root", checking.sha256(body.encode()))
    assert "签名与签名声明不符" in faults(release)


def test_even_signed_anew_the_log_knows_another_root(release: Release) -> None:
    """Whoever holds the signing key as well still has the log against him."""
    body = release.body.replace('"value":"3"', '"value":"4"')
    statement = json.loads(release.statement)
    statement["hashes"] |= {"root": checking.sha256(body.encode())}
    text = json.dumps(statement)
    for column, value in (
        ("body", body),
        ("statement", text),
        ("root", checking.sha256(body.encode())),
        ("signature", sign(text.encode()).value.hex()),
    ):
        altered(Release, release.pk, column, value)
    assert faults(release) == "摘要根与留痕里的不符。"


def test_another_number(release: Release) -> None:
    altered(Release, release.pk, "number", "2024-7")
    assert "编号或摘要根" in faults(release)


def test_digests_of_rows_exchanged(release: Release) -> None:
    row = ReleaseRows.objects.get(release=release, code="aid.grants")
    flipped = bytearray(row.digests)
    flipped[-1] ^= 1
    altered(ReleaseRows, row.pk, "digests", bytes(flipped))
    assert "aid.grants 的明细摘要与发布时不符" in faults(release)
    altered(ReleaseRows, row.pk, "digests", b"nothing")
    assert "aid.grants 的明细摘要与发布时不符" in faults(release)


def test_digests_of_rows_removed(release: Release) -> None:
    with lifted():
        ReleaseRows.objects.filter(release=release, code="aid.grants").delete()
    assert "aid.grants 的明细摘要不在了" in faults(release)


def test_the_public_page_no_longer_vouches_for_it(release: Release, client: Client) -> None:
    altered(Release, release.pk, "docx", b"another")
    page = client.get(reverse("release-check", args=(release.number, release.short_root))).content.decode()
    assert "不能用来核对" in page
    assert 'type="file"' not in page
