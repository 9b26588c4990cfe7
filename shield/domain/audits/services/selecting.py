"""The frame of an audit and the records chosen from it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction

from shield.domain.audits import events, permissions, queries, rules
from shield.domain.audits.models import Audit, AuditedRecord
from shield.domain.audits.rules import Entry
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.models import check_storable
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def put_list(
    *, audit: Audit, entries: Sequence[Entry], by: Actor, expected_version: int, columns: Sequence[str] = (),
    digest: str = "", field_name: str = "references",
) -> Audit:  # fmt: skip
    """Put the list of records on an audit, uploaded or typed; from here on each is known by its pseudonym.

    References are sealed. A list put on later takes the place of the earlier one, until records go to the agencies.
    """
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_at(row.status, "planned", "selecting", what="take another list")
    rules.check_headings(columns)
    rules.check_references([entry.reference for entry in entries], field_name)
    for column in columns:
        rules.check_groups(column, [entry.groups.get(column, "") for entry in entries])
    rules.check_together([{name: entry.groups.get(name, "") for name in columns} for entry in entries])
    _write(row, entries, columns)
    row.status = rules.Status.SELECTING
    row.columns, row.list_digest, row.frame_size = list(columns), digest, len(entries)
    row.method, row.seed, row.group_by, row.chosen_how = "", "", "", ""
    row.store()
    history.record(
        events.LISTED,
        on=row.ref,
        by=by,
        details={
            "count": row.units(len(entries)),
            "digest": f"fingerprint of the file {digest[:12]}" if digest else "typed in",
        },
    )
    return row


def _write(audit: Audit, entries: Sequence[Entry], columns: Sequence[str]) -> None:
    """Rows of an earlier list are written over, so that none of its references is left; the rest are new."""
    known = {r.number: r for r in AuditedRecord.objects.select_for_update().filter(audit=audit)}
    fresh = []
    for number, entry in enumerate(entries, start=1):
        found = known.pop(number, None)
        record = found or AuditedRecord(partnership_id=audit.partnership_id, audit=audit, number=number)
        record.groups = {name: entry.groups.get(name, "") for name in columns}
        record.chosen, record.depth, record.dropped = False, "", False
        record.own_reference = entry.reference.strip()
        record.version += 1
        check_storable(record)
        record.clean_fields(exclude=["recorded_at"])
        if found is None:
            fresh.append(record)
        else:
            record.save()
    AuditedRecord.objects.bulk_create(fresh)
    AuditedRecord.objects.filter(pk__in=[r.pk for r in known.values()]).update(
        dropped=True, chosen=False, sealed_reference="", groups={}
    )


@transaction.atomic
def choose(
    *, audit: Audit, method: str, by: Actor, expected_version: int, wanted: int | None = None, seed: str = "",
    group_by: str = "", numbers: Sequence[int] = (), how: str = "",
) -> Audit:  # fmt: skip
    """Choose records from the list: all, by a draw that can be made again, or by hand with the reason why these."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_at(row.status, "selecting", what="have its records chosen")
    frame = list(queries.records_of(row))
    seed = seed.strip() or secrets.token_hex(4)
    if method in rules.BY_HAND:
        check_reason(how, field="how", what="Say in a sentence why these records.")
    picked = set(_picked(row, frame, method, wanted or 0, seed, group_by, numbers))
    row.method, row.chosen_how = method, how.strip()
    row.seed = seed if method in rules.DRAWN else ""
    row.group_by = group_by if method == rules.Method.STRATIFIED else ""
    row.store()
    AuditedRecord.objects.filter(audit=row).update(chosen=False, depth="")
    AuditedRecord.objects.filter(audit=row, dropped=False, number__in=picked).update(
        chosen=True, depth=row.depth
    )
    words = rules.Method(method).label.lower() + (f", seed {row.seed}" if row.seed else "")
    history.record(events.CHOSEN, on=row.ref, by=by, details={"count": row.units(len(picked)), "how": words})
    return row


def _picked(
    audit: Audit, frame: Sequence[AuditedRecord], method: str, wanted: int, seed: str, group_by: str,
    numbers: Sequence[int],
) -> Sequence[int]:  # fmt: skip
    every = [record.number for record in frame]
    if method == rules.Method.ALL:
        return every
    if method in rules.BY_HAND:
        if unknown := sorted(set(numbers) - set(every)):
            raise Refused(f"The list has no number {unknown[0]}.", "numbers")
        if not numbers:
            raise Refused("Enter the numbers of the records chosen.", "numbers")
        return numbers
    by_group = method == rules.Method.STRATIFIED
    if by_group and group_by not in audit.columns:
        raise Refused("Select the column to group by.", "group_by")
    rows = [rules.FrameRow(r.number, r.groups.get(group_by, "")) for r in frame]
    return rules.draw(rows, wanted, seed, by_group=by_group)


@transaction.atomic
def set_depth(*, audit: Audit, numbers: Sequence[int], by: Actor, expected_version: int) -> Audit:
    """Say which chosen records are looked at in depth; the others get a light touch."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_at(row.status, "selecting", "auditing", what="have the depth of its records set")
    chosen = AuditedRecord.objects.filter(audit=row, chosen=True)
    known = set(chosen.values_list("number", flat=True))
    if unknown := sorted(set(numbers) - known):
        raise Refused(f"Number {unknown[0]} is not among the records chosen.", "numbers")
    row.store()
    chosen.update(depth=rules.Depth.LIGHT_TOUCH)
    chosen.filter(number__in=numbers).update(depth=rules.Depth.DEEP_DIVE)
    history.record(
        events.DEPTH_SET,
        on=row.ref,
        by=by,
        details={"count": row.units(len(set(numbers))), "depth": "deep dive"},
    )
    return row


@transaction.atomic
def open_references(*, audit: Audit, by: Actor) -> list[tuple[str, str]]:
    """Open the agencies' own references of the records chosen, by pseudonym; that they were opened is kept.

    Refused once the audit is closed or stopped: they were forgotten then.
    """
    access.require(by, permissions.RUN)
    status = Audit.objects.values_list("status", flat=True).get(pk=audit.pk, partnership_id=by.partnership_id)
    rules.check_at(status, *rules.OPEN, what="have its references opened")
    found = [(record.pseudonym, record.own_reference) for record in queries.chosen_of(audit, by)]
    history.record(events.OPENED, on=audit.ref, by=by, details={"count": audit.units(len(found))})
    return found


def forget_references(*, audit: Audit) -> None:
    """Forget whose records these are; part of the act that ends an audit."""
    AuditedRecord.objects.filter(audit=audit).update(sealed_reference="")
