"""A paper as HTML: a part of our own page, or an article that stands alone and can be pasted elsewhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from xianxue.kernel.documents import model, qr
from xianxue.kernel.documents.numbers import written_date

_NOTHING = mark_safe("")


def fragment(document: model.Document, *, top: int = 1) -> SafeString:
    """The paper for a page of ours, in the classes of the component `paper` (ui/pages.css); no style, no script.

    Figures are links that wear `opens` and carry `data-code`. `top` is the heading level of the title; the paper's own
    headings follow below it.
    """
    mark = format_html('<p class="paper-mark">{}</p>', document.mark) if document.mark else _NOTHING
    title = format_html("<h{0}>{1}</h{0}>", top, _lines(document.title))
    number = format_html('<p class="paper-number">{}</p>', document.doc_number) if document.doc_number else _NOTHING
    blocks = _joined(_block(number, block, document, top) for number, block in model.numbered(document.blocks))
    return format_html('<article class="paper" lang="zh-CN">{}{}{}{}</article>', mark, title, number, blocks)


def _block(number: str, block: model.Block, document: model.Document, top: int) -> SafeString:
    match block:
        case model.Heading():
            return format_html("<h{0}>{1}{2}</h{0}>", min(6, top + block.level), number, block.text)
        case model.Paragraph():
            name = mark_safe(' class="paper-lead"') if block.addressee else _NOTHING
            return format_html("<p{}>{}</p>", name, _runs(block.runs, _linked_figure))
        case model.ListItem():
            return format_html("<p>{}{}</p>", number, _runs(block.runs, _linked_figure))
        case model.Table():
            return _table(block)
        case model.AttachmentNote():
            first, *others = model.attachment_lines(block)
            html = '<p class="paper-attachment">{}</p>'
            return format_html("<p>附件：{}</p>{}", first, format_html_join("", html, ((line,) for line in others)))
        case model.Attendees() | model.Signature() | model.CheckNote():
            return _ending(block, document)


def _ending(block: model.Attendees | model.Signature | model.CheckNote, document: model.Document) -> SafeString:
    if isinstance(block, model.Attendees):
        html = '<p class="paper-attendees"><strong>{}</strong>：{}</p>'
        return format_html(html, block.label, "、".join(block.names))
    if isinstance(block, model.CheckNote):
        lines = format_html_join("", "<p>{}</p>", ((line,) for line in block.lines))
        return format_html('<div class="paper-check">{}<div>{}</div></div>', _code(block), lines)
    html = '<div class="signature"><p>{}</p><p><time datetime="{}">{}</time></p></div>'
    return format_html(html, document.issuer, document.date.isoformat(), written_date(document.date))


def _code(note: model.CheckNote, style: SafeString = _NOTHING) -> SafeString:
    html = '<img src="{}" alt="{}" width="112" height="112"{}>'
    return format_html(html, qr.data_address(note.url), "核对二维码", style)


def _linked_figure(figure: model.FigureRun) -> SafeString:
    none = " none" if figure.missing else ""
    if not figure.href:
        return format_html('<span class="figure-words{}" data-code="{}">{}</span>', none, figure.code, figure.text)
    html = '<a class="opens{}" data-code="{}" href="{}">{}</a>'
    return format_html(html, none, figure.code, figure.href, figure.text)


def _table(table: model.Table) -> SafeString:
    html = '<th scope="col"{}>{}</th>'
    heads = format_html_join("", html, ((_numeric(column), column.head) for column in table.columns))
    rows = _joined(
        format_html("<tr>{}</tr>", format_html_join("", "<td{}>{}</td>", _cells(table, row))) for row in table.rows
    )
    caption = format_html("<caption>{}</caption>", table.caption) if table.caption else _NOTHING
    return format_html("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>", caption, heads, rows)


def _cells(table: model.Table, row: Iterable[model.Run]) -> Iterable[tuple[SafeString, SafeString]]:
    for column, run in zip(table.columns, row, strict=True):
        yield _numeric(column), _runs([run], _linked_figure)


def _numeric(column: model.Column) -> SafeString:
    return mark_safe(' class="numeric"') if column.numeric else _NOTHING


# --- the article --------------------------------------------------------------------------------

_SANS = (
    "-apple-system,BlinkMacSystemFont,'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
)
_INK, _INK_2, _DAI, _SEAL, _LINE, _TINT = "#1d2733", "#5b6875", "#24476b", "#bf3f2b", "#d9e0e8", "#e9eff6"
_BODY = f"margin:0 0 18px;font-size:16px;line-height:1.85;letter-spacing:.4px;color:{_INK};text-align:justify"
_STYLES = {
    "page": "margin:0;padding:0;background:#ffffff",
    "article": (
        f"max-width:640px;margin:0 auto;padding:28px 20px 40px;font-family:{_SANS};"
        "word-break:break-word;overflow-wrap:break-word;-webkit-text-size-adjust:100%"
    ),
    "title": f"margin:0 0 10px;font-size:24px;line-height:1.4;color:{_INK};text-align:left",
    "byline": f"margin:0 0 26px;font-size:14px;line-height:1.6;color:{_INK_2}",
    "section": "margin:38px 0 18px",
    "mark": (
        f"display:inline-block;margin-right:10px;padding:0 7px;border-radius:3px;background:{_SEAL};"
        "font-size:15px;line-height:24px;letter-spacing:0;font-weight:600;color:#ffffff;vertical-align:1px"
    ),
    "heading": (
        f"margin:0;padding:0 0 8px;border-bottom:2px solid {_DAI};"
        f"font-size:19px;line-height:1.5;letter-spacing:.5px;color:{_DAI}"
    ),
    "subheading": f"margin:24px 0 12px;font-size:17px;line-height:1.6;color:{_INK}",
    "body": _BODY,
    "item": f"{_BODY};padding-left:1em",
    "figure": f"color:{_DAI};border-bottom:1px dotted {_DAI};font-weight:600;text-decoration:none",
    "missing": f"color:{_INK_2}",
    "frame": "margin:0 0 20px;overflow-x:auto",
    "table": f"width:100%;border-collapse:collapse;font-size:14px;line-height:1.6;color:{_INK}",
    "caption": f"margin:0 0 8px;font-size:14px;line-height:1.6;color:{_INK_2};text-align:center",
    "head": f"padding:7px 8px;border:1px solid {_LINE};background:{_TINT};font-weight:600;text-align:left",
    "cell": f"padding:7px 8px;border:1px solid {_LINE};text-align:left",
    "number": f"padding:7px 8px;border:1px solid {_LINE};text-align:right;white-space:nowrap",
    "check": f"margin:36px 0 0;padding:14px 0 0;border-top:1px solid {_LINE}",
    "code": "display:block;width:112px;height:112px;margin:0 0 8px",
    "words": f"margin:0;font-size:13px;line-height:1.8;color:{_INK_2};overflow-wrap:anywhere",
    "signature": f"margin:32px 0 0;font-size:15px;line-height:1.8;color:{_INK_2};text-align:right",
}


def article(document: model.Document, *, base_url: str = "") -> SafeString:
    """The paper as one HTML file for a phone: styles on the elements, simple tags, nothing fetched from anywhere.

    Figures are marked but not linked: an outside reader cannot open our pages, and WeChat removes such links. With
    `base_url` (this installation's address) they are links, for readers inside.
    """
    return format_html(
        "<!doctype html>\n"
        '<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,'
        'initial-scale=1"><meta name="color-scheme" content="light"><title>{}</title></head>'
        '<body style="{}">{}</body></html>\n',
        document.title.replace("\n", ""),
        _STYLES["page"],
        _Article(document, base_url).html(),
    )


@dataclass(frozen=True, slots=True)
class _Article:
    document: model.Document
    base_url: str

    def html(self) -> SafeString:
        title = _styled("p", "title", format_html("<strong>{}</strong>", _lines(self.document.title)))
        date = written_date(self.document.date)
        said = "　".join(filter(None, (self.document.mark, self.document.issuer, date)))
        byline = _styled("p", "byline", said)
        blocks = _joined(self._block(number, block) for number, block in model.numbered(self.document.blocks))
        return _styled("section", "article", title + byline + blocks)

    def _block(self, number: str, block: model.Block) -> SafeString:
        match block:
            case model.Heading():
                return self._heading(number, block)
            case model.Paragraph():
                return _styled("p", "body", _runs(block.runs, self._figure))
            case model.ListItem():
                return _styled("p", "item", format_html("{}{}", number, _runs(block.runs, self._figure)))
            case model.Table():
                return self._table(block)
            case model.AttachmentNote():
                return _styled("p", "body", "附件：" + "；".join(model.attachment_lines(block)))
            case model.Attendees() | model.Signature() | model.CheckNote():
                return self._ending(block)

    def _ending(self, block: model.Attendees | model.Signature | model.CheckNote) -> SafeString:
        if isinstance(block, model.Attendees):
            names = "、".join(block.names)
            return _styled("p", "item", format_html("<strong>{}</strong>：{}", block.label, names))
        if isinstance(block, model.CheckNote):
            words = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in block.lines))
            code = _code(block, format_html(' style="{}"', _STYLES["code"]))
            return _styled("section", "check", code + _styled("p", "words", words))
        lines = format_html("{}<br>{}", self.document.issuer, written_date(self.document.date))
        return _styled("p", "signature", lines)

    def _heading(self, number: str, heading: model.Heading) -> SafeString:
        if heading.level > 1:
            return _styled("p", "subheading", format_html("<strong>{}{}</strong>", number, heading.text))
        mark = _styled("span", "mark", number.removesuffix("、"))
        words = format_html("{}<strong>{}</strong>", mark, heading.text)
        return _styled("section", "section", _styled("p", "heading", words))

    def _figure(self, figure: model.FigureRun) -> SafeString:
        style = _STYLES["missing" if figure.missing else "figure"]
        url = urljoin(self.base_url, figure.href) if self.base_url and figure.href else ""
        if not url.startswith(("http://", "https://")):
            return format_html('<span style="{}">{}</span>', style, figure.text)
        return format_html('<a href="{}" style="{}">{}</a>', url, style, figure.text)

    def _table(self, table: model.Table) -> SafeString:
        caption = _styled("p", "caption", table.caption) if table.caption else _NOTHING
        rows = [_joined(_styled("td", "head", column.head) for column in table.columns)]
        rows += [
            _joined(
                _styled("td", "number" if column.numeric else "cell", _runs([run], self._figure))
                for column, run in zip(table.columns, row, strict=True)
            )
            for row in table.rows
        ]
        body = format_html_join("", "<tr>{}</tr>", ((row,) for row in rows))
        return _styled("section", "frame", caption + _styled("table", "table", format_html("<tbody>{}</tbody>", body)))


def _styled(tag: str, style: str, content: str) -> SafeString:
    return format_html('<{0} style="{1}">{2}</{0}>', tag, _STYLES[style], content)


def _runs(runs: Iterable[model.Run], figure: Callable[[model.FigureRun], SafeString]) -> SafeString:
    return _joined(figure(run) if isinstance(run, model.FigureRun) else _words(run) for run in runs)


def _words(run: model.Text) -> SafeString:
    return format_html("<strong>{}</strong>" if run.strong else "{}", run.text)


def _lines(text: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.split("\n")))


def _joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
