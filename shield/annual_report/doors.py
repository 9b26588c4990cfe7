"""What pages elsewhere may ask of the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shield.annual_report import permissions, queries
from shield.annual_report.models import Status
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Moment, PersonalData, WorkItem


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who write it: the report that is still a draft after its year has ended."""
    if not actor.may(permissions.WRITE):
        return
    for report in queries.reports(actor).filter(status=Status.DRAFT, year__ends_on__lt=today):
        yield WorkItem(f"{report.title}: finish and issue", report.kind, report.pk, "Yearly report")


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """When reports were published."""
    for report in queries.reports(actor).filter(published_on__range=(starts_on, ends_on)):
        yield Moment(report.title, "Deadlines", report.published_on or starts_on, None, report.ref, "done")


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """What a person wrote for the report or stands by in it, and where it names them."""
    yield from records.told_of(person, actor, *records.kinds_of("annual_report"), where="Yearly report")
