"""What pages elsewhere may ask of this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Moment, Panel, PanelItem, PersonalData, Place, RecordRef, WorkItem
from shield.kernel.retention import permissions, queries
from shield.kernel.retention.models import Disposal, KeptLonger, LegalHold, OwnPeriod, SubjectRequest
from shield.kernel.retention.rules.disposing import DisposalStatus
from shield.kernel.retention.rules.requests import RequestStatus

OPEN = (RequestStatus.GATHERING, RequestStatus.REVIEW, RequestStatus.LOOK)


def places(actor: Actor) -> Iterator[Place]:
    """On the partnership's page: the way to everything here."""
    if actor.may(permissions.VIEW):
        yield Place("Retention, legal holds and subject access", "retention")


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On any record: that it is held, since when and why."""
    if not actor.may(permissions.VIEW):
        return
    found = queries.held_record(ref, actor.partnership_id)
    if found:
        items = tuple(PanelItem(queries.words(hold), hold.ref, hold.reference, "attention") for hold in found)
        yield Panel("Legal hold", items)


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Disposals that wait for a second person; requests that wait for their answer."""
    if actor.may(permissions.CONFIRM):
        waiting = Disposal.objects.visible_to(actor).filter(status=DisposalStatus.PROPOSED)
        for row in waiting.exclude(proposed_by_id=actor.person_id)[:20]:
            title = f"Disposal {row.reference}: {row.count} records"
            yield WorkItem(title, row.kind, row.pk, "Disposal to confirm")
    if actor.may(permissions.ANSWER):
        for request in SubjectRequest.objects.visible_to(actor).filter(status__in=OPEN)[:20]:
            title = f"Subject access request {request.reference}"
            late = request.due_on < today
            yield WorkItem(
                title, request.kind, request.pk, "Subject access", request.due_on, late, request.owner_name
            )


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """The days by which requests are to be answered."""
    rows = SubjectRequest.objects.visible_to(actor).filter(due_on__range=(starts_on, ends_on))
    for row in rows:
        tone = "planned" if row.status in OPEN else "done"
        yield Moment(f"Subject access request {row.reference}", "Deadlines", row.due_on, None, row.ref, tone)


def handing_over(person: Person, actor: Actor) -> Iterator[Panel]:
    """The requests that a manager who leaves has not answered; another manager takes each over on its page."""
    rows = SubjectRequest.objects.visible_to(actor).filter(owner_id=person.pk, status__in=OPEN)
    items = tuple(PanelItem(f"{row.label} {row.reference}", row.ref) for row in rows)
    if items:
        yield Panel("Subject access requests they answer", items)


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """What a person set, held, proposed or confirmed here, and their earlier requests."""
    yield from records.told_of(person, actor, OwnPeriod, LegalHold, KeptLonger, Disposal, where="Retention")
    earlier = SubjectRequest.objects.filter(partnership_id=actor.partnership_id, person=person).exclude(
        status__in=OPEN
    )
    for row in earlier.order_by("reference"):
        text = f"Request {row.reference}, received on {in_words(row.received_on)}: {row.get_status_display().lower()}"
        yield PersonalData("Retention: earlier request", "about you", text, row.ref, row.received_on)
