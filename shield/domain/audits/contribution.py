"""What audits give to the report: the table of auditing activity of the year, and its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from shield.domain.audits import queries, rules
from shield.domain.audits.models import Audit
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.calendar.rules import in_words_to, last_day_of
from shield.kernel.documents.rules import blocks as b
from shield.kernel.records.rules import RecordRef
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Gap, Period, Proof, Section

MULTI = frozenset({rules.Kind.MULTI_AGENCY})


@reporting.once
def _standing(period: Period, reader: Actor) -> list[Any]:
    """The audits that were not stopped and belong to the year by any of their days, in order of time."""
    rows = queries.told_of(reader).exclude(status=rules.Status.STOPPED)
    return [a for a in rows if period.holds(a.starts_on) or period.holds(a.done_on)][::-1]


def _audits(period: Period, reader: Actor) -> list[Any]:
    """The audits that were done in the year: they came before the panel in it, or ended in it if recorded afterwards."""
    return [a for a in _standing(period, reader) if period.holds(a.done_on)]


def _not_done(period: Period, reader: Actor) -> list[Any]:
    """The audits that began in the year, or were to begin, and were not done by its end."""
    rows = [a for a in _standing(period, reader) if period.holds(a.starts_on)]
    return [a for a in rows if a.done_on is None or a.done_on > period.ends_on]


def _chosen(period: Period, reader: Actor, argument: str) -> list[Any]:
    """The multi-agency audits of the year, of `priority-2` if one is named."""
    found = re.fullmatch(r"priority-(\d{1,3})", argument)
    number = int(found.group(1)) if found else None
    return [
        a for a in _audits(period, reader)
        if a.sort in MULTI and (number is None or (a.priority and a.priority.number == number))
    ]  # fmt: skip


def _sum(rows: Iterable[Audit], numbers: Iterable[int | None]) -> Counted:
    refs: list[RecordRef] = []
    total: int | None = None
    for row, number in zip(rows, numbers, strict=True):
        if number is not None:
            total = (total or 0) + number
            refs.append(row.ref)
    return Counted(total, tuple(refs))


@reporting.figure(
    "audits.done", label="Audits", unit="audits", about=About.EVENTS,
    definition=(
        "Audits of every kind that were done in the reporting year: that came before the panel in it, or ended in it "
        "where they were recorded afterwards."
    ),
)  # fmt: skip
def done(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the audits of the year."""
    rows = _audits(period, reader)
    return Counted(len(rows), tuple(a.ref for a in rows))


@reporting.figure(
    "audits.cases", label="Records considered in multi-agency audits", unit="records", about=About.RECORDS,
    definition=(
        "Records that the panels chose and at least one agency answered on. The choice says nothing of how many children "
        "there are, so it is not suppressed."
    ),
)  # fmt: skip
def cases(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the records considered, for one priority if one is named."""
    rows = _chosen(period, reader, argument)
    return _sum(rows, [queries.considered(a)[0] for a in rows])


@reporting.figure(
    "audits.deep_dive", label="Records looked at in depth", unit="records", about=About.RECORDS,
    definition="Of the records considered in multi-agency audits, those given a deep dive.",
)  # fmt: skip
def deep_dive(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the deep dives."""
    rows = _chosen(period, reader, argument)
    return _sum(rows, [queries.considered(a)[1] for a in rows])


@reporting.figure(
    "audits.sampling_frame", label="Sampling frame of multi-agency audits", unit="records", about=About.RECORDS,
    definition="How many there were to choose from, where the audit's record says so.",
)  # fmt: skip
def sampling_frame(period: Period, reader: Actor, argument: str) -> Counted:
    """Count what there was to choose from."""
    rows = _chosen(period, reader, argument)
    return _sum(rows, [a.frame_size for a in rows])


@reporting.figure(
    "audits.practitioners", label="Practitioners in reflective discussions", unit="people", about=About.PEOPLE,
    definition="People who took part in the reflective discussions of multi-agency audits, added up over discussions.",
)  # fmt: skip
def practitioners(period: Period, reader: Actor, argument: str) -> Counted:
    """Add up the practitioners of the discussions."""
    rows = _chosen(period, reader, argument)
    return _sum(rows, [_people(a) for a in rows])


def _people(audit: Audit) -> int | None:
    given = [d.practitioners for d in audit.discussions.all() if d.practitioners is not None]
    return sum(given) if given else None


@reporting.figure(
    "audits.audit_team_agencies", label="Agencies in the audit team", unit="agencies", about=About.ORGANISATIONS,
    definition="Different agencies that audited records in multi-agency audits.",
)  # fmt: skip
def audit_team_agencies(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the agencies in the audit teams, each once."""
    rows = [a for a in _chosen(period, reader, argument) if _team(a)]
    names = {name for a in rows for name in _team(a)}
    return Counted(len(names) if rows else None, tuple(a.ref for a in rows))


@reporting.figure(
    "audits.discussion_agencies", label="Agencies in reflective discussions", unit="agencies", about=About.ORGANISATIONS,
    definition="Different agencies whose practitioners took part in the reflective discussions of multi-agency audits.",
)  # fmt: skip
def discussion_agencies(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the agencies in the discussions, each once."""
    rows = [a for a in _chosen(period, reader, argument) if _discussed_by(a)]
    names = {name for a in rows for name in _discussed_by(a)}
    return Counted(len(names) if rows else None, tuple(a.ref for a in rows))


def _names(agencies: Iterable[Agency], outside: Iterable[str]) -> list[str]:
    return sorted({*(agency.name for agency in agencies), *outside})


def _team(audit: Audit) -> list[str]:
    return _names(audit.team.all(), audit.team_outside)


def _discussed_by(audit: Audit) -> list[str]:
    every = audit.discussions.all()
    return _names(
        (a for d in every for a in d.agencies.all()), (o for d in every for o in d.agencies_outside)
    )


# The section ------------------------------------------------------------------------------------------


def section(period: Period, reader: Actor) -> Section:
    """The year's audits: figures, what shows that audits were done, and audits without findings."""
    keys = ("audits.done", "audits.cases", "audits.practitioners")
    rows = _audits(period, reader)
    late = {a.pk for a in queries.without_findings(reader)}
    return Section(
        "audits",
        "Audits",
        figures=tuple(reporting.compute(key, period, reader) for key in keys),
        proofs=tuple(Proof("done", f"{a.title} was done", a.ref) for a in rows),
        gaps=tuple(
            Gap(f"Audit without findings: {a.title}", a.ref, "Whoever runs the audit", "audit_without_findings",
                a.priority.short if a.priority else "")
            for a in rows if a.pk in late
        ),
        groups=(
            Section("year", "Auditing activity", content=lambda: _year(period, reader)),
        ),
    )  # fmt: skip


def _year(period: Period, reader: Actor) -> tuple[b.Block, ...]:
    """What was audited in the year, and what was still under way at its end."""
    made = activity(_audits(period, reader))
    if going_on := _not_done(period, reader):
        lines = b.items(*(f"{a.title}, from {in_words_to(a.starts_on, a.precision)}" for a in going_on))
        said = "Not done by the end of the year. Each counts in the year in which it comes before the panel:"
        made += (b.Paragraph(b.runs(said)), b.Bullets(lines))
    return made


def activity(rows: list[Any]) -> tuple[b.Block, ...]:
    """The table of auditing activity: multi-agency audits with their discussions, then all others."""
    if not rows:
        return (b.Paragraph(b.runs("No audit of this year is on record.")),)
    made: list[b.Block] = []
    if multi := [a for a in rows if a.sort in MULTI]:
        made.append(_multi_agency(multi))
    if others := [a for a in rows if a.sort not in MULTI]:
        made.append(_others(others))
    return tuple(made)


def _multi_agency(rows: list[Any]) -> b.Table:
    columns = (
        b.Column("Priority", share=1.1),
        b.Column("Auditing activity", share=3.4, row_header=True),
        b.Column("Records considered", share=1.7),
        b.Column("Agencies in the audit team", share=2.4),
        b.Column("Practitioners in reflective discussions", share=1.5, align="right"),
        b.Column("Agencies in reflective discussions", share=2.4),
    )
    cells = tuple(
        b.row(
            a.priority.short if a.priority else "None", told(a), looked_at(a), team_in_words(a),
            people_in_words(a), "; ".join(_discussed_by(a)) or _none(a),
        )
        for a in rows
    )  # fmt: skip
    return b.Table("Multi-agency auditing of the year", columns, cells)


def _others(rows: list[Any]) -> b.Table:
    columns = (
        b.Column("Kind", share=1.5),
        b.Column("Auditing activity", share=3.6, row_header=True),
        b.Column("When", share=1.4),
        b.Column("Records considered", share=1.7),
        b.Column("Led by", share=2.2),
    )
    cells = tuple(
        b.row(a.get_sort_display(), told(a), when(a), looked_at(a), leads(a) or "Not recorded") for a in rows
    )
    return b.Table("Single-agency audits, dip samples and practice weeks of the year", columns, cells)


def told(audit: Audit) -> str:
    """What was audited, and out of what: the frame in words, how many there were to choose from, and of what time."""
    many = f"{audit.frame_size:,} to choose from" if audit.frame_size is not None else ""
    of = ", ".join(text for text in (many, frame_span(audit)) if text)
    return ". ".join(text.strip().rstrip(".") for text in (audit.title, audit.frame, of) if text.strip())


def frame_span(audit: Audit) -> str:
    """The time that the frame covers: in months where it covers whole ones."""
    first, last = audit.frame_from, audit.frame_to
    whole = (first is None or first.day == 1) and (last is None or last == last_day_of(last, "month"))
    precision = "month" if whole else "day"
    made = dict.fromkeys(in_words_to(day, precision) for day in (first, last) if day)
    return " to ".join(made)


def when(audit: Audit) -> str:
    """The day, the days or the month of an audit."""
    first = in_words_to(audit.starts_on, audit.precision)
    last = in_words_to(audit.ends_on, audit.precision) if audit.ends_on else first
    return first if first == last else f"{first} to {last}"


def leads(audit: Audit) -> str:
    """Who led an audit."""
    return "; ".join(_names(audit.led_by.all(), [audit.led_by_outside] if audit.led_by_outside else []))


def looked_at(audit: Any) -> str:
    """How many records were looked at, how closely, with a note."""
    total, deep = queries.considered(audit)
    if total is None:
        return audit.considered_note or "Not recorded"
    words = audit.units(total)
    if deep:
        closely = "as a deep dive" if deep == 1 else "as deep dives"
        words += f", {closely}" if deep == total else f", {deep} of them {closely}"
    return f"{words} ({audit.considered_note})" if audit.considered_note else words


def team_in_words(audit: Audit) -> str:
    """The agencies of the audit team, with a note."""
    return ". ".join(part for part in ("; ".join(_team(audit)), audit.team_note) if part) or "Not recorded"


def people_in_words(audit: Audit) -> str:
    """How many practitioners took part in reflective discussions."""
    many = _people(audit)
    return _none(audit) if many is None else f"{many:,}"


def _none(audit: Audit) -> str:
    return "Not recorded" if audit.discussions.all() else "None held"
