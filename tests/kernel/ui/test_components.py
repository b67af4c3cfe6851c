"""Components: what they draw, and how they refuse what they do not know."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError

import xianxue.kernel.ui
from xianxue.kernel.ui import components
from xianxue.kernel.ui.details import Fact
from xianxue.kernel.ui.figures import Delta, Figure, HeatCell, HeatLegend
from xianxue.kernel.ui.icons import ICONS
from xianxue.kernel.ui.parts import Action, Link, Pill, Step, Tab
from xianxue.kernel.ui.tables import Pager

PACKAGE = Path(xianxue.kernel.ui.__file__).parent


def draw(source: str, **values: object) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context(values)).split())


def test_every_component_has_its_template_or_draws_itself_and_is_drawn_on_some_page() -> None:
    draw("")  # loads the library
    pages = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "templates").rglob("*.html"))
    for name, component in components.declared().items():
        assert (PACKAGE / f"templates/ui/{name}.html").is_file() == bool(component.template_name), name
        assert f"{{% {name}" in pages, name


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{% pill "迟" colour="red" %}', '{% pill %} has no attribute "colour"; it knows: text, tone, title, href'),
        ('{% pill "迟" tome="late" %}', 'has no attribute "tome" (did you mean "tone"?)'),
        ('{% pill "迟" tone="red" %}', '{% pill %}: tone="red" is not one of "quiet", "now", "done", "due", "late"'),
        ("{% pill %}", '{% pill %} needs the attribute "text"'),
        ('{% pill "迟" "late" %}', "{% pill %} takes 1 values without a name"),
        ('{% pill "迟" text="早" %}', '{% pill %} has the attribute "text" twice'),
        ('{% card headline="题" %}{% endcard %}', '{% card %} has no attribute "headline"'),
        ("{% card %}", "Unclosed tag"),
    ],
)
def test_a_wrong_attribute_is_an_error_that_names_it(source: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        draw(source)
    assert message in str(caught.value)


def test_a_wrong_tone_is_refused_also_when_it_comes_from_a_variable() -> None:
    with pytest.raises(TemplateSyntaxError, match="is not one of"):
        draw('{% pill "迟" tone=tone %}', tone="red")


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(ValueError, match='there is no icon "hammer"'):
        draw('{% icon "hammer" %}')


def test_every_icon_is_in_the_sprite_and_nothing_else() -> None:
    sprite = (PACKAGE / "static/ui/icons.svg").read_text(encoding="utf-8")
    assert {part.split('"')[0] for part in sprite.split('<symbol id="')[1:]} == ICONS


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ('{% pill "逾期 2 天" tone="late" %}', '<span class="pill pill-late">逾期 2 天</span>'),
        ("{% pill unsafe %}", '<span class="pill pill-quiet">&lt;b&gt;</span>'),
        ('{% badge 7 tone="late" label="件待办" %}', '7<span class="visually-hidden">件待办</span>'),
        ("{% money 125050 %}", '<span class="amount">1,250.50&nbsp;元</span>'),
        ("{% money None %}", '<span class="none">–</span>'),
        ("{% number 80214 %}", '<span class="amount">80,214</span>'),
        ("{% number 0 %}", '<span class="amount">0</span>'),
        ("{% china_date day today=day %}", '<time class="date" datetime="2024-09-13">9 月 13 日</time>'),
        ('{% china_date day year="always" %}', "2024 年 9 月 13 日"),
        (
            '{% china_moment at year="never" %}',
            '<time class="date" datetime="2024-09-13T10:12:00+08:00">9 月 13 日 10:12',
        ),
        ('{% masked "369901201001012596" %}', '<span class="masked">3699••••••••••2596</span>'),
        ('{% progress 1 maximum=3 label="检查" %}', '<progress value="1" max="3" aria-label="检查">33%</progress>'),
        ('{% progress 1 maximum=0 label="检查" %}', 'max="1"'),
        ('{% notice tone="late" %}未能写入。{% endnotice %}', 'class="notice notice-late" role="alert"'),
        ('{% card title="学校" note="48 所" %}正文{% endcard %}', "<h2>学校</h2>"),
        ('{% button "列入" why_not="缺 2 项" %}', 'disabled title="缺 2 项"'),
        ('{% link_button "导出" href="/x" is_download=True %}', 'href="/x" download'),
        ('{% empty_state title="还没有学生" text="先导入。" %}', "还没有学生"),
        ("{% seal %}", 'aria-label="县学"'),
        ('{% page_head title="学生" sub="80 人" %}{% endpage_head %}', "<h1>学生</h1>"),
    ],
)
def test_a_component_draws_its_attributes(source: str, drawn: str) -> None:
    day, at = date(2024, 9, 13), datetime(2024, 9, 13, 2, 12, tzinfo=UTC)
    assert drawn in draw(source, day=day, at=at, unsafe="<b>").replace("\N{NO-BREAK SPACE}", " ")


def test_a_figure_opens_its_rows_and_says_its_state() -> None:
    drawn = draw("{% figure item %}", item=Figure("资助", 29000, "人次", "/rows", Pill("2 所未报", "late")))
    assert '<a class="figure-link" href="/rows">' in drawn
    assert '<span class="figure-number opens">29,000</span>' in drawn
    assert '<span class="pill pill-late">2 所未报</span>' in drawn


def test_a_figure_without_records_is_never_zero() -> None:
    drawn = draw('{% figure label="新媒体发布" value=None %}')
    assert "尚无记录" in drawn
    assert ">0<" not in drawn
    assert ">0<" in draw('{% figure label="新媒体发布" value=0 %}')


@pytest.mark.parametrize(
    ("delta", "text", "tone"),
    [
        (Delta(132.0, 118, "个", "up"), "增 14 个", "done"),
        (Delta(48.2, 48.7, "个百分点", "down", 1), "减 0.5 个百分点", "done"),
        (Delta(48.7, 48.2, "个百分点", "down", 1), "增 0.5 个百分点", "due"),
        (Delta(5, 5), "持平", "quiet"),
        (Delta(5, None), "无上年数据", "quiet"),
        (Delta(9, 5), "增 4", "quiet"),
    ],
)
def test_a_comparison_says_more_or_less_and_colours_better_or_worse(delta: Delta, text: str, tone: str) -> None:
    drawn = draw("{% delta item %}", item=delta)
    assert f'class="delta delta-{tone}"' in drawn
    assert f"</span> {text}</span>" in drawn


def test_a_heat_cell_says_its_state_in_words() -> None:
    drawn = draw(
        '{% heat cells legend=legend label="各校" %}',
        cells=[HeatCell("城南小学", "/s", "late", "逾期")],
        legend=[HeatLegend("逾期", "late", 1)],
    )
    assert '<a class="heat-cell heat-late" href="/s" title="城南小学：逾期">' in drawn
    assert '<span class="visually-hidden">：逾期</span>' in drawn


def test_an_action_that_writes_is_a_form_and_one_that_leads_is_a_link() -> None:
    assert '<form class="inline-form" method="post" action="/undo">' in draw(
        "{% action item %}", item=Action("撤销", "/undo", method="post")
    )
    assert '<a class="button button-plain" href="/file">' in draw("{% action item %}", item=Action("下载", "/file"))
    assert "disabled" in draw("{% action item %}", item=Action("列入", "/x", why_not="缺 2 项"))


def test_steps_tabs_trail_and_pager_mark_where_the_reader_is() -> None:
    steps = draw("{% steps items %}", items=[Step("提出", state="done"), Step("审查", state="current")])
    assert '<li class="step step-current" aria-current="step">' in steps
    assert '<a href="/a" aria-current="page">' in draw("{% tabs items %}", items=[Tab("全部", "/a", current=True)])
    assert '<span aria-current="page">钟</span>' in draw(
        "{% breadcrumb items %}", items=[Link("学生", "/s"), Link("钟")]
    )
    pager = draw("{% pager item %}", item=Pager(51, 100, 80214, 2, 1605, "/1", "/1", "/3", "/1605"))
    assert "第 51–100 行，共 <span" in pager
    assert '<a href="/3" rel="next">' in pager


def test_a_fact_without_a_value_is_a_dash_and_a_masked_one_can_be_asked_for() -> None:
    drawn = draw(
        "{% key_values items %}", items=[Fact("曾用名"), Fact("号码", "1••2", is_masked=True, reveal_href="/r")]
    )
    assert '<dt>曾用名</dt><dd><span class="none">–</span></dd>' in drawn
    assert '<form class="inline-form" method="post" action="/r">' in drawn


class AllKinds(forms.Form):
    name = forms.CharField(label="姓名", help_text="与户口簿一致。")
    school = forms.ChoiceField(label="学校", choices=[("1", "城南小学")])
    sex = forms.ChoiceField(label="性别", choices=[("1", "男")], widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(label="情况", choices=[("b", "寄宿")], widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    file = forms.FileField(label="附件")
    agreed = forms.BooleanField(label="已核对")


def test_a_field_has_label_help_error_and_mark_whatever_its_widget() -> None:
    form = AllKinds({})
    kinds = {"name": "input", "school": "select", "sex": "radios", "needs": "checkboxes", "note": "textarea"}
    for name, kind in {**kinds, "file": "file", "agreed": "checkbox"}.items():
        drawn = draw("{% field bound %}", bound=form[name])
        assert f'class="field field-{kind}' in drawn
        assert str(form[name].label) in drawn
        assert ("field-wrong" in drawn) is (name != "note")
    drawn = draw("{% field bound %}", bound=form["name"])
    assert 'aria-describedby="id_name_error id_name_help"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert '<p class="field-help" id="id_name_help">与户口簿一致。</p>' in drawn
    assert '<span class="visually-hidden">必填</span>' in drawn


def test_form_errors_lead_to_their_fields() -> None:
    drawn = draw("{% form_errors form %}", form=AllKinds({}))
    assert "没有保存：有内容需要改。" in drawn
    assert '<a href="#id_name_field">姓名</a>' in drawn
    assert draw("{% form_errors form %}", form=AllKinds()) == ""
