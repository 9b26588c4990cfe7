"""What came of what people said, and that they were told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from shield.domain.voice import events, permissions, rules
from shield.domain.voice.models import CameOf, Said
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, Refused, check_reason


@transaction.atomic
def answer(
    *,
    said: Said,
    we_did: str,
    by: Actor,
    today: date,
    came: Iterable[RecordRef] = (),
    published: bool = False,
    expected_version: int | None = None,
) -> Said:
    """Say in plain words what was done about a point, and name the recommendations, decisions and actions it led to."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    rules.check_answerable(row.state, to=rules.PointState.ANSWERED, text=we_did)
    row.state, row.we_did, row.answered_on = rules.PointState.ANSWERED, we_did.strip(), today
    _publish(row, published)
    row.store()
    _tie(row, came, by)
    history.record(events.POINT_ANSWERED, on=row.ref, by=by)
    return row


@transaction.atomic
def name_what_came(
    *, said: Said, came: Iterable[RecordRef], by: Actor, expected_version: int | None = None
) -> Said:
    """Name what came of a point later than its answer; what those who made it were told stays as it is."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    if row.state != rules.PointState.ANSWERED:
        raise Refused("Say first what was done about the point.")
    if not _tie(row, came, by):
        raise Refused("Tick at least one that is not named yet.")
    row.store()
    history.record(events.POINT_LED_TO, on=row.ref, by=by)
    return row


def _tie(row: Said, came: Iterable[RecordRef], by: Actor) -> int:
    """Tie a point to what came of it, each once; returns how many are new. Refused for what is not of this partnership."""
    known = set(row.came.values_list("about_kind", "about_id"))
    new = {ref.as_text(): ref for ref in came if (ref.kind, ref.id) not in known}
    for ref in new.values():
        if not records.exists(ref, by.partnership_id):
            raise Refused("What came of it is not on record here.", "came")
        CameOf(partnership_id=by.partnership_id, said=row, about_kind=ref.kind, about_id=ref.id).store()
    return len(new)


@transaction.atomic
def decline(
    *,
    said: Said,
    why_not: str,
    by: Actor,
    today: date,
    published: bool = False,
    expected_version: int | None = None,
) -> Said:
    """Say why nothing can be done about a point; that is an answer too, and people are told it."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    rules.check_answerable(row.state, to=rules.PointState.NOTHING, text=why_not)
    row.state, row.why_not, row.answered_on = rules.PointState.NOTHING, why_not.strip(), today
    _publish(row, published)
    row.store()
    history.record(events.POINT_DECLINED, on=row.ref, by=by, details={"reason": row.why_not})
    return row


@transaction.atomic
def reopen(*, said: Said, reason: str, by: Actor, expected_version: int | None = None) -> Said:
    """Take an answer back, with the reason: the point waits again, is no longer public, and nobody counts as told."""
    access.require(by, permissions.RECORD)
    check_reason(reason, what="Say in a sentence why the point is opened again.")
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    if row.state == rules.PointState.OPEN:
        raise Refused("This point has no answer yet.")
    row.state, row.we_did, row.why_not, row.answered_on = rules.PointState.OPEN, "", "", None
    row.told_on, row.told_how, row.told_by, row.published = None, "", "", False
    row.store()
    history.record(events.POINT_REOPENED, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


@transaction.atomic
def note_told(
    *, said: Iterable[Said], on: date, how: str, told_by: str, by: Actor, today: date
) -> list[Said]:
    """Note that those who made these points were told what came of them: when, how and by whom; all or none."""
    access.require(by, permissions.RECORD)
    if not how.strip():
        raise Refused("Enter how they were told.", "how")
    if not told_by.strip():
        raise Refused("Enter who told them.", "told_by")
    told = []
    for each in said:
        row: Said = Said.objects.locked(each.pk, by=by)
        rules.check_told(row.state, told_on=on, answered_on=row.answered_on, today=today)
        row.told_on, row.told_how, row.told_by = on, how.strip(), told_by.strip()
        row.store()
        history.record(events.POINT_TOLD, on=row.ref, by=by)
        told.append(row)
    if not told:
        raise Refused("Tick at least one point.", "said")
    return told


@transaction.atomic
def publish(*, said: Said, published: bool, by: Actor, expected_version: int | None = None) -> Said:
    """Mark a point for the public page, or take it off; it leaves the page at once."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    if row.published == published:
        raise Refused("Nothing was changed.")
    _publish(row, published)
    row.store()
    details = {"published": "on the public page" if published else "taken off"}
    history.record(events.POINT_PUBLISHED, on=row.ref, by=by, details=details)
    return row


def _publish(row: Said, published: bool) -> None:
    if published:
        rules.check_publishable(row.state, row.text, row.answer)
    row.published = published
