"""Charts of states: who attended what (heat), and how much of a list is met (progress)."""

from dataclasses import dataclass
from typing import ClassVar

from shield.kernel.design.rules import wording
from shield.kernel.design.rules.chart import Chart, ChartError
from shield.kernel.design.rules.drawing import MUTED, TONES, Sheet, ToneName


@dataclass(frozen=True, kw_only=True)
class State:
    """One of the states a square of a heat chart may have: its word, the letter drawn in it, its tone."""

    word: str
    mark: str
    tone: ToneName


@dataclass(frozen=True, kw_only=True)
class Heat(Chart):
    """Squares in rows and columns, such as agencies by meetings, each with a letter as well as a colour."""

    kind: ClassVar[str] = "heat"

    row_name: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    states: tuple[State, ...]

    def check(self) -> None:
        """Every row has a known state, or nothing, for each column."""
        known = {state.word for state in self.states} | {""}
        self.check_words(self.row_name, *self.row_labels, *self.column_labels, *known)
        if len(self.cells) != len(self.row_labels) or not self.cells:
            raise ChartError(
                f"The chart {self.key} has {len(self.cells)} rows for {len(self.row_labels)} names."
            )
        for name, row in zip(self.row_labels, self.cells, strict=True):
            if len(row) != len(self.column_labels):
                raise ChartError(
                    f"The chart {self.key}: {name} has {len(row)} squares "
                    f"for {len(self.column_labels)} columns."
                )
            if unknown := sorted(set(row) - known):
                raise ChartError(f"The chart {self.key}: {name} has the unknown state {unknown[0]!r}.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The rows' name, then each column."""
        return (self.row_name, *self.column_labels)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Each row's states in words."""
        return tuple(
            (name, *(cell or "Not expected" for cell in row))
            for name, row in zip(self.row_labels, self.cells, strict=True)
        )

    def summary(self) -> str:
        """How often each state occurs."""
        every = [cell for row in self.cells for cell in row]
        told = ", ".join(f"{state.word.lower()} {every.count(state.word)}" for state in self.states)
        size = f"{len(self.row_labels)} rows by {len(self.column_labels)} columns"
        return f"Grid of {self.row_name.lower()}, {size}. In all: {told}."

    def draw(self, sheet: Sheet) -> None:
        """The keys, slanted column names, then the rows."""
        states = {state.word: state for state in self.states}
        tones = [(f"{state.mark}  {state.word}", TONES[state.tone], state.tone) for state in self.states]
        y = sheet.legend(
            tuple((words, tone.fill, f"shield-c-{name}", tone.line) for words, tone, name in tones), 0
        )
        small = sheet.size - 1
        gutter = min(max(wording.width(name, small) for name in self.row_labels) + 12, sheet.width * 0.42)
        across = len(self.column_labels)
        cell = min((sheet.width - gutter - 28) / across, 44)
        longest = max(wording.width(name, small) for name in self.column_labels)
        slanted = longest > cell - 4
        top = y + (min(longest, 110) * 0.72 + 8 if slanted else small * 1.4)
        for index, name in enumerate(self.column_labels):
            x = gutter + cell * (index + 0.5)
            if slanted:
                room = min(110, (sheet.width - x) / 0.72)
                sheet.slanted(x, top - 6, wording.shorten(name, room, small), size=small)
            else:
                sheet.text(x, top - 6, name, anchor="middle", size=small)
        height = min(max(cell, 24), 30)
        for name, row in zip(self.row_labels, self.cells, strict=True):
            label = wording.shorten(name, gutter - 10, small)
            sheet.text(gutter - 10, top + height / 2 + small * 0.35, label, anchor="end", size=small)
            for index, word in enumerate(row):
                self._square(sheet, gutter + cell * index, top, (cell, height), states.get(word))
            top += height
        sheet.reach(top)

    def _square(
        self, sheet: Sheet, x: float, y: float, size: tuple[float, float], state: State | None
    ) -> None:
        w, h = size
        if state is None:
            sheet.text(x + w / 2, y + h / 2 + 4, "–", anchor="middle", fill=MUTED, cls="shield-c-muted")
            return
        tone = TONES[state.tone]
        sheet.rect(
            x + 1.5,
            y + 1.5,
            w - 3,
            h - 3,
            fill=tone.fill,
            cls=f"shield-c-{state.tone}",
            stroke=tone.line,
            stroke_dasharray="3 2" if tone.dashed else "",
        )
        sheet.text(
            x + w / 2,
            y + h / 2 + 4.5,
            state.mark,
            anchor="middle",
            size=sheet.size - 1,
            fill=tone.ink,
            cls=f"shield-c-on-{state.tone}",
            bold=True,
        )


@dataclass(frozen=True, kw_only=True)
class Progress(Chart):
    """One bar of a list's state: how many are met, thin, missing; what does not apply stands beside."""

    kind: ClassVar[str] = "progress"

    met: int
    thin: int
    missing: int
    not_applicable: int = 0
    words: tuple[str, str, str, str] = ("Met", "Thin", "Missing", "Does not apply")

    def check(self) -> None:
        """Counts are not below zero, and there is something to count."""
        self.check_words(*self.words)
        if min(self.counts) < 0:
            raise ChartError(f"The chart {self.key} counts below zero.")
        if not sum(self.counts):
            raise ChartError(f"The chart {self.key} has nothing to count.")

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """The four counts, in the order of the words."""
        return (self.met, self.thin, self.missing, self.not_applicable)

    @property
    def columns(self) -> tuple[str, ...]:
        """State and number."""
        return ("State", "Number")

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Each state with its number."""
        return tuple((word, wording.number(each)) for word, each in zip(self.words, self.counts, strict=True))

    @property
    def number_columns(self) -> frozenset[int]:
        """The number."""
        return frozenset({1})

    def summary(self) -> str:
        """The counts, of how many."""
        counted = sum(self.counts[:3])
        said = ", ".join(
            f"{each} {word.lower()}" for word, each in zip(self.words, self.counts, strict=True) if each
        )
        return f"Progress bar: of {counted}, {said}."

    def draw(self, sheet: Sheet) -> None:
        """A bar cut in proportion, each part with its number, and the keys below."""
        tones: tuple[ToneName, ...] = ("done", "good", "missing", "neutral")
        total = sum(self.counts)
        x, height = 0.5, 34
        for each, name in zip(self.counts, tones, strict=True):
            if not each:
                continue
            tone, w = TONES[name], each / total * (sheet.width - 1)
            sheet.rect(
                x,
                0.5,
                w - 2,
                height,
                fill=tone.fill,
                cls=f"shield-c-{name}",
                stroke=tone.line,
                stroke_dasharray="4 3" if tone.dashed else "",
            )
            if w > wording.width(str(each), sheet.size) + 6:
                sheet.text(
                    x + w / 2 - 1,
                    height / 2 + 6,
                    str(each),
                    anchor="middle",
                    fill=tone.ink,
                    bold=True,
                    cls=f"shield-c-on-{name}",
                )
            x += w
        keys = [
            (f"{word} {each}", TONES[name].fill, f"shield-c-{name}", TONES[name].line)
            for word, each, name in zip(self.words, self.counts, tones, strict=True)
            if each or name != "neutral"
        ]
        sheet.reach(sheet.legend(tuple(keys), height + 12) - sheet.size * 0.5)
