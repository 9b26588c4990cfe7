"""Drawings of how things follow from each other: the evidence chain and the four-stage cycle."""

import math
from dataclasses import dataclass
from typing import ClassVar

from shield.kernel.design.rules import wording
from shield.kernel.design.rules.chart import Chart, ChartError
from shield.kernel.design.rules.drawing import MUTED, TONES, Sheet, ToneName


@dataclass(frozen=True, kw_only=True)
class Node:
    """A box in a flow: its own short name for edges, the stage it stands in, its words and its tone."""

    name: str
    stage: int
    label: str
    note: str = ""
    tone: ToneName = "neutral"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """What led to what; `missing` where the link should be there and is not."""

    source: str
    target: str
    missing: bool = False


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, kw_only=True)
class Flow(Chart):
    """Stages of nodes joined by edges: columns where their words fit, else rows that run down the page."""

    kind: ClassVar[str] = "flow"

    stages: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    said: str = ""
    """What the drawing shows, in a sentence, where it is not how many stand in each stage."""

    def check(self) -> None:
        """Nodes stand in a stage, names are unique, and edges join nodes that there are."""
        names = [node.name for node in self.nodes]
        if not self.nodes:
            raise ChartError(f"The chart {self.key} has no nodes.")
        if len(set(names)) < len(names):
            raise ChartError(f"The chart {self.key} has two nodes of the same name.")
        self.check_words(*self.stages, *names, *(f"{node.label} {node.note}" for node in self.nodes))
        for node in self.nodes:
            if not 0 <= node.stage < len(self.stages):
                raise ChartError(
                    f"The chart {self.key}: {node.label} stands in stage {node.stage}, which is not there."
                )
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in names:
                    raise ChartError(f"The chart {self.key}: an edge names {end!r}, which is not there.")

    @property
    def columns(self) -> tuple[str, ...]:
        """What, in which stage, in which state, and what it led to."""
        return ("What", "Stage", "State", "Led to")

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Each node with what follows from it."""
        labels = {node.name: node.label for node in self.nodes}
        table = []
        for node in sorted(self.nodes, key=lambda each: each.stage):
            onward = [
                f"{labels[edge.target]}{' (link missing)' if edge.missing else ''}"
                for edge in self.edges
                if edge.source == node.name
            ]
            table.append(
                (
                    node.label,
                    self.stages[node.stage],
                    TONES[node.tone].word,
                    "; ".join(onward) or "Nothing yet",
                )
            )
        return tuple(table)

    def summary(self) -> str:
        """The stages with how many stand in each, and the missing links; or what is said of it."""
        if self.said:
            return self.said
        counts = ", ".join(
            f"{stage.lower()} {sum(node.stage == index for node in self.nodes)}"
            for index, stage in enumerate(self.stages)
        )
        missing = sum(edge.missing for edge in self.edges)
        said = (
            f" {wording.count(missing, 'link is', 'links are')} missing."
            if missing
            else " No link is missing."
        )
        return f"Chain of {len(self.stages)} stages: {counts}.{said}"

    def draw(self, sheet: Sheet) -> None:
        """Edges first, so that boxes lie on top of them."""
        titles: list[tuple[float, str]] = []
        boxes = self._rows(sheet, titles) if self._runs_down(sheet) else self._columns(sheet)
        for edge in self.edges:
            self._draw_edge(sheet, boxes[edge.source], boxes[edge.target], missing=edge.missing)
        for y, title in titles:
            sheet.text(
                0, y, title, size=sheet.size - 1, bold=True, fill=MUTED, cls="shield-c-muted", halo=True
            )
        for node in self.nodes:
            self._draw_node(sheet, node, boxes[node.name])

    def _runs_down(self, sheet: Sheet) -> bool:
        """More than four columns hold no readable words."""
        return sheet.narrow or len(self.stages) > 4

    def _small(self, sheet: Sheet) -> float:
        return sheet.size - (1 if self._runs_down(sheet) else 2)

    def _columns(self, sheet: Sheet) -> dict[str, _Box]:
        gap = 34.0
        w = (sheet.width - gap * (len(self.stages) - 1)) / len(self.stages)
        small = self._small(sheet)
        tall = [[node for node in self.nodes if node.stage == index] for index in range(len(self.stages))]
        heights = {node.name: self._height(node, w, small) for node in self.nodes}
        totals = [sum(heights[node.name] + 12 for node in stage) for stage in tall]
        boxes: dict[str, _Box] = {}
        for index, stage in enumerate(tall):
            x = index * (w + gap)
            words = wording.wrap(self.stages[index], w, small, most=2)
            sheet.lines(x, small, words, size=small, bold=True, fill=MUTED, cls="shield-c-muted")
            # Shorter columns are centred beside the tallest, so that the lines stay nearly level.
            y = small * 3 + (max(totals) - totals[index]) / 2
            for node in stage:
                boxes[node.name] = _Box(x, y, w, heights[node.name])
                y += heights[node.name] + 12
        sheet.reach(small * 3 + max(totals) - 10)
        return boxes

    def _rows(self, sheet: Sheet, titles: list[tuple[float, str]]) -> dict[str, _Box]:
        small, across = self._small(sheet), 2 if sheet.narrow else 3
        boxes: dict[str, _Box] = {}
        y = 0.0
        for index, title in enumerate(self.stages):
            titles.append((y + small, title))
            y += small * 1.7
            stage = [node for node in self.nodes if node.stage == index]
            for first in range(0, len(stage), across):
                row = stage[first : first + across]
                # A box alone on a telephone takes its whole width; on a page no box is wider than its share.
                beside = len(row) if sheet.narrow else across
                w = (sheet.width - 12 * (beside - 1)) / beside
                h = max(self._height(node, w, small) for node in row)
                left = (sheet.width - len(row) * (w + 12) + 12) / 2
                for order, node in enumerate(row):
                    boxes[node.name] = _Box(left + order * (w + 12), y, w, h)
                y += h + 10
            y += 18
        sheet.reach(y - 20)
        return boxes

    def _height(self, node: Node, w: float, size: float) -> float:
        count = len(wording.wrap(node.label, w - 16, size, most=4)) + (1 if node.note else 0)
        return count * size * 1.2 + 16

    def _draw_edge(self, sheet: Sheet, a: _Box, b: _Box, *, missing: bool) -> None:
        if self._runs_down(sheet):
            x1, y1, x2, y2 = a.x + a.w / 2, a.y + a.h, b.x + b.w / 2, b.y
            bend = f"C{x1:.1f} {(y1 + y2) / 2:.1f} {x2:.1f} {(y1 + y2) / 2:.1f}"
            head = f"M{x2 - 4:.1f} {y2 - 7:.1f}l4 7 4-7z"
        else:
            x1, y1, x2, y2 = a.x + a.w, a.y + a.h / 2, b.x, b.y + b.h / 2
            bend = f"C{(x1 + x2) / 2:.1f} {y1:.1f} {(x1 + x2) / 2:.1f} {y2:.1f}"
            head = f"M{x2 - 7:.1f} {y2 - 4:.1f}l7 4-7 4z"
        colour, cls = ("#801650", "shield-c-edge-missing") if missing else ("#505A5F", "shield-c-edge")
        sheet.path(
            f"M{x1:.1f} {y1:.1f}{bend} {x2:.1f} {y2:.1f}",
            cls=cls,
            fill="none",
            stroke=colour,
            stroke_width=1.8,
            stroke_dasharray="5 4" if missing else "",
        )
        sheet.path(head, cls=f"{cls}-head", fill=colour)

    def _draw_node(self, sheet: Sheet, node: Node, box: _Box) -> None:
        tone, size = TONES[node.tone], self._small(sheet)
        sheet.rect(
            box.x,
            box.y,
            box.w,
            box.h,
            fill=tone.fill,
            cls=f"shield-c-{node.tone}",
            stroke=tone.line,
            rx=3,
            stroke_width=1.5,
            stroke_dasharray="5 4" if tone.dashed else "",
        )
        words = wording.wrap(node.label, box.w - 16, size, most=4)
        inked = f"shield-c-on-{node.tone}"
        sheet.lines(box.x + 8, box.y + 8 + size, words, size=size, fill=tone.ink, cls=inked, bold=True)
        if node.note:
            note = wording.shorten(node.note, box.w - 16, size)
            sheet.text(
                box.x + 8,
                box.y + 8 + size * (1 + 1.2 * len(words)),
                note,
                size=size,
                fill=tone.ink,
                cls=inked,
            )


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage of a cycle: its name, a short note, its tone, and its state where the tone's own word is not it."""

    label: str
    note: str = ""
    tone: ToneName = "neutral"
    state: str = ""

    @property
    def word(self) -> str:
        """Where it stands, in a word."""
        return self.state or TONES[self.tone].word


@dataclass(frozen=True, kw_only=True)
class Ring(Chart):
    """A cycle of stages, two to six, each an arc that points to the next."""

    kind: ClassVar[str] = "ring"
    print_share: ClassVar[float] = 0.85

    stages: tuple[Stage, ...]
    centre: str = ""

    def check(self) -> None:
        """A cycle has two to six stages."""
        if not 2 <= len(self.stages) <= 6:
            raise ChartError(f"The chart {self.key} has {len(self.stages)} stages; a ring has two to six.")
        self.check_words(self.centre, *(f"{stage.label} {stage.note}" for stage in self.stages))

    @property
    def columns(self) -> tuple[str, ...]:
        """Stage, note and state."""
        return ("Stage", "Note", "State")

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The stages in order."""
        return tuple(
            (f"{index}. {stage.label}", stage.note, stage.word)
            for index, stage in enumerate(self.stages, start=1)
        )

    def summary(self) -> str:
        """The stages in order with their states."""
        said = ", then ".join(f"{stage.label} ({stage.word.lower()})" for stage in self.stages)
        return f"Cycle of {len(self.stages)} stages: {said}, and round again."

    def draw(self, sheet: Sheet) -> None:
        """The ring at the left with numbers, the names beside it, or below on a telephone."""
        radius = 96.0
        x = sheet.width / 2 if sheet.narrow else radius + 14
        y = radius + 8
        sweep = 2 * math.pi / len(self.stages)
        for index, stage in enumerate(self.stages):
            start = -math.pi / 2 + index * sweep
            self._draw_arc(sheet, (x, y, radius), start, start + sweep, stage.tone)
            middle = start + sweep / 2 + 0.04
            at = (x + (radius - 19) * math.cos(middle), y + (radius - 19) * math.sin(middle))
            tone = TONES[stage.tone]
            sheet.text(
                at[0],
                at[1] + 6,
                str(index + 1),
                anchor="middle",
                size=17,
                bold=True,
                fill=tone.ink,
                cls=f"shield-c-on-{stage.tone}",
            )
        words = wording.wrap(self.centre, radius * 1.05, sheet.size, most=3)
        sheet.lines(x, y + 5 - (len(words) - 1) * sheet.size * 0.6, words, anchor="middle", bold=True)
        sheet.reach(y + radius + 6)
        self._name_stages(sheet, x, y, radius)

    def _name_stages(self, sheet: Sheet, x: float, y: float, radius: float) -> None:
        left = 0.0 if sheet.narrow else x + radius + 40
        pitch = sheet.size * 3.4
        top = y + radius + 26 if sheet.narrow else y - pitch * (len(self.stages) - 1) / 2 - 2
        for index, stage in enumerate(self.stages):
            at = top + index * pitch
            name = f"{index + 1}  {stage.label}: {stage.word.lower()}"
            sheet.text(left, at, wording.shorten(name, sheet.width - left, sheet.size), bold=True)
            note = wording.shorten(stage.note, sheet.width - left - 16, sheet.size - 1)
            sheet.text(
                left + 16, at + sheet.size * 1.3, note, size=sheet.size - 1, fill=MUTED, cls="shield-c-muted"
            )

    def _draw_arc(
        self, sheet: Sheet, ring: tuple[float, float, float], start: float, end: float, tone_name: ToneName
    ) -> None:
        """One arc, with a notch at its tail and a point at its head, so that the direction can be seen."""
        x, y, outer = ring
        inner, gap, tip = outer - 38, 0.035, 0.13
        tone = TONES[tone_name]

        def at(r: float, angle: float) -> str:
            return f"{x + r * math.cos(angle):.1f} {y + r * math.sin(angle):.1f}"

        a, b, middle = start + gap, end - gap, (outer + inner) / 2
        large = 1 if b - a > math.pi else 0
        d = (
            f"M{at(outer, a)}A{outer} {outer} 0 {large} 1 {at(outer, b)}L{at(middle, b + tip)}L{at(inner, b)}"
            f"A{inner} {inner} 0 {large} 0 {at(inner, a)}L{at(middle, a + tip)}Z"
        )
        sheet.path(
            d,
            fill=tone.fill,
            stroke=tone.line,
            stroke_width=1.2,
            cls=f"shield-c-{tone_name}",
            stroke_linejoin="round",
            stroke_dasharray="4 3" if tone.dashed else "",
        )
