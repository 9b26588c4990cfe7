"""What agencies are asked, once each, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from shield.domain.reviews import events, permissions, queries, rules
from shield.domain.reviews.models import AgencyReturn, Case
from shield.domain.reviews.services import telling
from shield.domain.reviews.services.frame import own, reach
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.accounts.models import Agency
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks import services as dates
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def ask(
    *,
    case: Case,
    agencies: Sequence[Agency],
    whom: str,
    due_on: date,
    by: Actor,
    today: date,
    question: str = "",
    purpose: str = rules.Purpose.RAPID,
) -> list[AgencyReturn]:
    """Ask agencies what they know, for each review once; one that is asked already is not asked again."""
    row = own(case, by)
    if not whom.strip():
        raise Refused("Say whom it is about, so that agencies find their records.", "whom")
    if due_on < today:
        raise Refused("The day by which agencies answer cannot be in the past.", "answers_due_on")
    standing = {each.agency_id: each for each in AgencyReturn.objects.filter(case=row, purpose=purpose)}
    made = []
    for agency in agencies:
        known = standing.get(agency.pk)
        if known is not None and known.status != rules.ReturnStatus.WITHDRAWN:
            continue
        asked = known or AgencyReturn.new(by, case=row, agency=agency, purpose=purpose)
        asked.asked_on, asked.due_on, asked.whom, asked.question = today, due_on, whom, question
        asked.status = rules.ReturnStatus.ASKED
        made.append(asked.store())
        told = {"agency": agency.called, "due": in_words(due_on)}
        history.record(events.ASKED, on=row.ref, by=by, details=told)
        history.record(events.ASKED, on=asked.ref, by=by, details=told)
        rapid = purpose == rules.Purpose.RAPID
        telling.tell_agency(row=asked, by=by, template=telling.ASKED if rapid else telling.REPORT_ASKED)
    if not made:
        raise Refused("These agencies are asked already.", "agencies")
    if purpose == rules.Purpose.RAPID:
        reach(row, "asked", today, by)
    return made


def _of_agency(row: AgencyReturn, by: Actor, expected_version: int | None) -> AgencyReturn:
    """The return, locked after its case, if it is for the actor's agency to write."""
    access.require(by, permissions.ANSWER)
    Case.objects.locked(row.case_id, by=by)
    found: AgencyReturn = AgencyReturn.objects.locked(row.pk, expected_version, by=by)
    if found.agency_id not in by.agency_ids:
        raise Forbidden("This is for the agency that was asked.")
    if found.status not in rules.WITH_AGENCY:
        raise Refused("This was handed in already. Ask the team of the case to send it back.")
    return found


@transaction.atomic
def draft_return(
    *, answer: AgencyReturn, words: Mapping[str, str], by: Actor, expected_version: int | None = None
) -> AgencyReturn:
    """Keep what the agency has written so far; nobody outside it reads a draft."""
    row = _of_agency(answer, by, expected_version)
    row.words = {part: words.get(part, "") for part in rules.PARTS[row.purpose]}
    row.store()
    history.record(events.DRAFTED, on=row.ref, by=by)
    return row


@transaction.atomic
def hand_in(
    *, answer: AgencyReturn, by: Actor, today: date, signed_off_by: str, nothing_held: bool = False,
    words: Mapping[str, str] | None = None, expected_version: int | None = None,
) -> AgencyReturn:  # fmt: skip
    """Hand in the agency's answer, with who answers for it; or that the agency holds nothing, which is an answer."""
    row = _of_agency(answer, by, expected_version)
    if words is not None:
        row.words = {part: words.get(part, "") for part in rules.PARTS[row.purpose]}
    if not signed_off_by.strip():
        raise Refused("Say who in your agency signs this off: name and post.", "signed_off_by")
    if not nothing_held:
        for part in rules.NEEDED[row.purpose]:
            if not row.words.get(part, "").strip():
                raise Refused(
                    f"Write something on “{rules.PARTS[row.purpose][part]}”, or tick that you hold nothing.",
                    part,
                )
    row.nothing_held, row.signed_off_by = nothing_held, signed_off_by
    row.status, row.handed_in_on, row.reason = rules.ReturnStatus.HANDED_IN, today, ""
    row.store()
    history.record(events.HANDED_IN, on=row.ref, by=by)
    rapid = AgencyReturn.objects.filter(case=row.case, purpose=rules.Purpose.RAPID)
    if row.purpose == rules.Purpose.RAPID and not rapid.filter(status__in=rules.WITH_AGENCY).exists():
        reach(row.case, "answered", today, by)
    return row


def _of_team(row: AgencyReturn, by: Actor, expected_version: int | None) -> AgencyReturn:
    own(row.case, by)
    found: AgencyReturn = AgencyReturn.objects.locked(row.pk, expected_version, by=by)
    return found


@transaction.atomic
def send_back(
    *, answer: AgencyReturn, reason: str, by: Actor, expected_version: int | None = None
) -> AgencyReturn:
    """Ask an agency to change what it handed in, and say what."""
    row = _of_team(answer, by, expected_version)
    if row.status not in rules.HANDED_IN:
        raise Refused("Only what was handed in can be sent back.")
    check_reason(reason, field="reason", what="Say what should be changed.")
    row.status, row.reason = rules.ReturnStatus.SENT_BACK, reason
    row.store()
    history.record(events.SENT_BACK, on=row.ref, by=by)
    telling.tell_agency(row=row, by=by, template=telling.SENT_BACK)
    return row


@transaction.atomic
def accept_return(*, answer: AgencyReturn, by: Actor, expected_version: int | None = None) -> AgencyReturn:
    """Say that an agency's answer is what was asked for."""
    row = _of_team(answer, by, expected_version)
    if row.status != rules.ReturnStatus.HANDED_IN:
        raise Refused("Only what was handed in can be accepted.")
    row.status = rules.ReturnStatus.ACCEPTED
    row.store()
    history.record(events.ACCEPTED, on=row.ref, by=by)
    return row


@transaction.atomic
def withdraw_ask(
    *, answer: AgencyReturn, reason: str, by: Actor, expected_version: int | None = None
) -> AgencyReturn:
    """Ask an agency no longer, with the reason; what it wrote stays its own."""
    row = _of_team(answer, by, expected_version)
    if row.status not in rules.WITH_AGENCY:
        raise Refused("This was answered already.")
    check_reason(reason, field="reason", what="Say why it is no longer asked.")
    row.status, row.reason = rules.ReturnStatus.WITHDRAWN, reason
    row.store()
    told = {"agency": row.agency.called, "reason": reason}
    history.record(events.ASK_WITHDRAWN, on=row.case.ref, by=by, details=told)
    return row


def remind_of_returns(*, today: date) -> int:
    """Remind agencies of answers that are due soon, and once when they are late; returns how many answers."""
    return dates.remind_each(find=queries.returns_to_remind_of, remind=_remind, today=today)


@transaction.atomic
def _remind(answer: AgencyReturn, by: Actor, today: date) -> bool:
    row: AgencyReturn = AgencyReturn.objects.locked(answer.pk, by=by)
    if row.status not in rules.WITH_AGENCY:
        return False
    return dates.remind_once(
        about=row.ref, due_on=row.due_on, since=lambda: row.asked_on, by=by, today=today,
        steps=rules.reminders(row.due_on, clocks.working_calendar()),
        people=lambda: telling.who_answers(row, today),
    )  # fmt: skip
