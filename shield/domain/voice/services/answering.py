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
from shield.kernel.identities import services as identities
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
    expected_version: int | None = None,
) -> Said:
    """Say in plain words what was done about a point, and name the recommendations, decisions and actions it led to."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    rules.check_answerable(row.state, to=rules.PointState.ANSWERED, text=we_did)
    row.state, row.we_did, row.answered_on = rules.PointState.ANSWERED, we_did.strip(), today
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
    expected_version: int | None = None,
) -> Said:
    """Say why nothing can be done about a point; that is an answer too, and people are told it."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    rules.check_answerable(row.state, to=rules.PointState.NOTHING, text=why_not)
    row.state, row.why_not, row.answered_on = rules.PointState.NOTHING, why_not.strip(), today
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
    row.told_on, row.told_how, row.told_by = None, "", ""
    row.take_off()
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
def publish(
    *, said: Said, published: bool, by: Actor, nobody_named: bool = False, expected_version: int | None = None
) -> Said:
    """Put a point on the public page once it was read for that, or take it off; it leaves the page at once.

    Refused while it tells of a few people or holds a name that the vault knows. What children said, or what tells of
    them, waits until a second person has read it too.
    """
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    if row.published == published and not (row.offered_by_id and not published):
        raise Refused("Nothing was changed.")
    if not published:
        row.take_off()
        return _published(row, "taken off", by)
    rules.check_publishable(row.state, row.text, row.answer)
    rules.check_read(nobody_named)
    identities.require_no_names(texts={"The point": row.text, "The answer": row.answer}, by=by)
    if rules.is_about_children(row.group, row.text, row.answer) and not by.is_system:
        if row.offered_by_id == by.person_id:
            raise Refused("Somebody else has to read it too, because it is about children.")
        if row.offered_by_id is None:
            row.offered_by_id = by.person_id
            return _published(row, "waits for a second look", by)
    row.published, row.offered_by = True, None
    return _published(row, "on the public page", by)


def _published(row: Said, where: str, by: Actor) -> Said:
    row.store()
    history.record(events.POINT_PUBLISHED, on=row.ref, by=by, details={"published": where})
    return row
