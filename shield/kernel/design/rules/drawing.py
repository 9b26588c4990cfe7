"""The sheet on which charts are drawn: escaped SVG elements, the palette, tones and fill patterns.

Colours are presentation attributes, never `style`, so that drawings pass a strict content security policy
and a stylesheet can still override them by class in dark and high-contrast modes.
"""

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from shield.kernel.design.rules import wording

INK, MUTED, GRID, PAPER = "#0B0C0C", "#505A5F", "#CED5DA", "#FFFFFF"
# The Analysis Function's palette; from the third series on a pattern keeps neighbours apart in grey print.
SERIES = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
_PATTERNED = {2: "M0 8L8 0M-2 2L2 -2M6 10L10 6", 3: "M0 0L8 8M-2 6L2 10M6 -2L10 2", 5: "M0 4H8"}

ToneName = Literal["done", "good", "planned", "late", "neutral", "missing"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Tone:
    """How a state looks: the fill, the ink that reads on it, the outline, and whether it is dashed."""

    fill: str
    ink: str
    line: str
    word: str
    dashed: bool = False


TONES: dict[ToneName, Tone] = {
    "done": Tone("#12436D", "#FFFFFF", "#12436D", "Done"),
    "good": Tone("#28A197", "#0B0C0C", "#1A7A72", "Good"),
    "planned": Tone("#FFFFFF", "#12436D", "#12436D", "Planned"),
    "late": Tone("#F46A25", "#0B0C0C", "#B8430A", "Late"),
    "neutral": Tone("#E4E9EC", "#0B0C0C", "#7D868C", "Noted"),
    "missing": Tone("#FFFFFF", "#801650", "#801650", "Missing", dashed=True),
}


def attributes(values: dict[str, str | float]) -> str:
    """Write attributes, escaped; underscores become hyphens and empty values are left out."""
    written = []
    for name, value in values.items():
        if value == "":
            continue
        text = value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
        written.append(f" {name.rstrip('_').replace('_', '-')}={quoteattr(text)}")
    return "".join(written)


class Sheet:
    """Collects the elements of one drawing, top left at 0, 0, in units of about one screen pixel."""

    def __init__(self, width: float, *, size: float = 14, key: str = "chart") -> None:
        self.width = width
        self.height = 0.0
        self.size = size
        self.key = key
        self._parts: list[str] = []
        self._patterns: dict[int, str] = {}

    @property
    def narrow(self) -> bool:
        """Whether this is the drawing for a telephone."""
        return self.width < 500

    def reach(self, bottom: float) -> None:
        """Make the sheet at least this high."""
        self.height = max(self.height, bottom)

    def _put(self, tag: str, **values: str | float) -> None:
        self._parts.append(f"<{tag}{attributes(values)}/>")

    def rect(
        self, x: float, y: float, w: float, h: float, *, fill: str, cls: str = "", **more: str | float
    ) -> None:
        """A rectangle."""
        self._put("rect", x=x, y=y, width=max(0.0, w), height=max(0.0, h), fill=fill, class_=cls, **more)
        self.reach(y + h)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = GRID,
        cls: str = "shield-c-grid",
        width: float = 1,
        dash: str = "",
    ) -> None:
        """A straight line."""
        self._put(
            "line",
            x1=x1,
            y1=y1,
            x2=x2,
            y2=y2,
            stroke=stroke,
            stroke_width=width,
            stroke_dasharray=dash,
            class_=cls,
        )

    def path(self, d: str, *, cls: str = "", **more: str | float) -> None:
        """A path; its fill and stroke come as attributes."""
        self._put("path", d=d, class_=cls, **more)

    def circle(self, x: float, y: float, r: float, *, fill: str, cls: str = "", **more: str | float) -> None:
        """A circle."""
        self._put("circle", cx=x, cy=y, r=r, fill=fill, class_=cls, **more)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: Anchor = "start",
        size: float = 0,
        bold: bool = False,
        fill: str = INK,
        cls: str = "shield-c-ink",
        halo: bool = False,
    ) -> None:
        """One line of text on the baseline `y`, escaped."""
        size = size or self.size
        values: dict[str, str | float] = {"x": x, "y": y, "font_size": size, "fill": fill, "class_": cls}
        if anchor != "start":
            values["text_anchor"] = anchor
        if bold:
            values["font_weight"] = "700"
        if halo:
            # A rim of paper keeps a label readable where it crosses a line.
            values |= {
                "stroke": PAPER,
                "stroke_width": 4,
                "stroke_linejoin": "round",
                "paint_order": "stroke",
            }
        self._parts.append(f"<text{attributes(values)}>{escape(words)}</text>")
        self.reach(y + size * 0.35)

    def lines(
        self,
        x: float,
        y: float,
        words: tuple[str, ...],
        *,
        anchor: Anchor = "start",
        size: float = 0,
        bold: bool = False,
        fill: str = INK,
        cls: str = "shield-c-ink",
    ) -> None:
        """Several lines of text, the first on the baseline `y`."""
        size = size or self.size
        for index, each in enumerate(words):
            self.text(
                x, y + index * size * 1.2, each, anchor=anchor, size=size, bold=bold, fill=fill, cls=cls
            )

    def slanted(self, x: float, y: float, words: str, *, size: float) -> None:
        """A line of text rising to the right from its start, for the names of narrow columns."""
        turn = f"rotate(-45 {x:.1f} {y:.1f})"
        values: dict[str, str | float] = {"x": x, "y": y, "font_size": size, "fill": INK, "transform": turn}
        self._parts.append(f'<text{attributes(values)} class="shield-c-ink">{escape(words)}</text>')

    def series_fill(self, index: int) -> tuple[str, str]:
        """The fill and the class of a series; some fills are patterns, made when first asked for."""
        index %= len(SERIES)
        if index in _PATTERNED and index not in self._patterns:
            name = f"{self.key}-p{index + 1}"
            self._patterns[index] = (
                f'<pattern id={quoteattr(name)} width="8" height="8" patternUnits="userSpaceOnUse">'
                f'<rect width="8" height="8" fill="{SERIES[index]}" class="shield-c-s{index + 1}"/>'
                f'<path d="{_PATTERNED[index]}" stroke="{PAPER}" stroke-width="1.5" fill="none" '
                'class="shield-c-gap"/>'
                "</pattern>"
            )
        if index in self._patterns:
            return f"url(#{self.key}-p{index + 1})", "shield-c-patterned"
        return SERIES[index], f"shield-c-s{index + 1}"

    def legend(self, entries: tuple[tuple[str, str, str, str], ...], y: float, *, left: float = 0) -> float:
        """Draw a row of keys (words, fill, class, outline), broken where it must; answer the next `y`."""
        x = left
        for words, fill, cls, outline in entries:
            room = 20 + wording.width(words, self.size) + 16
            if x > left and x + room > self.width:
                x, y = left, y + self.size * 1.6
            self.rect(x, y, 13, 13, fill=fill, cls=cls, stroke=outline)
            self.text(x + 20, y + 11.5, wording.shorten(words, self.width - left - 22, self.size))
            x += room
        return y + self.size * 1.9

    def svg(self, *, title: str, description: str, family: str, sized: bool) -> str:
        """The finished drawing: named, described, scaling to the width it is given."""
        height = round(self.height + 2)
        names = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {self.width:g} {height}"}
        if sized:
            names |= {"width": f"{self.width:g}", "height": f"{height}"}
        names |= {
            "role": "img",
            "aria-labelledby": f"{self.key}-title {self.key}-desc",
            "font-family": family,
            "class": "shield-figure__svg",
        }
        opening = "".join(f" {name}={quoteattr(value)}" for name, value in names.items())
        defs = f"<defs>{''.join(self._patterns.values())}</defs>" if self._patterns else ""
        return (
            f"<svg{opening}><title id={quoteattr(self.key + '-title')}>{escape(title)}</title>"
            f"<desc id={quoteattr(self.key + '-desc')}>{escape(description)}</desc>"
            f"{defs}{''.join(self._parts)}</svg>"
        )
