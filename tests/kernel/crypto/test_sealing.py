"""What is sealed opens again with its key only, and is found by its digest."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from xianxue.kernel.crypto import (
    Unsealable,
    digest,
    digests,
    digests_remembered,
    open_bytes,
    open_text,
    seal_bytes,
    seal_text,
    seal_texts,
)
from xianxue.people.models import Person


@given(st.text())
def test_a_sealed_text_opens_again(text: str) -> None:
    assert open_text(seal_text(text)) == text


@given(st.binary(max_size=200))
def test_sealed_bytes_open_again(data: bytes) -> None:
    assert open_bytes(seal_bytes(data)) == data


def test_two_sealings_of_one_text_differ() -> None:
    assert seal_text("99990120150101001X") != seal_text("99990120150101001X")


def test_the_national_profile_seals_with_sm4(settings: Settings) -> None:
    settings.CRYPTO_PROFILE = "national"
    token = seal_text("张三")
    assert token.startswith("s1.t1.")
    assert open_text(token) == "张三"
    settings.CRYPTO_PROFILE = "international"
    assert open_text(token) == "张三"


def test_a_new_key_seals_and_the_old_one_still_opens(settings: Settings) -> None:
    old = seal_text("张三")
    settings.SEAL_KEYS = {"t2": b"\x02" * 32, **settings.SEAL_KEYS}
    assert seal_text("张三").startswith("a1.t2.")
    assert open_text(old) == "张三"
    settings.SEAL_KEYS = {"t2": b"\x02" * 32}
    with pytest.raises(Unsealable):
        open_text(old)


@pytest.mark.parametrize("profile", ["international", "national"])
def test_an_altered_token_does_not_open(profile: str, settings: Settings) -> None:
    settings.CRYPTO_PROFILE = profile
    token = seal_text("张三")
    flipped = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]
    with pytest.raises(Unsealable):
        open_text(flipped)


@pytest.mark.parametrize("token", ["", "张三", "a1.t1.%%%", "a1.none.AAAA", "zz.t1.AAAA", "AAAA"])
def test_what_is_no_token_does_not_open(token: str) -> None:
    with pytest.raises(Unsealable):
        open_text(token)


def test_digests_are_keyed_and_separate_by_kind(settings: Settings) -> None:
    before = digest("id_card", "99990120150101001X")
    assert len(before) == 32
    assert digests("id_card", ["甲", "99990120150101001X"])[1] == before
    assert digest("phone", "99990120150101001X") != before
    settings.DIGEST_KEY = b"\x01" * 32
    assert digest("id_card", "99990120150101001X") != before


def test_sealed_columns_refuse_filters() -> None:
    with pytest.raises(TypeError, match="filter by its digest"):
        Person.unguarded.filter(phone="13900000000")


@pytest.mark.parametrize("profile", ["international", "national"])
def test_many_texts_are_sealed_each_for_itself(profile: str, settings: Settings) -> None:
    settings.CRYPTO_PROFILE = profile
    texts = ["张三", "", "张三", "李四" * 50]
    tokens = seal_texts(texts)
    assert [open_text(token) for token in tokens] == texts
    assert len(set(tokens)) == 4
    assert seal_texts([]) == []


@given(st.lists(st.text(), max_size=8), st.lists(st.text(), max_size=8))
def test_remembered_digests_are_the_same(first: list[str], second: list[str]) -> None:
    plain = [digests(kind, texts) for kind in ("one", "two") for texts in (first, second, first)]
    with digests_remembered():
        remembered = [digests(kind, texts) for kind in ("one", "two") for texts in (first, second, first)]
    assert remembered == plain


def test_digests_are_forgotten_at_the_end_of_the_block(settings: Settings) -> None:
    with digests_remembered():
        before = digest("id_number", "1")
    settings.DIGEST_KEY = b"another key" * 4
    with digests_remembered():
        assert digest("id_number", "1") != before


def test_the_digest_is_hmac_sha256_cut_to_half(settings: Settings) -> None:
    whole = hmac.digest(settings.DIGEST_KEY, b"id_number\x00" + "张".encode(), "sha256")
    assert digest("id_number", "张") == whole[:16].hex()
