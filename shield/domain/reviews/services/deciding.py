"""The rapid review: milestones, the meeting, the summary, three signatures, and off to the Panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from shield.domain.reviews import events, permissions, queries, rules
from shield.domain.reviews.models import Case, Letter, PlanStep, RapidReview, SignOff, Step
from shield.domain.reviews.services.frame import not_after, own, reach
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import services as clock
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason
from shield.meetings.models import Gathering

PANEL = "Child Safeguarding Practice Review Panel"


@transaction.atomic
def set_plan(*, steps: Sequence[rules.Milestone], by: Actor) -> list[PlanStep]:
    """Set the partnership's own plan of milestones for rapid reviews to come; those under way keep theirs."""
    access.require(by, permissions.WORK)
    made = []
    for row in PlanStep.objects.select_for_update().filter(partnership_id=by.partnership_id, dropped=False):
        row.dropped = True
        row.store()
    for position, step in enumerate(rules.check_plan(steps)):
        made.append(
            PlanStep.new(
                by, label_text=step.label, from_day=step.from_day, to_day=step.to_day, position=position
            ).store()
        )
    history.record(events.STEPS_SET, on=made[0].ref, by=by, details={"count": str(len(made))})
    return made


def _rapid(case: Case, by: Actor, expected_version: int | None = None) -> tuple[Case, RapidReview]:
    """The case and its rapid review, locked in this order, while it is under way."""
    row = own(case, by)
    if row.stage != rules.Stage.RAPID_REVIEW:
        raise Refused("This case is not in a rapid review.")
    rapid: RapidReview = RapidReview.objects.locked(row.rapid.pk, expected_version, by=by)
    return row, rapid


@transaction.atomic
def mark_step(*, step: Step, on: date, by: Actor, today: date) -> Step:
    """Note the day on which a milestone was reached."""
    case = own(step.case, by)
    row: Step = Step.objects.locked(step.pk, by=by)
    not_after(on, today, "on", "The day it was reached")
    if case.notified_on and on < case.notified_on:
        raise Refused("A milestone is reached on or after the day of the notification.", "on")
    row.done_on = on
    row.store()
    told = {"step": row.label_text, "on": in_words(on)}
    history.record(events.STEP_DONE, on=case.ref, by=by, details=told)
    return row


@transaction.atomic
def unmark_step(*, step: Step, by: Actor) -> Step:
    """Say that a milestone was marked by mistake."""
    case = own(step.case, by)
    row: Step = Step.objects.locked(step.pk, by=by)
    row.done_on = None
    row.store()
    history.record(events.STEP_UNDONE, on=case.ref, by=by, details={"step": row.label_text})
    return row


@transaction.atomic
def hold_meeting(
    *, case: Case, on: date, by: Actor, today: date, gathering: Gathering | None = None
) -> RapidReview:
    """Note when the review meeting was held; with the gathering, if it is in the register of meetings."""
    row, rapid = _rapid(case, by)
    not_after(on, today, "on", "The meeting")
    if on < rapid.begun_on:
        raise Refused("The meeting is held on or after the day of the notification.", "on")
    rapid.met_on, rapid.gathering = on, gathering
    rapid.store()
    history.record(events.MET, on=row.ref, by=by, details={"on": in_words(on)})
    reach(row, "met", on, by)
    return rapid


@transaction.atomic
def summarise(
    *,
    case: Case,
    summary: Mapping[str, str],
    proposes: str,
    reasons: str,
    by: Actor,
    expected_version: int | None = None,
) -> RapidReview:
    """Write the one-page summary and what it proposes. Signatures given to other words fall: they are asked again."""
    row, rapid = _rapid(case, by, expected_version)
    kept = {part: summary.get(part, "").strip() for part in rules.SUMMARY_PARTS}
    if not kept["facts"]:
        raise Refused("Write the facts at least.", "facts")
    check_reason(reasons, field="reasons", what="Give the reasons for what is proposed.")
    changed = (kept, proposes, reasons) != (rapid.summary, rapid.proposes, rapid.reasons)
    rapid.summary, rapid.proposes, rapid.reasons = kept, proposes, reasons
    rapid.store()
    history.record(events.SUMMARISED, on=row.ref, by=by)
    if changed:
        for signature in SignOff.objects.select_for_update().filter(case=row).exclude(choice=""):
            signature.choice = ""
            signature.store()
    return rapid


@transaction.atomic
def sign(*, case: Case, choice: str, reasons: str, by: Actor, today: date) -> SignOff:
    """Sign for one's own partner on what the rapid review proposes, with reasons; signing again replaces the earlier."""
    row = own(case, by, need=permissions.SIGN)
    if row.stage != rules.Stage.RAPID_REVIEW:
        raise Refused("This case is not in a rapid review.")
    if not row.rapid.is_written:
        raise Refused("There is nothing to sign yet: the one-page summary is not written.")
    agency = queries.partner_of(by)
    if agency is None:
        raise Forbidden("Only somebody who works for one of the three partners signs.")
    check_reason(reasons, field="reasons", what="Give your reasons, in a sentence at least.")
    signature = SignOff.objects.select_for_update().filter(case=row, agency=agency).first() or SignOff.new(
        by, case=row, agency=agency
    )
    signature.person_id, signature.choice, signature.reasons, signature.signed_on = (
        by.person_id,
        choice,
        reasons,
        today,
    )
    signature.store()
    told = {"agency": agency.called, "decision": rules.Choice(choice).label.lower()}
    history.record(events.SIGNED, on=row.ref, by=by, details=told)
    agreed = {each.agency_id for each in queries.signatures_of(row) if each.choice == rules.Choice.AGREES}
    if agreed >= {each.pk for each in queries.partners(row.partnership_id)}:
        reach(row, "signed", today, by)
    return signature


@transaction.atomic
def send_to_panel(*, case: Case, on: date, by: Actor, today: date) -> RapidReview:
    """Note that the rapid review went to the Panel: its clock is met, and the letter is on file.

    Refused while an agency, the meeting, the summary or a signature is outstanding, saying which.
    """
    row, rapid = _rapid(case, by)
    if lacking := queries.why_not_send(row):
        raise Refused(" ".join(lacking))
    not_after(on, today, "on", "The day it was sent")
    if rapid.met_on and on < rapid.met_on:
        raise Refused("It is sent on or after the day of the meeting.", "on")
    rapid.sent_on = on
    rapid.store()
    row.stage = rules.Stage.WITH_PANEL
    row.store()
    clock.meet_by_event(about=row.ref, code=rules.RAPID, on=on, by=by, today=today)
    Letter.new(
        by, case=row, direction=rules.Direction.OUT, about=rules.About.RAPID_REVIEW, party=PANEL, dated=on
    ).store()
    history.record(events.SENT_TO_PANEL, on=row.ref, by=by, details={"on": in_words(on)})
    reach(row, "sent", on, by)
    return rapid
