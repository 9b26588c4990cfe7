"""Review, proposal, confirmation, and the disposal itself: the only place that deletes records.

A disposal is carried out in batches. Each is one transaction that removes the rows, writes the log, marks the items and records
the event, so that after a crash the log and the rows agree. Content of files goes from the disk after that is kept; what a crash
leaves behind is on a list (`DoomedFile`) that the next run works through.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.files import queries as files
from shield.kernel.files.models import StoredFile
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.records.models import check_storable, next_reference
from shield.kernel.records.rules import RecordRef, Refused, check_reason
from shield.kernel.retention import events, permissions, queries
from shield.kernel.retention.models import (
    Disposal,
    DisposalItem,
    DoomedFile,
    KeptLonger,
    LoggedDisposal,
)
from shield.kernel.retention.rules import disposing as rules
from shield.kernel.retention.rules.disposing import DisposalStatus, ItemStatus
from shield.kernel.retention.rules.schedule import period_words
from shield.kernel.retention.services.erasing import erase

JOB = "retention.dispose"
GONE = "It is not there any more."
NOT_DUE = "It is not due any more: the period or the record has changed."


def _reviewed(kind: str) -> Any:
    model = queries.reviewed_kinds().get(kind)
    if model is None:
        raise Refused("Records of this kind are not reviewed for disposal.")
    return model


def _picked(
    kind: str, ids: Collection[uuid.UUID] | None, year: int | None, by: Actor, today: date
) -> list[Any]:
    """The due rows that were chosen: id, day, reference. Without ids all that are due in the year, the oldest first."""
    model = _reviewed(kind)
    rows = queries.chosen(kind, queries.Counting(by.partnership_id), today, year=year)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    has_reference = any(field.name == "reference" for field in model._meta.concrete_fields)
    names = ("pk", "retention_day", "reference") if has_reference else ("pk", "retention_day")
    picked = [(*row, "")[:3] for row in rows.values_list(*names)[: rules.MOST]]
    if ids is not None and len(picked) != len(set(ids)):
        raise Refused(
            "Some of these are not due any more, or somebody else has dealt with them. Look at the list again."
        )
    if not picked:
        raise Refused("Choose at least one record.", "records")
    return picked


@transaction.atomic
def propose_disposal(
    *, kind: str, reason: str, by: Actor, today: date, ids: Collection[uuid.UUID] | None = None, year: int | None = None
) -> Disposal:  # fmt: skip
    """Propose to dispose of records that are due: those chosen, or all that are due of a kind (and year).

    A record that is held, that a report may still count or that another points to is refused in words when it was chosen; of
    “all” such records are left out.
    """
    access.require(by, permissions.PROPOSE)
    check_reason(reason)
    # Numbers are given one after the other, so two who propose at once see each other's records as proposed.
    reference = next_reference(by.partnership_id, Disposal.reference_prefix)
    picked = _picked(kind, ids, year, by, today)
    stuck = queries.obstacles(kind, [row[0] for row in picked], by.partnership_id, today)
    if ids is not None and stuck:
        raise Refused(_refusal(picked, stuck), "records")
    picked = [row for row in picked if row[0] not in stuck]
    if not picked:
        raise Refused(
            "None of these can be disposed of: each is held, counted in a report to come, or pointed at."
        )
    row = _new(kind, reference, reason, len(picked), by, today)
    items = [
        DisposalItem(partnership_id=by.partnership_id, disposal=row, record_id=pk, of_reference=called, day=day, version=1)
        for pk, day, called in picked
    ]  # fmt: skip
    items[0].examine()  # the others differ in nothing but what was read from the rows
    DisposalItem.objects.bulk_create(items, batch_size=500)
    _tell(events.PROPOSED, row, by, {"count": len(items), "kind": _label(row), "reason": reason})
    return row


def _new(kind: str, reference: str, reason: str, count: int, by: Actor, today: date) -> Disposal:
    rule = queries.schedule()[queries.kinds()[kind].retention]
    row: Disposal = Disposal(
        partnership_id=by.partnership_id, reference=reference, record_kind=kind, retention_class=rule.key,
        rule_words=rule.trigger_words[:300], months=queries.period(rule, by.partnership_id) or 0, reason=reason, count=count,
        proposed_by=by.person_name or "Shield", proposed_by_id=by.person_id, proposed_on=today,
    ).store()  # fmt: skip
    return row


def _refusal(picked: Sequence[Any], stuck: dict[uuid.UUID, str]) -> str:
    """What cannot go and why: the first few by name, and how many there are."""
    named = {pk: called for pk, _, called in picked}
    lines = [f"{named[pk]}: {why}" if named.get(pk) else why for pk, why in list(stuck.items())[:3]]
    more = f" And {len(stuck) - 3} more." if len(stuck) > 3 else ""
    count = "This cannot" if len(stuck) == 1 else f"{len(stuck)} of these cannot"
    return f"{count} be disposed of. {' '.join(lines)}{more}"


def _label(row: Disposal) -> str:
    return queries.label_of(queries.kinds()[row.record_kind]).lower()


def _tell(event: Any, row: Disposal, by: Actor, details: dict[str, object] | None = None) -> None:
    history.record(event, on=row.ref, by=by, details=details)


@transaction.atomic
def keep_longer(
    *, kind: str, ids: Collection[uuid.UUID], until: date, reason: str, by: Actor, today: date
) -> int:  # fmt: skip
    """Keep due records until a later day, with the reason; they are due again then. Returns how many."""
    access.require(by, permissions.PROPOSE)
    check_reason(reason)
    rules.check_keep_until(until, today)
    picked = _picked(kind, ids, None, by, today)
    said = {
        "keep_until": until,
        "reason": reason,
        "decided_by": by.person_name or "Shield",
        "decided_on": today,
    }
    rows = [
        KeptLonger(partnership_id=by.partnership_id, record_kind=kind, record_id=pk, version=1, **said)
        for pk, _, _ in picked
    ]
    check_storable(rows[0])  # the others differ in their ids alone
    rows[0].clean_fields(exclude=["partnership"])
    KeptLonger.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["partnership", "record_id"],
        update_fields=list(said),
    )
    label = queries.label_of(queries.kinds()[kind])
    details = {"count": len(picked), "kind": label.lower(), "until": in_words(until), "reason": reason}
    # One event for all of them, however many: on a row that is there, with a digest of which they are.
    told = "\n".join(sorted(str(pk) for pk, _, _ in picked))
    details["digest"] = sha256(told.encode()).hexdigest()
    first = KeptLonger.objects.get(partnership_id=by.partnership_id, record_id=picked[0][0])
    history.record(events.KEPT_LONGER, on=RecordRef(KeptLonger.kind, first.pk, label), by=by, details=details)
    return len(picked)


@transaction.atomic
def confirm_disposal(
    *, disposal: Disposal, by: Actor, today: date, expected_version: int | None = None
) -> Disposal:  # fmt: skip
    """A second person confirms; the worker then carries it out."""
    access.require(by, permissions.CONFIRM)
    row: Disposal = Disposal.objects.locked(disposal.pk, expected_version, by=by)
    rules.check_move(row.status, "confirmed")
    alone = queries.nobody_else_manages(by, row.proposed_by_id, today)
    if why := rules.why_not_confirm(
        row.proposed_by_id, by.person_id, may_propose=by.may(permissions.PROPOSE), other_manager=not alone
    ):
        raise Refused(why)
    _settle(row, DisposalStatus.CONFIRMED, by, today)
    jobs.enqueue(JOB, disposal_id=str(row.pk))
    _tell(events.CONFIRMED, row, by)
    return row


@transaction.atomic
def withdraw_disposal(
    *, disposal: Disposal, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> Disposal:  # fmt: skip
    """Take a proposal back, or refuse it as the second person: its records are due again."""
    access.require(by, permissions.CONFIRM)
    check_reason(reason)
    row: Disposal = Disposal.objects.locked(disposal.pk, expected_version, by=by)
    rules.check_move(row.status, "withdrawn")
    row.withdrawn_why = reason
    _settle(row, DisposalStatus.WITHDRAWN, by, today)
    row.items.filter(status=ItemStatus.WAITING).update(
        status=ItemStatus.KEPT, why="The disposal was withdrawn."
    )
    _tell(events.WITHDRAWN, row, by, {"reason": reason})
    return row


def _settle(row: Disposal, status: DisposalStatus, by: Actor, today: date) -> None:
    row.status, row.settled_by, row.settled_by_id, row.settled_on = (
        status,
        by.person_name,
        by.person_id,
        today,
    )
    row.store()


@transaction.atomic
def dispose_batch(
    *, disposal_id: uuid.UUID, by: Actor, today: date, now: datetime, size: int = rules.BATCH
) -> bool:  # fmt: skip
    """Dispose of the next records of a confirmed disposal, all of them or none; False when nothing is left to do.

    Each is looked at once more: what has come under a hold since, or is still pointed at, is kept and says why.
    """
    row: Disposal = Disposal.objects.select_for_update().get(pk=disposal_id, partnership_id=by.partnership_id)
    if row.status != DisposalStatus.CONFIRMED:
        return False
    waiting = row.items.filter(status=ItemStatus.WAITING).order_by("id")
    items = list(waiting.select_for_update()[:size])
    if not items:
        return _finish(row, by, now)
    model = queries.kinds()[row.record_kind]
    ids = [item.record_id for item in items]
    stuck = _kept_after_all(row, model, ids, today)
    going = [item for item in items if item.record_id not in stuck]
    if going:
        doomed = _erase_with_parts(model, row.record_kind, [item.record_id for item in going], now)
        _log(row, going, doomed, by, now)
    for item in items:
        item.status = ItemStatus.KEPT if item.record_id in stuck else ItemStatus.DISPOSED
        item.why = stuck.get(item.record_id, "")[:500]
    DisposalItem.objects.bulk_update(items, ["status", "why"])
    transaction.on_commit(remove_doomed_files)
    return True


def _kept_after_all(row: Disposal, model: Any, ids: list[uuid.UUID], today: date) -> dict[uuid.UUID, str]:
    """What cannot go now, though it could when it was proposed."""
    last = queries.Counting(row.partnership_id).cutoff(model, today)
    there = dict(
        queries.rows_of(model, row.partnership_id).filter(pk__in=ids).values_list("pk", "retention_day")
    )
    stuck = queries.obstacles(row.record_kind, ids, row.partnership_id, today)
    for pk in ids:
        if pk not in there:
            stuck[pk] = GONE
        elif there[pk] is None or last is None or there[pk] > last:
            stuck.setdefault(pk, NOT_DUE)
    return stuck


def _erase_with_parts(model: Any, kind: str, ids: list[uuid.UUID], now: datetime) -> list[str]:
    """Remove records with their parts and their files; returns the digests of content that no row names any more."""
    for part_kind, part in queries.kinds().items():
        whole = getattr(part, "disposed_with", "")
        if whole and part._meta.get_field(whole).related_model is model:
            parts: QuerySet[Any] = (
                QuerySet(model=part).filter(**{f"{whole}__in": ids}).values_list("pk", flat=True)
            )
            _erase_with_parts(part, part_kind, list(parts), now)
    attached = StoredFile.objects.filter(about_kind=kind, about_id__in=ids)
    content = set(attached.values_list("sha256", flat=True))
    erase(model=StoredFile, ids=list(attached.values_list("pk", flat=True)))
    erase(model=model, ids=ids)
    doomed = sorted(
        content - set(StoredFile.objects.filter(sha256__in=content).values_list("sha256", flat=True))
    )
    DoomedFile.objects.bulk_create(
        [DoomedFile(sha256=digest, doomed_at=now) for digest in doomed], ignore_conflicts=True
    )
    return doomed


def _log(row: Disposal, items: list[DisposalItem], doomed: list[str], by: Actor, now: datetime) -> None:
    digest = rules.digest((row.record_kind, i.record_id, i.of_reference, i.day) for i in items)
    label = queries.label_of(queries.kinds()[row.record_kind])
    LoggedDisposal.objects.create(
        partnership_id=row.partnership_id, disposal_id=row.pk, disposal_reference=row.reference, record_kind=row.record_kind,
        record_label=label, retention_class=row.retention_class, references=", ".join(i.of_reference for i in items if i.of_reference),
        count=len(items), files=len(doomed), rule_words=row.rule_words, period=period_words(row.months),
        proposed_by=row.proposed_by, confirmed_by=row.settled_by, disposed_at=now, digest=digest,
    )  # fmt: skip
    _tell(events.DISPOSED, row, by, {"count": len(items), "kind": label.lower(), "digest": digest})


def _finish(row: Disposal, by: Actor, now: datetime) -> bool:
    counts = queries.standing_items(row.pk)
    row.status, row.finished_at = DisposalStatus.DONE, now
    row.store()
    gone, kept = counts.get(ItemStatus.DISPOSED, 0), counts.get(ItemStatus.KEPT, 0)
    _tell(events.FINISHED, row, by, {"gone": gone, "kept": kept})
    return False


def remove_doomed_files() -> int:
    """Remove from the disk what no row names any more; returns how many. Run after each batch and by the worker.

    Content that somebody is just attaching again waits: it is moved aside first, and put back if it was touched meanwhile.
    """
    removed = 0
    for digest in list(DoomedFile.objects.values_list("sha256", flat=True)):
        with transaction.atomic():
            if StoredFile.objects.filter(sha256=digest).exists() or _remove(files.path_of(digest)):
                erase(model=DoomedFile, ids=[digest])
                removed += 1
    return removed


def _remove(path: Path) -> bool:
    """Remove one file unless it is fresh; True if it is not there afterwards."""
    aside = path.with_suffix(".doomed")
    if not path.exists() and not aside.exists():
        return True
    if path.exists():
        path.replace(aside)
    # Compared with the clock that the disk is written by, wherever a demonstration stands.
    if time.time() - aside.stat().st_mtime < rules.FRESH.total_seconds():
        if not path.exists():
            aside.replace(path)
        return False
    aside.unlink()
    return True


def take_up_confirmed(*, by: Actor) -> int:
    """Ask again for disposals that were confirmed and whose job has given up; returns how many."""
    rows = Disposal.objects.filter(partnership_id=by.partnership_id, status=DisposalStatus.CONFIRMED)
    for disposal_id in rows.values_list("pk", flat=True):
        jobs.enqueue(JOB, disposal_id=str(disposal_id))
    return len(rows)
