"""What is sealed opens again with its key only, and is found by its digest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from xianxue.kernel.crypto import Unsealable, digest, digests, open_bytes, open_text, seal_bytes, seal_text
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
