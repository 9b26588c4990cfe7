"""Setting up bodies, their terms and their members."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings import events, permissions, rules
from shield.meetings.models import Body, BodyChange, BodyMember, TermsOfReference


@transaction.atomic
def add_body(*, name: str, sort: str, by: Actor, quorum: Iterable[Agency] = (), **values: Any) -> Body:
    """Set up a body."""
    access.require(by, permissions.EDIT_BODY)
    rules.check_life(established_on=values.get("established_on"), ended_on=values.get("ended_on"))
    body = Body.new(by, name=name, sort=sort, **values).store()
    body.link("quorum", quorum)
    history.record(events.BODY_ADDED, on=body.ref, by=by)
    return body


@transaction.atomic
def change_body(
    *, body: Body, changes: dict[str, Any], by: Actor, today: date, expected_version: int,
    quorum: Iterable[Agency] | None = None,
) -> Body:  # fmt: skip
    """Change a body; a new name keeps the old one on record."""
    access.require(by, permissions.EDIT_BODY)
    row: Body = Body.objects.locked(body.pk, expected_version, by=by)
    former = row.name
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name, value in changes.items():
        setattr(row, name, value)
    rules.check_life(established_on=row.established_on, ended_on=row.ended_on)
    _refuse_circle(row)
    row.store()
    if quorum is not None:
        row.link("quorum", quorum)
    if row.name != former:
        BodyChange.new(by, body=row, sort=rules.ChangeKind.RENAMED, happened_on=today, former_name=former,
            text=f"Renamed from {former}.",
        ).store()  # fmt: skip
    words = ", ".join(rules.BODY_WORDS.get(name, name) for name in changed) or "membership of the quorum"
    history.record(events.BODY_CHANGED, on=row.ref, by=by, details={"change": words})
    return row


def _refuse_circle(body: Body) -> None:
    """No body is, through however many others, part of itself or its own predecessor."""
    for name, said in (("parent", "part of"), ("predecessor", "the predecessor of")):
        above, seen = getattr(body, name), {body.pk}
        while above is not None:
            if above.pk in seen:
                raise Refused(f"A body cannot be {said} itself, not through another either.", name)
            seen.add(above.pk)
            above = getattr(above, name)


@transaction.atomic
def note_body_change(*, body: Body, sort: str, by: Actor, **values: Any) -> BodyChange:
    """Note what happened to a body: renamed, revised terms, joint footing."""
    access.require(by, permissions.EDIT_BODY)
    change = BodyChange.new(by, body=body, sort=sort, **values).store()
    history.record(
        events.BODY_CHANGED, on=body.ref, by=by, details={"change": rules.ChangeKind(sort).label.lower()}
    )
    return change


@transaction.atomic
def agree_terms(
    *,
    body: Body,
    summary: str,
    by: Actor,
    agreed_on: date | None = None,
    precision: str = "day",
    agreed_by: Body | None = None,
    text: str = "",
) -> TermsOfReference:
    """Add the next version of a body's terms of reference; earlier versions stay."""
    access.require(by, permissions.EDIT_BODY)
    number = TermsOfReference.objects.filter(body=body).count() + 1
    terms = TermsOfReference.new(
        by,
        body=body,
        number=number,
        summary=summary,
        text=text,
        agreed_on=agreed_on,
        precision=precision,
        agreed_by=agreed_by,
    ).store()
    history.record(events.TERMS_AGREED, on=body.ref, by=by, details={"version": number})
    return terms


@transaction.atomic
def add_member(
    *,
    body: Body,
    role: str,
    by: Actor,
    agency: Agency | None = None,
    office: Office | None = None,
    person: Person | None = None,
    starts_on: date | None = None,
    stands_in_for: BodyMember | None = None,
) -> BodyMember:
    """Seat an agency, an office or a person on a body, in their own right or as a substitute."""
    access.require(by, permissions.EDIT_BODY)
    if not (agency or office or person):
        raise Refused("Choose an agency, an office or a person.", "agency")
    if stands_in_for is not None and stands_in_for.body_id != body.pk:
        raise Refused("A substitute stands in for a member of the same body.", "stands_in_for")
    member = BodyMember.new(
        by,
        body=body,
        role=role,
        agency=agency,
        office=office,
        person=person,
        starts_on=starts_on,
        stands_in_for=stands_in_for,
    ).store()
    history.record(events.MEMBER_ADDED, on=body.ref, by=by, details={"member": member.heading})
    return member


@transaction.atomic
def end_member(*, member: BodyMember, by: Actor, today: date) -> BodyMember:
    """End a membership today; who sat on the body when stays on record."""
    access.require(by, permissions.EDIT_BODY)
    row: BodyMember = BodyMember.objects.locked(member.pk, by=by)
    if row.ends_on is not None:
        raise Refused(f"The membership of {row.heading} has ended already.")
    if row.starts_on is not None and row.starts_on > today:
        raise Refused(f"The membership of {row.heading} has not begun yet.")
    row.ends_on = today
    row.store()
    history.record(events.MEMBER_ENDED, on=row.body.ref, by=by, details={"member": row.heading})
    return row
