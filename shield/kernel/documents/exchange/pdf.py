"""A document as a tagged PDF that meets PDF/UA-1, set by Typst from the document's data."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from shield.kernel.design.rules import wording
from shield.kernel.documents.exchange import pdf_tags, typesetting
from shield.kernel.documents.rules import blocks, numbering, serial
from shield.kernel.documents.rules.blocks import Document

_TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "report.typ"
# What every cut of Public Sans holds; only letters beyond these are asked about.
_SURE = re.compile("[\t\r\n -~\xa0-\xac\xae-\xff–—‘’“”•…]*")


def pdf(document: Document, *, at: datetime, fonts: Path = typesetting.FONTS) -> bytes:
    """The document as PDF. `at`, printed nowhere, is the file's own date and makes it repeatable.

    Letters that no font here can draw (an emoji, say) are written out in words between brackets, because
    PDF/UA forbids empty boxes and nothing that somebody wrote should silently disappear.
    """
    if at.tzinfo is None:
        raise typesetting.TypesettingError("The time of a PDF needs a time zone.")
    faces = typesetting.faces(str(fonts))
    document = numbering.numbered(document, printed=True)
    data = _data(document)
    letters = frozenset(_letters(data))
    if strange := frozenset(each for each in letters if not _SURE.fullmatch(each)):
        unset = _unsettable("".join(sorted(strange)), faces)
        data = _mapped(data, lambda text: _spelt(text, unset)) if unset else data
    inputs = {"document": json.dumps(data, ensure_ascii=False)}
    (made,) = typesetting.compiled(_template(), inputs, faces, at=at)
    return pdf_tags.with_row_headers(made, document)


@lru_cache(maxsize=1)
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _data(document: Document) -> dict[str, Any]:
    """What the template reads: the stored form of the document, with charts drawn and addresses resolved."""
    stored = serial.to_data(document)
    anchors = {block.anchor for block in document.blocks if isinstance(block, blocks.Heading)}
    lang, _, region = document.language.partition("-")
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "organisation": document.organisation,
        "period": document.period,
        "published": wording.day(document.published) if document.published else "",
        "status": document.status,
        "layout": document.layout,
        "lang": lang,
        "region": region or None,
        "description": ". ".join(each for each in (document.subtitle, document.period) if each)
        or document.title,
        "keywords": [document.status, document.organisation],
        "meta": [list(pair) for pair in document.meta],
        "blocks": [
            _block(block, data, anchors, document.site)
            for block, data in zip(document.blocks, stored["blocks"], strict=True)
        ],
    }


def _block(block: blocks.Block, data: dict[str, Any], anchors: set[str], site: str) -> dict[str, Any]:
    if isinstance(block, blocks.ChartBlock):
        return {
            "type": "chart",
            "caption": block.words,
            "number": block.number,
            "svg": block.chart.svg_for_print(),
            "share": block.chart.print_share,
            "alt": block.chart.spoken,
        }
    if isinstance(block, blocks.Table):
        rows = [{"cells": _resolved(cells, anchors, site)} for cells in data["rows"]]
        return {**data, "rows": rows}
    resolved: dict[str, Any] = _resolved(data, anchors, site)
    return resolved


def _resolved(value: Any, anchors: set[str], site: str) -> Any:
    """Settle where each link leads on paper: a place in this file, the web, or nowhere."""
    if isinstance(value, list):
        return [_resolved(each, anchors, site) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") in ("link", "figure"):
        href, words = value["href"], value["text"]
        if value["type"] == "figure" or not href:
            return {"text": words}
        if href.startswith("#"):
            return {"text": words, "anchor": href[1:]} if href[1:] in anchors else {"text": words}
        if href.startswith("/"):
            return {"text": words, "href": site + href} if site else {"text": words}
        return {"text": words, "href": href}
    return {key: _resolved(each, anchors, site) for key, each in value.items()}


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed; the keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {key: _mapped(each, change) for key, each in value.items()}
    return value


def _letters(value: Any) -> set[str]:
    if isinstance(value, str):
        return set(value)
    if isinstance(value, dict):
        value = list(value.values())
    return set().union(*(_letters(each) for each in value)) if isinstance(value, list) else set()


_PROBE = b'#set document(title: "Probe")\n#set text(font: "Public Sans")\n#sys.inputs.letters'


@lru_cache(maxsize=256)
def _unsettable(letters: str, faces: typst.Fonts) -> frozenset[str]:
    """Which of these letters no font can draw: Typst is asked, in halves until single letters remain."""
    try:
        # Spaces between, so that a joined or combining letter is asked about by itself.
        spaced = " ".join(letters)
        typesetting.compiled(_PROBE, {"letters": spaced}, faces, at=datetime(2000, 1, 1, tzinfo=UTC))
    except typesetting.TypesettingError:
        if len(letters) == 1:
            return frozenset(letters)
        middle = len(letters) // 2
        return _unsettable(letters[:middle], faces) | _unsettable(letters[middle:], faces)
    return frozenset()


def _spelt(text: str, unset: frozenset[str]) -> str:
    """Write out what cannot be drawn: an emoji by its name, another letter by its number."""
    done = []
    for letter in text:
        if letter not in unset:
            done.append(letter)
        elif unicodedata.category(letter) in ("So", "Sk"):
            done.append(f"[{unicodedata.name(letter, f'character U+{ord(letter):04X}').lower()}]")
        elif unicodedata.category(letter) not in ("Cf", "Mn"):
            done.append(f"[character U+{ord(letter):04X}]")
    return "".join(done)
