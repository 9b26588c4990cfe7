"""Opening, writing, building, issuing, publishing and withdrawing the yearly report."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from shield.annual_report import events, issue, narrative, permissions, queries, render
from shield.annual_report.models import (
    Build,
    BuildStatus,
    EarlierIssue,
    ItemExcused,
    Narrative,
    NumberConfirmed,
    Report,
    Status,
)
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar import queries as calendar
from shield.kernel.clocks import queries as clock_queries
from shield.kernel.clocks import services as clocks
from shield.kernel.files import queries as file_queries
from shield.kernel.files import services as files
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import Refused, check_reason
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting import services as reporting_services
from shield.kernel.reporting.models import ReportingYear

PUBLICATION, COPIES = "report.publication", "report.copies"


def _draft(report: Report, by: Actor, expected_version: int | None = None) -> Report:
    row: Report = Report.objects.locked(report.pk, expected_version, by=by)
    if row.status != Status.DRAFT:
        raise Refused("This report is issued and can no longer be changed; withdraw it first.")
    return row


@transaction.atomic
def open_report(*, year: ReportingYear, by: Actor, **values: Any) -> Report:
    """Open the report of a reporting year; its statutory clock starts at the year's end."""
    access.require(by, permissions.WRITE)
    if Report.objects.filter(year=year).exists():
        raise Refused("The report of this year is already open.")
    report = Report(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, Report.reference_prefix),
        year=year,
        title=values.pop("title", "") or f"Annual report {year.name}",
        **values,
    ).store()
    history.record(events.REPORT_OPENED, on=report.ref, by=by)
    if PUBLICATION in clock_queries.edition(year.edition).clocks:
        clocks.start(code=PUBLICATION, edition=year.edition, about=report.ref, on=year.ends_on, by=by)
    return report


@transaction.atomic
def change_report(*, report: Report, changes: dict[str, Any], by: Actor, expected_version: int) -> Report:
    """Change the title, where it will be published, or whether there is a secure establishment."""
    access.require(by, permissions.WRITE)
    row = _draft(report, by, expected_version)
    for name, value in changes.items():
        setattr(row, name, value)
    row.store()
    history.record(events.NARRATIVE_WRITTEN, on=row.ref, by=by, details={"section": "about the report"})
    return row


@transaction.atomic
def write(
    *,
    report: Report,
    section: str,
    title: str,
    text: str,
    by: Actor,
    position: int | None = None,
    expected_version: int | None = None,
) -> Narrative:
    """Write the narrative for one place in the report; figures are named, never typed."""
    access.require(by, permissions.WRITE)
    narrative.check(section, text, queries.is_known)
    row = _draft(report, by)
    found = Narrative.objects.select_for_update().filter(report=row, section=section).first()
    if found is not None and expected_version is not None:
        found = Narrative.objects.locked(found.pk, expected_version, by=by)
    place = found or Narrative(partnership_id=by.partnership_id, report=row, section=section)
    place.title, place.text = title, text
    if position is not None:
        place.position = position
    place.store()
    history.record(events.NARRATIVE_WRITTEN, on=row.ref, by=by, details={"section": title})
    return place


@transaction.atomic
def confirm_number(*, written: Narrative, typed: narrative.Typed, reason: str, by: Actor) -> NumberConfirmed:
    """A person stands by a typed number, with the reason; it holds for these words only."""
    access.require(by, permissions.WRITE)
    _draft(written.report, by)
    check_reason(reason, what="Say in a sentence where this number comes from.")
    if typed not in narrative.typed_in(written.title, written.text):
        raise Refused("This number is no longer in the text.")
    row = NumberConfirmed(
        partnership_id=by.partnership_id, narrative=written, number=typed.number, context=typed.context[:200], reason=reason,
        confirmed_by=by.person_name or "Shield",
    ).store()  # fmt: skip
    details = {"number": typed.number, "section": written.title, "reason": reason}
    history.record(events.NUMBER_CONFIRMED, on=written.report.ref, by=by, details=details)
    return row


@transaction.atomic
def excuse_item(*, report: Report, item: str, reason: str, by: Actor) -> ItemExcused:
    """Say that a statutory item does not apply to this report, and why."""
    access.require(by, permissions.WRITE)
    row = _draft(report, by)
    known = {i.code: i for i in clock_queries.edition(row.year.edition).contents}
    if item not in known:
        raise Refused("The guidance in force has no such item.", "item")
    check_reason(reason, what="Say in a sentence why this does not apply.")
    excused = ItemExcused.objects.filter(report=row, item=item).first() or ItemExcused(
        partnership_id=by.partnership_id, report=row, item=item
    )
    excused.reason, excused.excused_by = reason, by.person_name or "Shield"
    excused.store()
    history.record(
        events.ITEM_EXCUSED, on=row.ref, by=by, details={"item": known[item].text, "reason": reason}
    )
    return excused


@transaction.atomic
def ask_for_build(*, report: Report, by: Actor) -> Build:
    """Ask for the report in all formats; the worker builds it and the page shows how far it is."""
    access.require(by, permissions.BUILD)
    waiting: Build | None = Build.objects.filter(
        report=report, of_digest=issue.digest(report), status__in=[BuildStatus.WAITING, BuildStatus.RUNNING]
    ).first()
    if waiting is not None:
        return waiting
    build = Build(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, Build.reference_prefix),
        report=report,
        of_digest=issue.digest(report),
        asked_by=by.person_name or "Shield",
        asked_by_id=by.person_id,
        asked_at=calendar.now(),
    ).store()
    jobs.enqueue("annual_report.build", build_id=str(build.pk))
    history.record(events.BUILD_ASKED, on=report.ref, by=by)
    return build


def perform_build(*, build_id: uuid.UUID, by: Actor) -> Build:
    """Build all formats and attach them; safe to repeat after a crash, since a finished build is left alone."""
    build: Build = Build.objects.select_related("report", "report__year").get(pk=build_id)
    if build.status == BuildStatus.DONE:
        return build
    try:
        made = render_report(
            report=build.report, reader=by, say=lambda step, percent: _progress(build, step, percent)
        )
    except Exception as problem:
        Build.objects.filter(pk=build.pk).update(
            status=BuildStatus.FAILED, problem=f"{type(problem).__name__}: {problem}"[:500]
        )
        raise
    return _finish(build=build, made=made, by=by)


def _progress(build: Build, step: str, percent: int) -> None:
    Build.objects.filter(pk=build.pk).update(status=BuildStatus.RUNNING, step=step, progress=percent)


@transaction.atomic
def _finish(*, build: Build, made: dict[str, bytes], by: Actor) -> Build:
    row: Build = Build.objects.locked(build.pk, by=by)
    if row.status == BuildStatus.DONE:
        # Two workers took it up after a crash; the files of the first are there.
        return row
    for name, content in made.items():
        if name.endswith((".pdf", ".docx")):
            files.attach(about=row.ref, name=name, content=content, by=by)
        else:
            files.attach_made(about=row.ref, name=name, content=content, by=by)
    row.status, row.progress, row.step, row.finished_at, row.problem = (
        BuildStatus.DONE,
        100,
        "Ready",
        calendar.now(),
        "",
    )
    row.store()
    history.record(events.BUILT, on=row.report.ref, by=by, details={"pages": f"{len(made)} formats"})
    return row


def render_report(
    *, report: Report, reader: Actor, say: render.Say = lambda step, percent: None
) -> dict[str, bytes]:
    """All formats of a report: of a draft from the records as they are, of an issued one as it was frozen."""
    say("Reading the records", 5)
    if report.frozen:
        made, facts = issue.thaw(report)
        return render.render(made, facts, render.at_of(report), say)
    with reporting.reading():
        return render.formats(queries.assemble(report, reader), say)


@transaction.atomic
def issue_report(*, report: Report, by: Actor, today: date, expected_version: int | None = None) -> Report:
    """Issue the report: nothing may be open, and from now on nothing in it changes."""
    access.require(by, permissions.ISSUE)
    row = _draft(report, by, expected_version)
    with reporting.reading():
        assembled = queries.assemble(row, by)
        issue.check_issuable(assembled)
        row.frozen = issue.freeze(assembled, today)
    row.status, row.issued_on = Status.ISSUED, today
    row.store()
    reporting_services.close_year(year=row.year, closed=True, by=by, permission=permissions.ISSUE)
    history.record(events.ISSUED, on=row.ref, by=by, details={"digest": issue.digest(row)})
    return row


@transaction.atomic
def publish(*, report: Report, by: Actor, today: date, expected_version: int | None = None) -> Report:
    """Publish an issued report: its page becomes public, its clock is met, the clock for copies starts."""
    access.require(by, permissions.ISSUE)
    row: Report = Report.objects.locked(report.pk, expected_version, by=by)
    issue.check_move(row.status, Status.PUBLISHED)
    row.status, row.published_on = Status.PUBLISHED, today
    row.store()
    history.record(events.PUBLISHED, on=row.ref, by=by)
    clocks.meet_by_event(about=row.ref, code=PUBLICATION, on=today, by=by, today=today)
    clocks.start(code=COPIES, edition=row.year.edition, about=row.ref, on=today, by=by)
    ask_for_build(report=row, by=by)
    return row


@transaction.atomic
def note_copies_sent(*, report: Report, on: date, by: Actor, today: date) -> Report:
    """Copies went to those the guidance names; meets the clock."""
    access.require(by, permissions.ISSUE)
    if clocks.meet_by_event(about=report.ref, code=COPIES, on=on, by=by, today=today) is None:
        raise Refused("No clock for copies is running for this report.")
    history.record(events.COPIES_SENT, on=report.ref, by=by)
    return report


@transaction.atomic
def withdraw(
    *, report: Report, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> Report:
    """Withdraw an issued or published report, with the reason; the page then says that it was withdrawn and why."""
    access.require(by, permissions.ISSUE)
    check_reason(reason, what="Say in a sentence why the report is withdrawn.")
    row: Report = Report.objects.locked(report.pk, expected_version, by=by)
    issue.check_move(row.status, Status.WITHDRAWN)
    row.status, row.withdrawn_on, row.withdrawn_why = Status.WITHDRAWN, today, reason
    row.store()
    # Nobody sends copies of a report that was withdrawn; a corrected one starts its own clock when it is published.
    clocks.stop_by_event(about=row.ref, code=COPIES, reason=f"The report was withdrawn: {reason}", by=by)
    history.record(events.WITHDRAWN, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def reopen(*, report: Report, by: Actor) -> Report:
    """Make a withdrawn report a draft again; what was issued, and that it was withdrawn, stays on record for ever."""
    access.require(by, permissions.ISSUE)
    row: Report = Report.objects.locked(report.pk, by=by)
    issue.check_move(row.status, Status.DRAFT)
    if row.issued_on is None or row.withdrawn_on is None:
        raise Refused("This report was never issued.")
    EarlierIssue(
        partnership_id=by.partnership_id, report=row, number=row.earlier.count() + 1, frozen=row.frozen,
        digest=issue.digest(row), issued_on=row.issued_on, published_on=row.published_on,
        withdrawn_on=row.withdrawn_on, withdrawn_why=row.withdrawn_why,
    ).store()  # fmt: skip
    reporting_services.close_year(year=row.year, closed=False, by=by, permission=permissions.ISSUE)
    row.status, row.frozen, row.issued_on, row.published_on = Status.DRAFT, "", None, None
    row.withdrawn_on, row.withdrawn_why = None, ""
    row.store()
    history.record(events.REPORT_OPENED, on=row.ref, by=by)
    return row


def published_content(*, report: Report, name: str) -> bytes:
    """One format of a frozen report: from the newest build made since it was issued, else made anew."""
    partnership = Partnership.objects.get(pk=report.partnership_id)
    reader = accounts.system_actor(partnership)
    builds = Build.objects.filter(report=report, status=BuildStatus.DONE, of_digest=issue.digest(report))
    for build in builds.order_by("-asked_at")[:1]:
        for row in file_queries.about(build.pk, reader).filter(name=name):
            return file_queries.path_of(row.sha256).read_bytes()
    return render_report(report=report, reader=reader)[name]
