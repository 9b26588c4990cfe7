"""Opening a restricted record when it cannot wait: a reason, a time limit, notice at once, and a review."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries, rules
from shield.kernel.accounts.models import Person, UrgentOpening
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.rules import values
from shield.kernel.history import services as history
from shield.kernel.notices import rules as messages
from shield.kernel.notices import services as notices
from shield.kernel.records import queries as records
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def open_urgently(*, reference: str, reason: str, by: Actor, today: date, now: datetime) -> UrgentOpening:
    """Open the restricted record with a reference to this person alone, for `rules.URGENT_FOR`.

    Whoever reviews such openings and whoever leads the record's team is told in the same act. To somebody with a
    conflict of interest it does not open. What the person sees already is not opened: they are told
    so. That there is no such record is said in the words for one that cannot be opened this way.
    """
    access.require(by, permissions.OPEN_URGENTLY)
    rules.check_urgent_reason(reason)
    if by.person_id is None:
        raise access.Forbidden("Only a person opens a record.")
    row = records.restricted(reference, by)
    if row is None:
        raise Refused("No restricted record that you could open has this reference.", "reference")
    if type(row).objects.visible_to(by).filter(pk=row.pk).exists():
        raise Refused("You see this record already: there is nothing to open.", "reference")
    if (until := queries.refused_until(row.pk, by, today)) is not None:
        raise Refused(
            "That you opened this record was found not justified. "
            f"Until {in_words(until)} you cannot open it again: tell the business manager what you need.",
            "reference",
        )
    team = queries.team_of(row)
    if team is not None and queries.has_conflict(team.pk, by.person_id):
        raise Refused(
            "You have a conflict of interest with this case: ask somebody of its team.", "reference"
        )
    reviewers = queries.people_who_may(permissions.REVIEW_URGENT, by.partnership_id, today, but=by.person_id)
    if not reviewers:
        raise Refused("Nobody could review this: ask the business manager to let you see the record.")
    opening = UrgentOpening(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, UrgentOpening.reference_prefix),
        person_id=by.person_id,
        about_kind=row.kind,
        about_id=row.pk,
        about_reference=row.reference,
        reason=reason,
        opened_at=now,
        closes_at=now + rules.URGENT_FOR,
    ).store()
    told = {"until": values.moment(opening.closes_at), "reason": reason}
    history.record(events.OPENED_URGENTLY, on=opening.ref, by=by, details=told)
    history.record(events.OPENED_URGENTLY, on=opening.about, by=by, details=told)
    _tell(opening, list(dict.fromkeys([*reviewers, *queries.lead_to_tell(team, by, today)])), by)
    return opening


def _tell(opening: UrgentOpening, people: list[Person], by: Actor) -> None:
    fields = {
        "reference": opening.reference,
        "partnership": queries.name_of(by.partnership_id),
        "due": values.moment(opening.closes_at),
        "link": records.site_address(opening.ref, by.partnership_slug),
    }
    for person in people:
        notices.queue(
            template=messages.OPENED_URGENTLY,
            address=person.user.email,
            person_id=person.pk,
            fields=fields,
            by=by,
        )


@transaction.atomic
def close_urgent(*, opening: UrgentOpening, by: Actor, now: datetime) -> UrgentOpening:
    """Close an urgent opening before its time: whoever opened it is done, or a reviewer ends it."""
    row: UrgentOpening = UrgentOpening.objects.locked(opening.pk, by=by)
    if row.person_id != by.person_id:
        access.require(by, permissions.REVIEW_URGENT)
    if row.closes_at <= now:
        raise Refused("This opening has ended already.")
    row.closes_at = now
    row.store()
    history.record(events.URGENT_CLOSED, on=row.ref, by=by)
    return row


@transaction.atomic
def review_urgent(
    *,
    opening: UrgentOpening,
    finding: str,
    words: str,
    by: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> UrgentOpening:
    """Say whether an urgent opening was justified; never the person who opened it, and once."""
    access.require(by, permissions.REVIEW_URGENT)
    row: UrgentOpening = UrgentOpening.objects.locked(opening.pk, expected_version, by=by)
    if by.person_id is None or row.person_id == by.person_id:
        raise access.Forbidden("Somebody else reviews what you opened.")
    if row.finding:
        raise Refused("This opening was reviewed already.")
    if finding == rules.Finding.NOT_JUSTIFIED:
        check_reason(words, field="words", what="Say in a sentence what follows from it.")
    row.finding, row.review, row.reviewed_by_id, row.reviewed_at = finding, words, by.person_id, now
    if finding == rules.Finding.NOT_JUSTIFIED:
        row.closes_at = min(row.closes_at, now)
    row.store()
    told = {"finding": rules.Finding(finding).label, "words": words}
    history.record(events.URGENT_REVIEWED, on=row.ref, by=by, details=told)
    return row
