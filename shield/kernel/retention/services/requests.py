"""Requests for one's own data: opened, gathered, reviewed item by item, closed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.records import queries as records
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import PersonalData, Refused, check_reason
from shield.kernel.retention import events, permissions, queries
from shield.kernel.retention.models import SubjectItem, SubjectRequest, ThirdParty
from shield.kernel.retention.rules import requests as rules
from shield.kernel.retention.rules.mentions import Finder
from shield.kernel.retention.rules.requests import Decision, RequestStatus
from shield.kernel.retention.services.erasing import erase

JOB = "retention.gather"
OWNERS_ONLY = (
    "Only the manager who answers this request sees what was gathered. You can take the request over."
)


def require_owner(*, row: SubjectRequest, by: Actor) -> None:
    """Refuse everybody but the manager who answers the request."""
    access.require(by, permissions.ANSWER)
    if by.person_id is None or row.owner_id != by.person_id:
        raise access.Forbidden(OWNERS_ONLY)


def locked(*, row: SubjectRequest, by: Actor, expected_version: int | None) -> SubjectRequest:
    """The request re-read for a change by its owner."""
    again: SubjectRequest = SubjectRequest.objects.locked(row.pk, expected_version, by=by)
    require_owner(row=again, by=by)
    return again


@transaction.atomic
def open_request(
    *, person: Person, received_on: date, by: Actor, today: date, their_reference: str = ""
) -> SubjectRequest:  # fmt: skip
    """Note that a person asks what is kept about them; the clock runs from the day it was received, the worker gathers."""
    access.require(by, permissions.ANSWER)
    if by.person_id is None:
        raise Refused("A request is answered by a person.")
    rules.check_received(received_on, today)
    if person.pk == by.person_id:
        raise Refused("Nobody answers their own request; another manager does.", "person")
    if not Person.objects.visible_to(by).filter(pk=person.pk).exists():
        raise Refused("This person cannot be found.", "person")
    row: SubjectRequest = SubjectRequest(
        partnership_id=by.partnership_id, reference=next_reference(by.partnership_id, SubjectRequest.reference_prefix),
        person=person, received_on=received_on, their_reference=their_reference,
        due_on=rules.answer_by(received_on, 0, clocks.working_calendar()), owner_id=by.person_id, owner_name=by.person_name,
    ).store()  # fmt: skip
    jobs.enqueue(JOB, request_id=str(row.pk))
    history.record(events.REQUEST_OPENED, on=row.ref, by=by, details={"due": in_words(row.due_on)})
    return row


@transaction.atomic
def extend_request(
    *, request: SubjectRequest, extra_months: int, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """Extend the time by one or two months because the request is complex, once, and told within the first month."""
    check_reason(reason)
    row = locked(row=request, by=by, expected_version=expected_version)
    if not rules.is_open(row.status):
        raise Refused("This request is answered or closed.")
    rules.check_extension(extra_months, row.due_on, today, already=row.extra_months)
    row.extra_months, row.extra_why = extra_months, reason
    row.due_on = rules.answer_by(row.received_on, extra_months, clocks.working_calendar())
    row.store()
    details = {"due": in_words(row.due_on), "reason": reason}
    history.record(events.REQUEST_EXTENDED, on=row.ref, by=by, details=details)
    return row


@transaction.atomic
def take_over_request(
    *, request: SubjectRequest, reason: str, by: Actor, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """Another manager answers the request from now on, with the reason."""
    access.require(by, permissions.ANSWER)
    check_reason(reason)
    row: SubjectRequest = SubjectRequest.objects.locked(request.pk, expected_version, by=by)
    if by.person_id is None or by.person_id in (row.owner_id, row.person_id):
        raise Refused(
            "You answer this request already."
            if by.person_id == row.owner_id
            else "Nobody answers their own request."
        )
    row.owner_id, row.owner_name = by.person_id, by.person_name
    row.store()
    history.record(events.REQUEST_TAKEN_OVER, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def gather(*, request_id: uuid.UUID, by: Actor, now: datetime) -> int:
    """Gather what every module keeps about the person, and mark the other people in it; returns how many items.

    One transaction: the request is gathered or it is not. The system gathers, since the law asks for everything; what comes of
    it is for the one manager who answers.
    """
    row: SubjectRequest = SubjectRequest.objects.select_for_update().get(
        pk=request_id, partnership_id=by.partnership_id
    )
    if row.status != RequestStatus.GATHERING:
        return 0
    finder = Finder(queries.known_names(row.partnership_id), row.person.name)
    own = _own_addresses(row.person)
    items, third = [], []
    for number, found in enumerate(records.subject_access(row.person, by), start=1):
        item = _item(row, number, found)
        for mention in finder.find(found.text, own=own):
            party = ThirdParty(
                partnership_id=row.partnership_id,
                item=item,
                spans=[list(s) for s in mention.spans],
                version=1,
            )
            party.name = mention.name
            third.append(party)
            item.marked, item.decision = True, Decision.OPEN
        items.append(item)
    SubjectItem.objects.bulk_create(items, batch_size=200)
    ThirdParty.objects.bulk_create(third, batch_size=200)
    row.status, row.gathered_at = RequestStatus.REVIEW, now
    row.store()
    history.record(events.REQUEST_GATHERED, on=row.ref, by=by, details={"count": len(items)})
    return len(items)


def _own_addresses(person: Person) -> list[str]:
    user = getattr(person, "user", None)
    return [user.email] if user else []


def _item(row: SubjectRequest, number: int, found: PersonalData) -> SubjectItem:
    item = SubjectItem(
        partnership_id=row.partnership_id, request=row, number=number, where=found.where[:200], relation=found.relation[:60],
        record_kind=found.ref.kind if found.ref else "", record_id=found.ref.id if found.ref else None, since=found.since,
        decision=Decision.DISCLOSE, version=1,
    )  # fmt: skip
    item.text = found.text
    return item


@transaction.atomic
def gather_again(
    *, request: SubjectRequest, by: Actor, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """Throw away what was gathered and decided so far, and gather anew: more has come to light."""
    row = locked(row=request, by=by, expected_version=expected_version)
    rules.check_move(row.status, RequestStatus.GATHERING)
    # Working copies of what is kept elsewhere, for an answer that was not given: no review of their own.
    for model, of in ((ThirdParty, {"item__request": row}), (SubjectItem, {"request": row})):
        rows: QuerySet[Any] = QuerySet(model=model).filter(**of)
        erase(model=model, ids=list(rows.values_list("pk", flat=True)))
    row.status = RequestStatus.GATHERING
    row.store()
    jobs.enqueue(JOB, request_id=str(row.pk))
    history.record(events.REQUEST_GATHER_AGAIN, on=row.ref, by=by)
    return row


@transaction.atomic
def review_item(
    *, item: SubjectItem, decision: str, choices: Mapping[uuid.UUID, tuple[str, str]], by: Actor, exemption: str = "",
    reason: str = "", expected_version: int | None = None,
) -> SubjectItem:  # fmt: skip
    """Decide on one item: disclose it, each other person in it disclosed or redacted with a reason, or withhold it."""
    row: SubjectItem = (
        QuerySet(model=SubjectItem).select_for_update().get(pk=item.pk, partnership_id=by.partnership_id)
    )
    request = locked(row=row.request, by=by, expected_version=None)
    if expected_version is not None and row.version != expected_version:
        raise Refused("This item was decided in another window meanwhile. Look at it again.")
    if request.status != RequestStatus.REVIEW:
        raise Refused("This request is not in review.")
    if decision not in (Decision.DISCLOSE, Decision.WITHHOLD):
        raise Refused("Choose whether the item is disclosed or withheld.", "decision")
    rules.check_withheld(decision, exemption, reason)
    row.decision, row.exemption, row.reason = (
        decision,
        exemption if decision == Decision.WITHHOLD else "",
        reason,
    )
    for party in row.third_parties.all():
        _decide(party, decision, choices.get(party.pk, ("", "")))
    row.store()
    words = Decision(decision).label.lower()
    history.record(
        events.ITEM_REVIEWED, on=request.ref, by=by, details={"number": row.number, "decision": words}
    )
    return row


def _decide(party: ThirdParty, decision: str, choice: tuple[str, str]) -> None:
    wanted, why = choice
    if decision == Decision.WITHHOLD:
        wanted, why = Decision.OPEN, ""  # nothing of the item leaves, so nothing is decided about this person
    elif wanted not in (Decision.DISCLOSE, Decision.REDACT):
        raise Refused("Decide about each other person: disclose or redact.", f"party_{party.pk.hex}")
    elif not why.strip():
        raise Refused("Give the reason: for redacting, or for naming somebody else.", f"why_{party.pk.hex}")
    party.decision, party.reason = wanted, why
    party.store()


@transaction.atomic
def finish_review(
    *, request: SubjectRequest, by: Actor, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """Every marked item is decided: what is left is a second look at the whole as it will leave."""
    row = locked(row=request, by=by, expected_version=expected_version)
    rules.check_move(row.status, RequestStatus.LOOK)
    left = row.items.filter(decision=Decision.OPEN).count()
    if left:
        raise Refused(f"{left} {'item waits' if left == 1 else 'items wait'} for a decision.")
    row.status = RequestStatus.LOOK
    row.store()
    history.record(events.REQUEST_REVIEWED, on=row.ref, by=by)
    return row


@transaction.atomic
def reopen_review(
    *, request: SubjectRequest, reason: str, by: Actor, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """The second look found something: back into review, with the reason."""
    check_reason(reason)
    row = locked(row=request, by=by, expected_version=expected_version)
    if row.status != RequestStatus.LOOK:
        raise Refused("Only a request that waits for its second look goes back into review.")
    row.status = RequestStatus.REVIEW
    row.store()
    history.record(events.REQUEST_REOPENED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def close_request(
    *, request: SubjectRequest, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """Close a request without an answer, with the reason: it was withdrawn, or is refused under article 12(5)."""
    check_reason(reason)
    row = locked(row=request, by=by, expected_version=expected_version)
    rules.check_move(row.status, RequestStatus.CLOSED)
    row.status, row.closed_on, row.closed_why = RequestStatus.CLOSED, today, reason
    row.store()
    history.record(events.REQUEST_CLOSED, on=row.ref, by=by, details={"reason": reason})
    return row
