"""How a case begins: a referral, its screening, the notification that starts the rapid review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shield.domain.reviews import events, permissions, queries, rules
from shield.domain.reviews.models import Case, RapidReview, Referral, Step
from shield.domain.reviews.services import asking, telling
from shield.domain.reviews.services.frame import not_after, own
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as people
from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.calendar.rules import in_london, in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks import services as clock
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def refer(
    *, what: str, aware_at: datetime, children: Sequence[rules.Child], by: Actor, today: date, now: datetime, happened: str = "",
    place: str = "", safety: str = "", agency: Agency | None = None,
) -> Case:  # fmt: skip
    """Refer a serious incident: the case, its team, the names in the vault and the clock of the notification, at once.

    Any professional can do it. They do not see the case by that: its team are those who work on incidents, and they
    are told. The clock runs from when the area became aware.
    """
    access.require(by, permissions.REFER)
    _check_children(children)
    if aware_at > now:
        raise Refused("You cannot have become aware in the future.", "aware_on")
    team_people = queries.workers(by, today)
    if not team_people:
        raise Refused("Nobody here works on serious incidents: tell the business manager at once.")
    case = _new_case(by, today, team_people)
    case.aware_at = aware_at
    case.store()
    Referral.new(
        by, case=case, referred_by_id=by.person_id, agency=agency, referred_at=now, what=what, happened=happened, place=place,
        safety=safety,
    ).store()  # fmt: skip
    _keep_names(case, children, by)
    history.record(events.REFERRED, on=case.ref, by=by)
    _start(case, rules.NOTIFY, in_london(aware_at).date(), by)
    telling.tell_of_referral(case=case, to=team_people, by=by)
    return case


def _check_children(children: Sequence[rules.Child]) -> None:
    if not children:
        raise Refused(
            "Say which child it is about; “unborn baby of …” or “unknown child” are answers too.", "children"
        )
    if len(children) > rules.MOST_CHILDREN:
        raise Refused(
            f"A notification holds up to {rules.MOST_CHILDREN} children: make a second referral.", "children"
        )


def _new_case(by: Actor, today: date, members: Iterable[Person]) -> Case:
    case = Case.new(by)
    case.pseudonym = f"Case {case.reference}"
    # Whoever leads is told first when somebody outside opens the case: of those who work on it, one who refers leads.
    people_in = list(members)
    lead = next(
        (person for person in people_in if person.pk == by.person_id), people_in[0] if people_in else None
    )
    case.team = accounts.form_team(
        title=f"Team of {case.reference}",
        purpose=f"Work on {case.reference}",
        people=people_in,
        by=by,
        today=today,
        lead=lead,
    )
    accounts.dedicate(team=case.team, about=case.ref)
    return case


def _keep_names(case: Case, children: Sequence[rules.Child], by: Actor) -> None:
    for number, child in enumerate(children, start=1):
        called = "Child" if len(children) == 1 else f"Child {number}"
        identities.take_in(
            about=case.ref, team=case.team, pseudonym=called, names=child.names, by=by, relation="the child", is_child=True,
            births=[child.born] if child.born else (), notes=child.notes,
        )  # fmt: skip


def _start(case: Case, code: str, on: date, by: Actor) -> date | None:
    """Start a clock of the edition in force on its first day, if that edition knows it; returns when it is due."""
    edition = clocks.in_force(on)
    if edition is None or code not in edition.clocks:
        return None
    return clock.start(code=code, edition=edition.code, about=case.ref, on=on, by=by).due_on


@transaction.atomic
def screen(
    *, case: Case, answers: Mapping[str, str], outcome: str, reasons: str, by: Actor, today: date,
    expected_version: int | None = None,
) -> Case:  # fmt: skip
    """Say whether the criteria of a serious incident are met, with the reasons; it can be screened again as more is known."""
    row = own(case, by, expected_version)
    if row.stage not in {rules.Stage.REFERRED, rules.Stage.NOT_NOTIFIED}:
        raise Refused("This incident was notified already.")
    if missing := [
        text for code, text in rules.CRITERIA.items() if answers.get(code) not in rules.Answer.values
    ]:
        raise Refused(f"Answer: {missing[0]}")
    check_reason(reasons, field="reasons", what="Give the reasons, in a sentence at least.")
    referral = Referral.objects.select_for_update().get(case=row)
    referral.answers = {code: answers[code] for code in rules.CRITERIA}
    referral.outcome, referral.reasons = outcome, reasons
    referral.screened_on, referral.screened_by_id = today, by.person_id
    referral.store()
    if outcome == rules.Screened.NOT_MET:
        row.stage = rules.Stage.NOT_NOTIFIED
        clock.stop_by_event(
            about=row.ref, code=rules.NOTIFY, reason="Screened: the criteria are not met", by=by
        )
    elif row.stage == rules.Stage.NOT_NOTIFIED:
        row.stage = rules.Stage.REFERRED
        _start(row, rules.NOTIFY, in_london(row.aware_at).date() if row.aware_at else today, by)
    row.store()
    told = {"outcome": rules.Screened(outcome).label}
    history.record(events.SCREENED, on=row.ref, by=by, details=told)
    return row


@transaction.atomic
def notify(
    *, case: Case, on: date, by: Actor, today: date, agencies: Sequence[Agency] = (), whom: str = "", question: str = "",
    answers_due_on: date | None = None, partners: Sequence[Person] = (), details: Mapping[str, str] | None = None,
    expected_version: int | None = None,
) -> Case:  # fmt: skip
    """The incident was notified: the rapid review, its clock and milestones, and the requests to agencies in one act.

    The clock of the notification is met, that of the rapid review runs from this day. The people who sign for the
    partners come into the team, because they decide on what is in it.
    """
    row = own(case, by, expected_version)
    if row.stage != rules.Stage.REFERRED:
        raise Refused("Only an incident that was referred and not notified yet can be notified.")
    referral = Referral.objects.get(case=row)
    if referral.outcome != rules.Screened.NOTIFY:
        raise Refused("Screen the referral first: it is notified when the criteria are met.")
    not_after(on, today, "on", "The notification")
    if row.aware_at and on < in_london(row.aware_at).date():
        raise Refused("It cannot be notified before the area became aware.", "on")
    referral.details = _with(referral, details or {})
    referral.store()
    row.stage, row.notified_on = rules.Stage.RAPID_REVIEW, on
    row.began_on = row.began_on or on
    row.store()
    clock.meet_by_event(about=row.ref, code=rules.NOTIFY, on=on, by=by, today=today)
    history.record(events.NOTIFIED, on=row.ref, by=by, details={"on": in_words(on)})
    _begin_rapid_review(row, on, by)
    for person in partners:
        if not people.members_of(row.team, today).filter(person=person).exists():
            accounts.join_team(
                team=row.team, person=person, reason="Signs for a partner.", by=by, today=today
            )
    if agencies:
        if answers_due_on is None:
            raise Refused("Enter by when the agencies are to answer.", "answers_due_on")
        asking.ask(
            case=row,
            agencies=agencies,
            whom=whom,
            question=question,
            due_on=answers_due_on,
            by=by,
            today=today,
        )
    return row


@transaction.atomic
def change_details(
    *, case: Case, details: Mapping[str, str], by: Actor, expected_version: int | None = None
) -> Referral:
    """Put down what more is known of what the notification asks, by heading; an empty text takes a heading away.

    The case itself counts as changed: whoever notifies from a page that was open before must see what was added.
    """
    row = own(case, by, expected_version)
    referral: Referral = Referral.objects.select_for_update().get(case=row)
    known = _with(referral, details)
    if known != referral.details:
        referral.details = known
        referral.store()
        row.store()
        history.record(events.DETAILS_CHANGED, on=row.ref, by=by)
    return referral


def _with(referral: Referral, details: Mapping[str, str]) -> dict[str, str]:
    """What a referral says with some headings written anew; an empty text takes a heading away."""
    known = {**referral.details, **details}
    return {label: text for label, text in known.items() if text.strip()}


def _begin_rapid_review(row: Case, on: date, by: Actor) -> None:
    due = _start(row, rules.RAPID, on, by)
    days = clocks.working_calendar()
    rapid = RapidReview.new(by, case=row, begun_on=on, due_on=due).store()
    for position, step in enumerate(queries.plan_of(row.partnership_id)):
        Step.new(
            by, case=row, label_text=step.label, due_on=rules.due_day(on, step, days), position=position
        ).store()
    told = {"due": in_words(rapid.due_on) if rapid.due_on else "without a date"}
    history.record(events.REVIEW_BEGUN, on=row.ref, by=by, details=told)


@transaction.atomic
def record_case(
    *, pseudonym: str, incident: str, by: Actor, today: date, source: str, began_on: date | None = None,
    began_precision: str = "day", notified_on: date | None = None, met_on: date | None = None, sent_on: date | None = None,
    stage: str = rules.Stage.LEARNING, members: Sequence[Person] = (),
) -> Case:  # fmt: skip
    """Put on record a case that began before, with what the wider group may read of it and nothing more.

    `source` says where it is taken from. If the day of its notification is known, the clock of its rapid review is
    shown as it ran then, met on the day it was sent.
    """
    access.require(by, permissions.WORK)
    not_after(began_on, today, "began_on", "When it began")
    not_after(notified_on, today, "notified_on", "The notification")
    case = _new_case(by, today, members or queries.workers(by, today))
    case.pseudonym, case.incident, case.source = pseudonym.strip(), incident, source
    if began_on is not None:
        case.began_on, case.began_precision = rules.first_day(began_on, began_precision), began_precision
    case.stage, case.notified_on = stage, notified_on
    case.shared_on = today
    identities.require_no_names(
        texts={"What happened": incident, "The pseudonym": pseudonym}, by=by, of=[case.pk]
    )
    case.store()
    history.record(events.RECORDED, on=case.ref, by=by)
    if notified_on is not None:
        _record_rapid_review(case, met_on, sent_on, by, today)
    return case


def _record_rapid_review(
    case: Case, met_on: date | None, sent_on: date | None, by: Actor, today: date
) -> None:
    assert case.notified_on is not None
    for day in filter(None, (met_on, sent_on)):
        if not case.notified_on <= day <= today:
            raise Refused(
                "A rapid review is held and sent between its notification and today.", "notified_on"
            )
    due = _start(case, rules.RAPID, case.notified_on, by)
    RapidReview.new(
        by, case=case, begun_on=case.notified_on, due_on=due, met_on=met_on, sent_on=sent_on
    ).store()
    if sent_on is not None:
        clock.meet_by_event(about=case.ref, code=rules.RAPID, on=sent_on, by=by, today=today)


@transaction.atomic
def change_case(*, case: Case, by: Actor, expected_version: int | None = None, **changes: Any) -> Case:
    """Change the pseudonym or the words for the wider group; what that group reads already is read for names again."""
    row = own(case, by, expected_version)
    made = row.amend(changes)
    if not made:
        return row
    identities.require_no_names(
        texts={"What happened": row.incident, "The pseudonym": row.pseudonym}, by=by, of=[row.pk]
    )
    if (
        "pseudonym" in changes
        and Case.objects.filter(partnership_id=row.partnership_id, pseudonym__iexact=row.pseudonym)
        .exclude(pk=row.pk)
        .exists()
    ):
        raise Refused("Another case has this pseudonym.", "pseudonym")
    row.store()
    words = {
        "pseudonym": "the pseudonym",
        "incident": "what happened",
        "aware_at": "when the area became aware",
    }
    told = {"changes": ", ".join(words.get(name, "a date") for name in made)}
    history.record(events.CHANGED, on=row.ref, by=by, details=told)
    return row
