"""A year with its lanes: what was done, what is planned, what is late."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from shield.kernel.design.rules import wording
from shield.kernel.design.rules.chart import Chart, ChartError
from shield.kernel.design.rules.drawing import TONES, Sheet, ToneName

_MOMENT = 6.0


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something on a day, or from a day until another, in a lane."""

    label: str
    lane: str
    on: date
    until: date | None = None
    tone: ToneName = "neutral"


@dataclass(frozen=True, kw_only=True)
class Timeline(Chart):
    """Lanes of happenings over a span of days, with months above and a mark for today."""

    kind: ClassVar[str] = "timeline"

    starts: date
    ends: date
    happenings: tuple[Happening, ...]
    today: date | None = None

    def check(self) -> None:
        """Everything lies within the span, and ends after it begins."""
        if self.ends <= self.starts:
            raise ChartError(f"The chart {self.key} ends on {self.ends}, before it starts on {self.starts}.")
        if (self.ends - self.starts).days > 366 * 12:
            raise ChartError(f"The chart {self.key} spans more than twelve years.")
        for each in self.happenings:
            self.check_words(each.label, each.lane)
            last = each.until or each.on
            if last < each.on:
                raise ChartError(f"The chart {self.key}: {each.label} ends before it begins.")
            if last < self.starts or each.on > self.ends:
                raise ChartError(f"The chart {self.key}: {each.label} lies outside the span shown.")

    @property
    def lanes(self) -> tuple[str, ...]:
        """The lanes, in the order in which they first occur."""
        return tuple(dict.fromkeys(each.lane for each in self.happenings))

    @property
    def columns(self) -> tuple[str, ...]:
        """What, in which lane, from, to, in which state."""
        return ("What", "Part", "From", "To", "State")

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Everything in order of date."""
        return tuple(
            (
                each.label,
                each.lane,
                wording.day(each.on),
                wording.day(each.until or each.on),
                TONES[each.tone].word,
            )
            for each in sorted(self.happenings, key=lambda one: (one.on, one.lane, one.label))
        )

    def summary(self) -> str:
        """The span, the number of entries, and what is late."""
        span = f"from {wording.day(self.starts)} to {wording.day(self.ends)}"
        late = [each.label for each in self.happenings if each.tone == "late"]
        said = f" Late: {', '.join(late)}." if late else ""
        return f"Timeline {span} with {wording.count(len(self.happenings), 'entry', 'entries')}.{said}"

    def draw(self, sheet: Sheet) -> None:
        """The keys, the months, then each lane with as many rows as its labels need."""
        used = list(dict.fromkeys(each.tone for each in self.happenings))
        keys = tuple(
            (TONES[name].word, TONES[name].fill, f"shield-c-{name}", TONES[name].line) for name in used
        )
        y = sheet.legend(keys, 0) if keys else 0.0
        gutter = 4.0 if sheet.narrow else min(self._gutter(sheet), sheet.width * 0.26)
        top = y + sheet.size * (3.9 if self.today else 2.6)
        below = top
        placed: list[tuple[float, Happening]] = []
        divisions: list[tuple[str, float]] = []
        for lane in self.lanes:
            divisions.append((lane, below))
            below += sheet.size * 1.5 if sheet.narrow else 6
            below = self._place(sheet, lane, below, gutter, placed)
        self._draw_months(sheet, gutter, top, below)
        for lane, at in divisions:
            self._draw_lane(sheet, lane, at, gutter)
        sheet.line(0, below, sheet.width, below)
        self._draw_today(sheet, gutter, top, below)
        for at, each in placed:
            self._draw_happening(sheet, each, at, gutter)
        sheet.reach(below + 2)

    def _gutter(self, sheet: Sheet) -> float:
        return max((wording.width(lane, sheet.size, bold=True) for lane in self.lanes), default=0) + 14

    def _x(self, sheet: Sheet, on: date, gutter: float) -> float:
        share = (on - self.starts).days / (self.ends - self.starts).days
        return gutter + min(max(share, 0.0), 1.0) * (sheet.width - gutter - 8)

    def _extent(self, sheet: Sheet, each: Happening, gutter: float) -> tuple[float, float, bool]:
        """From where to where the mark with its label reaches, and whether the label stands at the left."""
        start = self._x(sheet, each.on, gutter)
        end = self._x(sheet, each.until, gutter) if each.until else start + _MOMENT
        words = min(wording.width(each.label, sheet.size - 1), sheet.width - gutter) + 8
        if end + words <= sheet.width or sheet.width - end > start:
            return start - _MOMENT, min(end + words, sheet.width), False
        return max(gutter, start - _MOMENT - words), end + 2, True

    def _place(
        self, sheet: Sheet, lane: str, top: float, gutter: float, placed: list[tuple[float, Happening]]
    ) -> float:
        """Give each happening of a lane the first row where it overlaps nothing; answer the lane's foot."""
        rows: list[float] = []
        height = sheet.size * 1.75
        for each in sorted(
            (one for one in self.happenings if one.lane == lane), key=lambda one: (one.on, one.label)
        ):
            left, right, _ = self._extent(sheet, each, gutter)
            row = next((index for index, taken in enumerate(rows) if taken <= left), len(rows))
            if row == len(rows):
                rows.append(0.0)
            rows[row] = right + 6
            placed.append((top + row * height + height / 2, each))
        return top + len(rows) * height + 6

    def _draw_months(self, sheet: Sheet, gutter: float, top: float, bottom: float) -> None:
        month = self.starts.replace(day=1)
        span = (self.ends - self.starts).days / 30.4
        room = (sheet.width - gutter) / span
        every = next(each for each in (1, 3, 6, 12, 24, 48) if room * each > 20)
        short = room * every < 34
        year = 0
        while month <= self.ends:
            x = self._x(sheet, month, gutter)
            if month >= self.starts and (month.month - 1) % min(every, 12) == 0:
                sheet.line(x, top, x, bottom)
                name = f"{month:%b}"[:1] if short else f"{month:%b}"
                sheet.text(x + 2, top - 5, name, size=sheet.size - 2)
                if month.year != year:
                    year = month.year
                    sheet.text(x + 2, top - 5 - sheet.size, str(year), size=sheet.size - 2, bold=True)
            month = (month + timedelta(days=32)).replace(day=1)

    def _draw_lane(self, sheet: Sheet, lane: str, at: float, gutter: float) -> None:
        sheet.line(0, at, sheet.width, at)
        if sheet.narrow:
            sheet.text(0, at + sheet.size * 1.15, lane, bold=True)
            return
        words = wording.wrap(lane, gutter - 10, sheet.size, most=2)
        sheet.lines(0, at + sheet.size * 1.6, words, bold=True)

    def _draw_today(self, sheet: Sheet, gutter: float, top: float, bottom: float) -> None:
        if self.today is None or not self.starts <= self.today <= self.ends:
            return
        x = self._x(sheet, self.today, gutter)
        words = f"Today, {wording.day(self.today)}"
        sheet.line(x, top - sheet.size * 2.6, x, bottom, stroke="#B8430A", cls="shield-c-today", width=2)
        anchor_end = x + wording.width(words, sheet.size - 1) > sheet.width
        at = x - 5 if anchor_end else x + 5
        sheet.text(
            at, top - sheet.size * 2.7, words, anchor="end" if anchor_end else "start", size=sheet.size - 1
        )

    def _draw_happening(self, sheet: Sheet, each: Happening, y: float, gutter: float) -> None:
        tone, cls = TONES[each.tone], f"shield-c-{each.tone}"
        x = self._x(sheet, each.on, gutter)
        end = x + _MOMENT
        if each.until and each.until > each.on:
            end = self._x(sheet, each.until, gutter)
            sheet.rect(
                x,
                y - 6,
                max(end - x, 4),
                12,
                fill=tone.fill,
                cls=cls,
                stroke=tone.line,
                rx=3,
                stroke_dasharray="3 2" if tone.dashed else "",
            )
        elif each.tone == "late":
            # Shape as well as colour: what is late is a diamond, everything else a disc.
            sheet.path(f"M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z", fill=tone.fill, stroke=tone.line, cls=cls)
        else:
            sheet.circle(
                x,
                y,
                5.5,
                fill=tone.fill,
                cls=cls,
                stroke=tone.line,
                stroke_width=1.5,
                stroke_dasharray="3 2" if tone.dashed else "",
            )
        _, _, at_left = self._extent(sheet, each, gutter)
        small = sheet.size - 1
        base = y + small * 0.35
        if at_left:
            label = wording.shorten(each.label, x - 12 - gutter, small)
            sheet.text(x - 10, base, label, anchor="end", size=small, halo=True)
        else:
            sheet.text(
                end + 6,
                base,
                wording.shorten(each.label, sheet.width - end - 6, small),
                size=small,
                halo=True,
            )
