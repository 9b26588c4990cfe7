"""Finding the names of other people in a text, so that somebody looks at each before it is given to a third. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

TITLES = (
    "mr|mrs|ms|miss|mx|dr|sir|dame|rev|pc|dc|ds|di|dci|councillor|cllr|professor|prof|sergeant|nurse|judge"
)
EMAIL = r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
BLOCK = "████"
"""What stands in the answer where something was redacted; always as long, so that its length tells nothing."""


@dataclass(frozen=True)
class Mention:
    """A name as it stands in a text: where, and whom it is taken to mean."""

    name: str
    spans: tuple[tuple[int, int], ...]


def flat(text: str) -> str:
    """A text letter by letter without accents and case, exactly as long as it was, so that places stay places."""
    return "".join(_flat(letter) for letter in text)


def _flat(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1] or letter
    small = base.lower()[:1] or base
    return "'" if small in "’‘`ʼ" else " " if small.isspace() else small


def _loose(name: str) -> str:
    """A name as a pattern: any run of blanks between its words."""
    return r"\s+".join(re.escape(word) for word in flat(name).split())


class Finder:
    """Knows the names of the people of a partnership; whoever asks about themself is not a third party.

    Where somebody else bears the same name, it may mean them: it is marked, and whoever looks decides.
    """

    def __init__(self, names: Iterable[str], subject: str) -> None:
        own = " ".join(flat(subject).split())
        listed_names = [(" ".join(flat(name).split()), name) for name in names if name.strip()]
        self.known = dict(listed_names)
        if sum(low == own for low, _ in listed_names) < 2:
            self.known.pop(own, None)
        surnames = {name.split()[-1] for name in self.known if " " in name}
        # The asker's own surname after a title means them, as far as anybody can tell.
        surnames -= {own.split()[-1]} if own else set()
        parts = [_loose(name) for name in sorted(self.known, key=len, reverse=True)]
        if surnames:
            listed = "|".join(re.escape(name) for name in sorted(surnames, key=len, reverse=True))
            parts.append(rf"(?:{TITLES})\.?\s+(?:[a-z]\.?\s+)?(?:{listed})")
        parts.append(EMAIL)
        self._pattern = re.compile(rf"(?<![\w@.])(?:{'|'.join(parts)})(?!\w)")

    def find(self, text: str, *, own: Iterable[str] = ()) -> list[Mention]:
        """Every other name in a text, each with all its places, in the order in which they come; `own` is left out."""
        low = flat(text)
        left_out = {" ".join(flat(each).split()) for each in own}
        found: dict[str, list[tuple[int, int]]] = {}
        for match in self._pattern.finditer(low):
            words = " ".join(match[0].split())
            if words not in left_out:
                name = self.known.get(words, " ".join(text[match.start() : match.end()].split()))
                found.setdefault(name, []).append(match.span())
        return [Mention(name, tuple(spans)) for name, spans in found.items()]


def redacted(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these places blocked out; places that overlap become one."""
    done, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            at = max(at, end)
            continue
        done += [text[at:start], BLOCK]
        at = end
    return "".join([*done, text[at:]])


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text cut into pieces, each with whether it is a name that was found; for a page that marks them."""
    cut, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            cut += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [piece for piece in [*cut, (text[at:], False)] if piece[0]]
