from html.parser import HTMLParser

import pytest

from tests.kernel.documents.sample import BASE_URL, paper
from xianxue.kernel.documents import Column, Document, FigureRun, Paragraph, Table, Text, article, fragment

SIMPLE_TAGS = {"section", "p", "span", "strong", "br", "table", "tbody", "tr", "td"}
FRAME_TAGS = {"html", "head", "meta", "title", "body"}


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _odd_paper() -> Document:
    run = FigureRun('1"><script>', "/figures/?a=1&b=2", "boats")
    return Document("<b>题", "机&关", paper().date, [Paragraph([Text("<script>alert(1)</script>"), run])])


def test_a_fragment_carries_no_style_and_no_script() -> None:
    tags = _Tags(fragment(paper())).found
    assert not {tag for tag, _ in tags} & {"script", "style", "link", "img", "iframe"}
    assert not {name for _, attributes in tags for name in attributes} & {"style", "onclick", "src"}


def test_a_fragment_links_each_figure_by_its_code() -> None:
    links = [attributes for tag, attributes in _Tags(fragment(paper())).found if tag == "a"]
    assert [(link["data-code"], link["href"], link["class"]) for link in links][:3] == [
        ("boats", "/figures/boats/", "opens"),
        ("loads", "/figures/loads/", "opens"),
        ("nets", "/figures/nets/", "opens none"),
    ]


@pytest.mark.parametrize(("top", "levels"), [(1, ["h1", "h2", "h3", "h4", "h2"]), (2, ["h2", "h3", "h4", "h5", "h3"])])
def test_headings_of_a_fragment_follow_its_title(top: int, levels: list[str]) -> None:
    tags = [tag for tag, _ in _Tags(fragment(paper(), top=top)).found]
    assert [tag for tag in tags if tag[0] == "h" and tag[1:].isdigit()] == levels


def test_the_number_of_a_paper_stands_below_its_title() -> None:
    assert '的报告</h1><p class="paper-number">清渡〔2024〕7号</p>' in fragment(paper(doc_number="清渡〔2024〕7号"))


def test_a_figure_that_opens_nothing_is_no_link() -> None:
    html = fragment(Document("题", "关", paper().date, [Paragraph([FigureRun("一艘", "", "boats")])]))
    assert '<span class="figure-words" data-code="boats">一艘</span>' in html


def test_an_article_stands_alone() -> None:
    tags = _Tags(article(paper())).found
    assert {tag for tag, _ in tags} <= SIMPLE_TAGS | FRAME_TAGS
    assert {name for tag, attributes in tags if tag in SIMPLE_TAGS for name in attributes} == {"style"}
    html = article(paper())
    assert not [word for word in ("url(", "@import", "http", "src=", "<script", "class=", "position:") if word in html]


def test_an_article_links_figures_only_for_readers_inside() -> None:
    assert "<a " not in article(paper())
    links = [attributes["href"] for tag, attributes in _Tags(article(paper(), base_url=BASE_URL)).found if tag == "a"]
    assert links[0] == f"{BASE_URL}/figures/boats/"


@pytest.mark.parametrize("render", [fragment, article])
def test_both_say_every_word_of_the_paper(render: object) -> None:
    assert callable(render)
    words = "".join(_Tags(render(paper())).words)
    for wanted in (
        "县人民政府：",
        "1,204艘",
        "（一）健全检查制度",
        "1. 开船之前",
        "（2）查看“载重线”",
        "<待修>",
        "附件：",
        "2024年12月31日",
    ):
        assert wanted in words


@pytest.mark.parametrize("render", [fragment, article])
def test_words_are_words_and_never_tags(render: object) -> None:
    assert callable(render)
    html = render(_odd_paper())
    assert "<script" not in html
    assert "<b>" not in html
    assert "机&关" not in html


def test_a_row_of_another_length_than_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="Row 2"):
        Table([Column("渡口"), Column("渡船")], [[Text("上"), Text("一")], [Text("下")]])
