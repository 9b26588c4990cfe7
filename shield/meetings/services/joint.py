"""Joint bodies: a partnership asks another to take part, which answers for itself; each side may end it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership, Person
from shield.kernel.files.models import StoredFile
from shield.kernel.history import services as history
from shield.kernel.history.events import EventKind
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import Refused, check_reason
from shield.meetings import events, permissions, queries, rules
from shield.meetings.models import Body, BodyMember, JointPart, Paper


@transaction.atomic
def ask_to_take_part(
    *, body: Body, participant: Partnership, shares_from: date, by: Actor, today: date, message: str = ""
) -> JointPart:
    """Ask another partnership of this installation to take part in a body; nothing of it is shown before it says yes."""
    access.require(by, permissions.EDIT_BODY)
    row: Body = Body.objects.locked(body.pk, by=by)
    if row.outside or (row.ended_on and row.ended_on <= today):
        raise Refused("Only a body of this partnership that has not ended can be made joint.")
    if not queries.askable(row).filter(pk=participant.pk).exists():
        raise Refused(
            f"{participant.short_name} is asked already or takes part already."
            if participant.pk != by.partnership_id
            else "A body is made joint with another partnership.",
            "participant",
        )
    part = JointPart.new(
        by, body=row, participant=participant, shares_from=shares_from, message=message, asked_on=today
    ).store()
    _tell(events.PART_ASKED, part, by)
    return part


@transaction.atomic
def answer_part(
    *,
    part: JointPart,
    takes_part: bool,
    answer: str,
    by: Actor,
    today: date,
    expected_version: int | None = None,
) -> JointPart:
    """Say for the partnership that was asked whether it takes part; no needs a reason."""
    row = _of_participant(part, by, expected_version)
    if row.status != rules.PartStatus.ASKED:
        raise Refused(f"This is answered already: {row.get_status_display().lower()}.")
    if not takes_part and not answer.strip():
        raise Refused("Say why, so that the host can tell its body.", "answer")
    row.status = rules.PartStatus.TAKING_PART if takes_part else rules.PartStatus.DECLINED
    row.answer, row.answered_on = answer, today
    row.store()
    _tell(events.PART_ANSWERED, row, by, answer="yes" if takes_part else "no")
    return row


@transaction.atomic
def end_part(*, part: JointPart, reason: str, by: Actor, today: date) -> JointPart:
    """End a part today, from either side, with the seats held under it; a question not answered yet is taken back.

    What was shared until then stays readable to the participant, since it has decided and acted upon it.
    """
    access.require(by, permissions.EDIT_BODY)
    row: JointPart = JointPart.objects.locked(part.pk, by=by)
    asked = row.status == rules.PartStatus.ASKED
    if not row.is_open or (asked and queries.is_guest(row, by)):
        raise Refused("This part is not under way, so there is nothing to end.")
    check_reason(reason, what="Say in a sentence why it ends.")
    row.status = rules.PartStatus.TAKEN_BACK if asked else rules.PartStatus.ENDED
    row.ended_on, row.end_reason = today, reason
    row.store()
    for seat in queries.seats_for(row):
        _unseat(seat, today)
    _tell(events.PART_ENDED, row, by, reason=reason)
    return row


@transaction.atomic
def seat_people(*, part: JointPart, people: Iterable[Person], by: Actor, today: date) -> JointPart:
    """Say who sits on the body for the participant: whoever is new takes a seat today, whoever is not named gives it up."""
    row = _of_participant(part, by)
    if row.status != rules.PartStatus.TAKING_PART:
        raise Refused("Your partnership does not take part in this body.")
    chosen = {person.pk: person for person in people}
    if not all(accounts.is_here(person, by, today) for person in chosen.values()):
        raise Refused("Choose people of your own partnership.", "people")
    seated = {seat.person_id: seat for seat in queries.seats_for(row)}
    for pk, seat in seated.items():
        if pk not in chosen:
            _unseat(seat, today)
    for pk, person in chosen.items():
        if pk not in seated:
            BodyMember(
                partnership_id=row.partnership_id,
                reference=next_reference(row.partnership_id, BodyMember.reference_prefix),
                body=row.body,
                part=row,
                person=person,
                starts_on=today,
            ).store()
    names = ", ".join(sorted(person.name for person in chosen.values())) or "nobody"
    _tell(events.PART_SEATED, row, by, people=names)
    return row


@transaction.atomic
def note_paper_opened(*, part: JointPart, paper: Paper, file: StoredFile, by: Actor) -> StoredFile:
    """Both partnerships' histories say who opened a paper of a joint body from the other side."""
    access.require(by, permissions.VIEW)
    _tell(events.PART_READ, part, by, paper=paper.reference)
    return file


def _unseat(seat: BodyMember, today: date) -> None:
    seat.ends_on = today
    seat.store()


def _of_participant(part: JointPart, by: Actor, expected_version: int | None = None) -> JointPart:
    """The part for a change that only the participant may make."""
    access.require(by, permissions.EDIT_BODY)
    row: JointPart = JointPart.objects.locked(part.pk, expected_version, by=by)
    if why := queries.why_not_answer(row, by):
        raise access.Forbidden(why)
    return row


def _tell(event: EventKind, part: JointPart, by: Actor, **details: object) -> None:
    """Into the chains of both partnerships, always in the same order so that no two acts wait for each other."""
    said = {"participant": part.participant.short_name, "body": part.body.name, **details}
    for partnership_id in sorted({part.partnership_id, part.participant_id}):
        history.record(event, on=part.ref, by=by, details=said, partnership_id=partnership_id)
