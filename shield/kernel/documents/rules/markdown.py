"""Prose that people write, in a small part of Markdown, made into blocks.

Paragraphs, lists, quotations, strong, emphasis, web links and sub-headings; anything else stays the text that
it is. Markup of the web is never understood as such: `<b>` is printed as four characters.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from shield.kernel.documents.rules.blocks import (
    Block,
    BlockError,
    Bullets,
    FigureText,
    Heading,
    Item,
    Link,
    Numbered,
    Paragraph,
    Quote,
    Run,
    Runs,
    Text,
)

Lookup = Callable[[str], FigureText | None]

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")
_WEB = re.compile(r"https?://[^\s<>\"]+")


class UnknownFigures(BlockError):
    """The prose names figures that do not exist; `keys` lists them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Say which."""
        self.keys = keys
        super().__init__(f"There is no figure called {', '.join(keys)}.")


def _parser() -> MarkdownIt:
    # "zero" knows nothing; what is safe is then allowed by name, so a newer parser changes nothing.
    allowed = ["paragraph", "list", "heading", "blockquote", "emphasis", "link", "escape", "newline"]
    return MarkdownIt("zero", {"html": False}).enable(allowed)


def blocks(source: str, *, figure: Lookup | None = None, top: int = 2) -> tuple[Block, ...]:
    """Read prose as blocks. `top` is the level that `#` stands for; `figure` finds what `{{ key }}` names."""
    reader = _Reader(figure, top)
    # The null byte would silently become another character in the parser, so it is refused before.
    Text(source)
    found = reader.read(_parser().parse(source))
    if reader.unknown:
        raise UnknownFigures(tuple(dict.fromkeys(reader.unknown)))
    return found


def figure_keys(source: str) -> tuple[str, ...]:
    """The figures that a piece of prose names, each once, in order."""
    return tuple(dict.fromkeys(_REFERENCE.findall(source)))


class _Reader:
    """Walks the parser's flat row of tokens."""

    def __init__(self, figure: Lookup | None, top: int) -> None:
        self._figure = figure
        self._top = top
        self._last = top - 1
        self._skipped = 0
        self.unknown: list[str] = []

    def read(self, tokens: list[Token]) -> tuple[Block, ...]:
        done: list[Block] = []
        typed = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
        # Whoever begins with ## means the first level: the next ## must not stand one below it.
        self._skipped = min(typed, default=1) - 1
        at = 0
        while at < len(tokens):
            token = tokens[at]
            end = _closing(tokens, at)
            if token.type == "heading_open":
                done.append(self._heading(token, tokens[at + 1]))
            elif token.type == "paragraph_open":
                done.append(Paragraph(self._runs(tokens[at + 1])))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                entries = self._items(tokens[at + 1 : end], nested=False)
                done.append(Bullets(entries) if token.type == "bullet_list_open" else Numbered(entries))
            elif token.type == "blockquote_open":
                done.append(Quote(self._flat(tokens[at + 1 : end])))
            at = end + 1
        return tuple(done)

    def _heading(self, token: Token, inline: Token) -> Block:
        runs = self._runs(inline)
        words = "".join(run.text for run in runs).strip()
        # A level left out is closed up: the outline must be one that can be heard.
        level = min(4, self._top + int(token.tag[1]) - 1 - self._skipped, self._last + 1)
        level = max(level, self._top)
        self._last = level
        return Heading(level, words) if words else Paragraph(())

    def _items(self, tokens: list[Token], *, nested: bool) -> tuple[Item, ...]:
        """The items of a list; lists below the second level are joined to the second."""
        done: list[Item] = []
        at = 0
        while at < len(tokens):
            end = _closing(tokens, at)
            if tokens[at].type == "list_item_open":
                done.extend(self._item(tokens[at + 1 : end], nested=nested))
            at = end + 1
        return tuple(done)

    def _item(self, tokens: list[Token], *, nested: bool) -> list[Item]:
        words: list[Run] = []
        under: list[Item] = []
        at = 0
        while at < len(tokens):
            end = _closing(tokens, at)
            if tokens[at].type in ("bullet_list_open", "ordered_list_open"):
                under.extend(self._items(tokens[at + 1 : end], nested=True))
            else:
                words.extend([*([Text(" ")] if words else []), *self._flat(tokens[at : end + 1])])
            at = end + 1
        if nested:
            return [Item(tuple(words)), *under]
        return [Item(tuple(words), tuple(each.runs for each in under))]

    def _flat(self, tokens: list[Token]) -> Runs:
        """All the words in a row of tokens, as one line."""
        words: list[Run] = []
        for token in tokens:
            if token.type == "inline":
                words.extend([*([Text(" ")] if words else []), *self._runs(token)])
        return tuple(words)

    def _runs(self, inline: Token) -> Runs:
        done: list[Run] = []
        strong = emphasis = 0
        href = ""
        for token in inline.children or []:
            if token.type in ("strong_open", "strong_close"):
                strong += 1 if token.type == "strong_open" else -1
            elif token.type in ("em_open", "em_close"):
                emphasis += 1 if token.type == "em_open" else -1
            elif token.type == "link_open":
                address = str(token.attrGet("href") or "")
                href = address if _WEB.fullmatch(address) else ""
            elif token.type == "link_close":
                href = ""
            else:
                text = " " if token.type in ("softbreak", "hardbreak") else token.content
                done.extend(self._words(text, strong=strong > 0, emphasis=emphasis > 0, href=href))
        return _joined(done)

    def _words(self, text: str, *, strong: bool, emphasis: bool, href: str) -> list[Run]:
        if href:
            return [Link(text, href)] if text.strip() else [Text(text)]
        done: list[Run] = []
        last = 0
        for found in _REFERENCE.finditer(text):
            value = self._figure(found[1]) if self._figure else None
            if value is None:
                self.unknown.append(found[1])
                continue
            done += [Text(text[last : found.start()], strong, emphasis), value]
            last = found.end()
        done.append(Text(text[last:], strong, emphasis))
        return [run for run in done if run.text]


def _joined(runs: list[Run]) -> Runs:
    """Neighbours of the same kind as one run."""
    done: list[Run] = []
    for run in runs:
        last = done[-1] if done else None
        if isinstance(run, Text) and isinstance(last, Text):
            if (run.strong, run.emphasis) == (last.strong, last.emphasis):
                done[-1] = replace(last, text=last.text + run.text)
                continue
        elif isinstance(run, Link) and isinstance(last, Link) and run.href == last.href:
            done[-1] = replace(last, text=last.text + run.text)
            continue
        done.append(run)
    return tuple(done)


def _closing(tokens: list[Token], at: int) -> int:
    """Where the token that opens at `at` closes; itself when it opens nothing."""
    if tokens[at].nesting != 1:
        return at
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1
