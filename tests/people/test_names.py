import pytest

from xianxue.people.rules import name_initials, name_pinyin, spelt, syllables


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("单小明", "shanxiaoming", "sxm"),
        ("曾国", "zengguo", "zg"),
        ("解缙", "xiejin", "xj"),
        ("仇英", "qiuying", "qy"),
        ("区大伟", "oudawei", "odw"),
        ("查良", "zhaliang", "zl"),
        ("盖天", "getian", "gt"),
        ("任行", "renxing", "rx"),
        ("华庚", "huageng", "hg"),
        ("朴树", "piaoshu", "ps"),
        ("翟天", "zhaitian", "zt"),
        ("乐毅", "yueyi", "yy"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, pinyin: str, initials: str) -> None:
    assert (name_pinyin(name), name_initials(name)) == (pinyin, initials)


@pytest.mark.parametrize(
    ("name", "first"),
    [("尉迟恭", ("yu", "chi")), ("欧阳锋", ("ou", "yang")), ("万俟雄", ("mo", "qi")), ("单于飞", ("chan", "yu"))],
)
def test_compound_surnames_are_read_as_one(name: str, first: tuple[str, str]) -> None:
    assert syllables(name)[:2] == first


def test_a_surname_s_character_keeps_its_own_reading_in_the_given_name() -> None:
    assert name_pinyin("李单") == "lidan"
    assert name_pinyin("尉行") == "weixing"


def test_names_of_other_kinds_are_spelt_as_far_as_they_can_be() -> None:
    assert name_initials("阿依古丽·买买提") == "ayglmmt"
    assert name_pinyin("李Lily") == "lilily"
    assert name_pinyin("吕布") == "lvbu"
    assert name_pinyin("") == ""


def test_many_names_are_spelt_in_their_order() -> None:
    assert spelt(["王芳", "单芳"]) == [("wangfang", "wf"), ("shanfang", "sf")]


def test_a_very_long_name_still_fits_its_column() -> None:
    assert len(name_pinyin("庄" * 60)) <= 120
    assert len(name_initials("庄" * 60)) <= 30
