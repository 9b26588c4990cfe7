"""What changed after a note: asked a year later, answered honestly, corrected and never deleted."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.domain.lessons import events, permissions, rules
from shield.domain.lessons.models import BriefingNote, WhatChanged
from shield.improvement.models import Evidence
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import check_reason

ONLY_ISSUED = "Only of a note that was issued can be said what changed."


@transaction.atomic
def tell_change(
    *, note: BriefingNote, changed: bool, text: str, by: Actor, today: date, evidence: Evidence | None = None,
    agency: Agency | None = None, again_on: date | None = None, expected_version: int | None = None,
) -> WhatChanged:  # fmt: skip
    """Record what a note changed, with evidence if there is any; or that nothing changed yet, why, and when to ask again."""
    access.require(by, permissions.WRITE)
    row: BriefingNote = BriefingNote.objects.locked(note.pk, expected_version, by=by)
    rules.check_status(row.status, rules.NoteStatus.ISSUED, otherwise=ONLY_ISSUED)
    _check(text, changed, by, row)
    rules.check_answer(changed=changed, again_on=again_on, today=today)
    told = WhatChanged.new(
        by, note=row, changed=changed, text=text.strip(), evidence=evidence, agency=agency, told_on=today, again_on=again_on
    ).store()  # fmt: skip
    row.ask_on = again_on
    row.store()
    answer = "what changed" if changed else "that nothing has changed yet"
    history.record(events.CHANGE_TOLD, on=row.ref, by=by, details={"answer": answer})
    return told


@transaction.atomic
def correct_answer(
    *, told: WhatChanged, text: str, evidence: Evidence | None, agency: Agency | None, by: Actor, today: date,
    expected_version: int,
) -> WhatChanged:  # fmt: skip
    """Correct an answer; what it said before stays beside it."""
    access.require(by, permissions.WRITE)
    row: WhatChanged = WhatChanged.objects.locked(told.pk, expected_version, by=by)
    rules.check_status(row.note.status, rules.NoteStatus.ISSUED, otherwise=ONLY_ISSUED)
    _check(text, row.changed, by, row.note)
    before = row.text
    made = row.amend({"text": text.strip(), "evidence": evidence, "agency": agency})
    if made:
        if "text" in made:
            row.earlier = [*row.earlier, {"on": today.isoformat(), "text": before}]
        row.store()
        changes = ", ".join(rules.TOLD_WORDS[name] for name in made)
        history.record(events.CHANGE_CORRECTED, on=row.ref, by=by, details={"changes": changes})
        history.record(events.CHANGE_CORRECTED, on=row.note.ref, by=by, details={"changes": changes})
    return row


def _check(text: str, changed: bool, by: Actor, note: BriefingNote) -> None:
    """Everybody here may read the answer, so it names nobody."""
    what = "Say in a sentence what changed." if changed else "Say in a sentence why nothing has changed yet."
    check_reason(text, field="text", what=what)
    identities.require_no_names(texts={"The answer": text}, by=by, of=[note.about_id])
