"""A document as a web page: a file that stands alone, or a fragment for a page of the site."""

from functools import cache
from html import escape
from pathlib import Path

from shield.kernel.design.rules import charts, wording
from shield.kernel.documents.rules import blocks, numbering
from shield.kernel.documents.rules.blocks import Document, Runs

_STYLE = Path(__file__).resolve().parent.parent / "page.css"
_ALIGN = {"left": "", "right": " govuk-table__cell--numeric", "centre": " shield-table__cell--centre"}
_SIZES = {1: "l", 2: "m", 3: "s", 4: "s"}


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def page(document: Document) -> str:
    """The document as one file that asks for nothing else: no script, no request, its own style."""
    document = numbering.numbered(document)
    title = escape(f"{document.title}, {document.organisation}")
    draft = '<p class="document__draft">Draft: not yet issued</p>' if document.status == "Draft" else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_style()}</style></head><body>"
        '<a class="document__skip" href="#content">Skip to the text</a>'
        f'<header class="document__cover">{draft}'
        f'<p class="document__organisation">{escape(document.organisation)}</p>'
        f"<h1>{escape(document.title)}</h1>{_cover_lines(document)}</header>"
        f'<div class="document__columns">{_contents(document)}'
        f'<main id="content" tabindex="-1">{_body(document, alone=True)}</main></div>'
        f'<footer class="document__foot"><p>{title}.</p></footer>'
        "</body></html>\n"
    )


def fragment(document: Document, *, contents: bool = True) -> str:
    """The document's inside for a page of the site, which brings the style and the first-level heading."""
    document = numbering.numbered(document)
    return (_contents(document) if contents else "") + _body(document, alone=False)


def _cover_lines(document: Document) -> str:
    lines = [
        f'<p class="document__{name}">{escape(words)}</p>'
        for name, words in (("subtitle", document.subtitle), ("period", document.period))
        if words
    ]
    if document.published:
        lines.append(f'<p class="document__published">Published {wording.day(document.published)}</p>')
    if document.meta:
        pairs = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in document.meta
        )
        lines.append(f'<dl class="document__meta">{pairs}</dl>')
    return "".join(lines)


def _contents(document: Document) -> str:
    """The contents as a list of links, second-level headings within their chapters."""
    done: list[str] = []
    inside = False
    for entry in numbering.outline(document):
        link = f'<a class="govuk-link" href="#{escape(entry.anchor)}">{escape(entry.words)}</a>'
        if entry.level == 1:
            closing = "</ul></li>" if inside else "</li>" if done else ""
            done.append(f"{closing}<li>{link}")
            inside = False
        else:
            opening = "" if inside else '<ul class="govuk-list shield-contents__inner">'
            done.append(f"{opening}<li>{link}</li>")
            inside = True
    if not done:
        return ""
    ending = "</ul></li>" if inside else "</li>"
    return (
        '<nav class="shield-contents" aria-labelledby="document-contents">'
        '<h2 class="govuk-heading-s" id="document-contents">Contents</h2>'
        f'<ul class="govuk-list">{"".join(done)}{ending}</ul></nav>'
    )


def _body(document: Document, *, alone: bool) -> str:
    # A file that has left the site cannot follow the site's own addresses unless it knows where the site is.
    site = document.site if alone else "/"
    return "".join(_block(block, site) for block in document.blocks)


def _block(block: blocks.Block, site: str) -> str:
    match block:
        case blocks.Heading():
            return _heading(block)
        case blocks.Paragraph():
            return _paragraph(block, site)
        case blocks.Bullets() | blocks.Numbered():
            return _list(block, site)
        case blocks.Table():
            return _table(block, site)
        case blocks.ChartBlock():
            return charts.figure(block.chart, caption=f"Figure {block.number}: {block.words}")
        case blocks.Quote():
            by = f'<footer class="govuk-body-s">{escape(block.by)}</footer>' if block.by else ""
            words = _runs(block.runs, site)
            inside = f'<p class="govuk-body">{words}</p>{by}'
            return f'<blockquote class="govuk-inset-text shield-quote">{inside}</blockquote>'
        case blocks.Callout():
            return _callout(block, site)
        case blocks.SummaryRows():
            return _summary(block, site)
        case blocks.KeyFigures():
            return _key_figures(block, site)
        case blocks.PageBreak():
            return '<div class="shield-page-break" aria-hidden="true"></div>'


def _heading(block: blocks.Heading) -> str:
    level = block.level + 1
    number = f'<span class="shield-number">{escape(block.number)}</span> ' if block.number else ""
    return (
        f'<h{level} class="govuk-heading-{_SIZES[block.level]}" id="{escape(block.anchor)}">'
        f"{number}{escape(block.text)}</h{level}>"
    )


def _paragraph(block: blocks.Paragraph, site: str) -> str:
    names = {
        "body": "govuk-body",
        "lead": "govuk-body-l",
        "small": "govuk-body-s",
        "note": "govuk-body-s shield-note",
    }
    return f'<p class="{names[block.style]}">{_runs(block.runs, site)}</p>'


def _list(block: blocks.Bullets | blocks.Numbered, site: str) -> str:
    tag, kind = ("ul", "bullet") if isinstance(block, blocks.Bullets) else ("ol", "number")
    done = []
    for item in block.items:
        under = "".join(f"<li>{_runs(each, site)}</li>" for each in item.under)
        inner = f'<ul class="govuk-list govuk-list--bullet">{under}</ul>' if under else ""
        done.append(f"<li>{_runs(item.runs, site)}{inner}</li>")
    return f'<{tag} class="govuk-list govuk-list--{kind}">{"".join(done)}</{tag}>'


def _table(block: blocks.Table, site: str) -> str:
    caption = escape(f"Table {block.number}: {block.caption}")
    heads = "".join(
        f'<th scope="col" class="govuk-table__header{_ALIGN[column.align].replace("__cell", "__header")}">'
        f"{escape(column.label)}</th>"
        for column in block.columns
    )
    rows = []
    for cells in block.rows:
        line = []
        for column, cell in zip(block.columns, cells, strict=True):
            words = _runs(cell, site)
            if column.row_header:
                line.append(f'<th scope="row" class="govuk-table__header">{words}</th>')
            else:
                line.append(f'<td class="govuk-table__cell{_ALIGN[column.align]}">{words}</td>')
        rows.append(f'<tr class="govuk-table__row">{"".join(line)}</tr>')
    note = f'<p class="govuk-body-s shield-note">{escape(block.note)}</p>' if block.note else ""
    return (
        f'<div class="shield-scroll" role="region" tabindex="0" aria-label="{caption}">'
        '<table class="govuk-table">'
        f'<caption class="govuk-table__caption govuk-table__caption--s">{caption}</caption>'
        f'<thead class="govuk-table__head"><tr class="govuk-table__row">{heads}</tr></thead>'
        f'<tbody class="govuk-table__body">{"".join(rows)}</tbody></table></div>{note}'
    )


def _callout(block: blocks.Callout, site: str) -> str:
    inside = "".join(_block(each, site) for each in block.blocks)
    return (
        f'<div class="govuk-inset-text shield-callout shield-callout--{block.tone}">'
        f'<p class="govuk-body shield-callout__title"><strong>{escape(block.title)}</strong></p>'
        f"{inside}</div>"
    )


def _summary(block: blocks.SummaryRows, site: str) -> str:
    rows = "".join(
        f'<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{escape(each.label)}</dt>'
        f'<dd class="govuk-summary-list__value">{_runs(each.runs, site)}</dd></div>'
        for each in block.rows
    )
    return f'<dl class="govuk-summary-list">{rows}</dl>'


def _key_figures(block: blocks.KeyFigures, site: str) -> str:
    done = []
    for each in block.items:
        value = escape(each.value)
        if address := _address(each.href, site):
            value = f'<a class="govuk-link" href="{escape(address)}">{value}</a>'
        done.append(
            f'<div class="shield-key-figure"><dt class="shield-key-figure__label">{escape(each.label)}</dt>'
            f'<dd class="shield-key-figure__value">{value}</dd></div>'
        )
    return f'<dl class="shield-key-figures">{"".join(done)}</dl>'


def _runs(line: Runs, site: str) -> str:
    done = []
    for run in line:
        words = escape(run.text)
        if isinstance(run, blocks.Text):
            words = f"<em>{words}</em>" if run.emphasis else words
            words = f"<strong>{words}</strong>" if run.strong else words
        elif address := _address(run.href, site):
            name = (
                ' class="govuk-link shield-figure-link"'
                if isinstance(run, blocks.FigureText)
                else ' class="govuk-link"'
            )
            words = f'<a{name} href="{escape(address)}">{words}</a>'
        done.append(words)
    return "".join(done)


def _address(href: str, site: str) -> str:
    """Where a link leads from here; nothing when it leads to the site and the site is not known."""
    if not href.startswith("/"):
        return href
    if site == "/":
        return href
    return site + href if site else ""
