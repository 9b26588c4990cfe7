"""The report as it stands: sections from every module, narrative, figures, coverage, discrepancies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from shield.annual_report import checks, contributors, narrative
from shield.annual_report.models import Build, Narrative, Report, Status
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Partnership
from shield.kernel.clocks import queries as clocks
from shield.kernel.history import queries as history
from shield.kernel.reporting import queries as reporting_queries
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import Discrepancy, Figure, Gap, Period, Proof, Section


@dataclass
class Assembled:
    """Everything the report of one year is made of, read once."""

    report: Report
    partnership: Partnership
    reader: Actor
    sections: dict[str, Section]
    narratives: dict[str, Narrative]
    confirmed: dict[str, list[tuple[str, str]]]
    excused: dict[str, str]
    discrepancies: list[Discrepancy]
    _figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The reporting year."""
        return self.report.year.period

    @cached_property
    def groups(self) -> dict[str, Section]:
        """Every group of every contribution, by `module.group`."""
        return {f"{s.key}.{g.key}": g for s in self.sections.values() for g in s.groups}

    def figure(self, key: str) -> Figure:
        """One figure, disclosure-controlled; reporting.UnknownFigure if there is none."""
        if key not in self._figures:
            found = next((f for s in self.sections.values() for f in s.figures if f.key == key), None)
            self._figures[key] = reporting_queries.released(
                found or reporting.compute(key, self.period, self.reader)
            )
        return self._figures[key]

    @cached_property
    def figures(self) -> list[Figure]:
        """Every figure that a section gives or a narrative names."""
        for section in self.sections.values():
            for one in section.figures:
                self.figure(one.key)
        for row in self.narratives.values():
            for key in narrative.figure_keys(row.text):
                if is_known(key):
                    self.figure(key)
        return list(self._figures.values())

    @cached_property
    def proofs(self) -> list[Proof]:
        """What the records prove of the statutory items."""
        found = [proof for section in self.sections.values() for proof in section.proofs]
        if self.report.where_published:
            found.append(Proof("available", f"Published at {self.report.where_published}", self.report.ref))
        return found

    @cached_property
    def coverage(self) -> list[checks.Coverage]:
        """Each statutory item of the edition in force, and where it stands."""
        told = {
            code: tuple(
                self.narratives[p].title
                for p in parts
                if p in self.narratives and self.narratives[p].text.strip()
            )
            for code, parts in checks.SPEAKS_TO.items()
        }
        return checks.cover(
            clocks.edition(self.report.year.edition).contents,
            self.proofs,
            told=told,
            excused=self.excused,
            has_secure_establishment=self.report.secure_establishment,
        )

    @cached_property
    def gaps(self) -> list[Gap]:
        """What the records lack, from every module."""
        return [gap for section in self.sections.values() for gap in section.gaps]

    @cached_property
    def typed(self) -> list[tuple[Narrative, narrative.Typed]]:
        """Numbers typed by hand that nobody stands by."""
        return list(self._typed())

    def _typed(self) -> Iterator[tuple[Narrative, narrative.Typed]]:
        for key, row in self.narratives.items():
            here = narrative.typed_in(row.title, row.text)
            for typed in narrative.unconfirmed(here, self.confirmed.get(key, [])):
                yield row, typed

    @property
    def open_discrepancies(self) -> list[Discrepancy]:
        """Those nobody has settled."""
        return [d for d in self.discrepancies if d.is_open]

    @cached_property
    def suppressed(self) -> list[Figure]:
        """Figures that disclosure control withholds."""
        return [figure for figure in self.figures if figure.suppressed]

    @cached_property
    def unknown_figures(self) -> list[tuple[Narrative, str]]:
        """Figures that narratives name and no module gives."""
        return [
            (row, key)
            for row in self.narratives.values()
            for key in narrative.figure_keys(row.text)
            if not is_known(key)
        ]

    @property
    def obstacles(self) -> list[str]:
        """Why the report cannot be issued, in words; empty if it can."""
        found = []
        if count := len(self.open_discrepancies):
            found.append(_many(count, "discrepancy is", "discrepancies are", "not settled"))
        if count := len(self.typed):
            found.append(
                _many(count, "number typed by hand is", "numbers typed by hand are", "not confirmed")
            )
        if self.unknown_figures:
            places = ", ".join(sorted({row.title for row, _ in self.unknown_figures}))
            words = _many(
                len(self.unknown_figures),
                "figure named in the narrative does",
                "figures named in the narrative do",
                "not exist",
            )
            found.append(f"{words} ({places})")
        if count := len(self.suppressed):
            found.append(_many(count, "figure is", "figures are", "withheld by disclosure control"))
        missing = [c for c in self.coverage if c.standing is checks.Standing.MISSING]
        if missing:
            words = _many(len(missing), "statutory item is", "statutory items are", "missing")
            found.append(f"{words}: write to what is missing, or say why it does not apply")
        return found


def _many(count: int, one: str, several: str, what: str) -> str:
    return f"{count} {one if count == 1 else several} {what}"


def is_known(key: str) -> bool:
    """Whether a module gives a figure of this key."""
    try:
        reporting.split_key(key)
    except reporting.UnknownFigure:
        return False
    return True


def assemble(report: Report, reader: Actor) -> Assembled:
    """Read everything the report of one year is made of."""
    with reporting.reading():
        return _assemble(report, reader)


def _assemble(report: Report, reader: Actor) -> Assembled:
    period = report.year.period
    narratives = {
        row.section: row for row in Narrative.objects.filter(report=report).prefetch_related("confirmed")
    }
    return Assembled(
        report=report,
        partnership=Partnership.objects.get(pk=report.partnership_id),
        reader=reader,
        sections={s.key: s for s in (c.section(period, reader) for c in contributors.CONTRIBUTORS)},
        narratives=narratives,
        confirmed={
            key: [(c.number, c.context) for c in row.confirmed.all()] for key, row in narratives.items()
        },
        excused={row.item: row.reason for row in report.excused.all()},
        discrepancies=reporting_queries.discrepancies(reader, report.year),
    )


@dataclass(frozen=True)
class Readiness:
    """How ready a report is, as pages show it: everything but its prose."""

    coverage: tuple[checks.Coverage, ...]
    obstacles: tuple[str, ...]
    open_discrepancies: int
    typed: dict[str, int]
    """Unconfirmed typed numbers by section."""
    written: dict[str, tuple[str, int]]
    """Heading and number of words by section."""


def readiness(report: Report, reader: Actor) -> Readiness:
    """How ready a report is; kept until the next event of the partnership."""

    def work_out() -> Readiness:
        found = assemble(report, reader)
        typed: dict[str, int] = {}
        for row, _ in found.typed:
            typed[row.section] = typed.get(row.section, 0) + 1
        written = {key: (row.title, len(row.text.split())) for key, row in found.narratives.items()}
        return Readiness(
            tuple(found.coverage), tuple(found.obstacles), len(found.open_discrepancies), typed, written
        )

    return history.derived(f"readiness:{report.pk}", reader, history.head(report.partnership_id), work_out)


def reports(actor: Actor) -> QuerySet[Report]:
    """The reports the actor may see, the latest year first."""
    return Report.objects.visible_to(actor).select_related("year").defer("frozen")


def published(partnership_id: object) -> QuerySet[Report]:
    """Published reports of a partnership, the latest first."""
    return Report.objects.filter(partnership_id=partnership_id, status=Status.PUBLISHED).select_related(
        "year", "partnership"
    )


def last_build(report: Report) -> Build | None:
    """The newest build of a report."""
    return Build.objects.filter(report=report).order_by("-asked_at").first()
