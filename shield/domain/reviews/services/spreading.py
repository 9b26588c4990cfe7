"""How what a case teaches leaves its team."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.domain.reviews import events, rules
from shield.domain.reviews.models import Case, Sharing
from shield.domain.reviews.services.frame import not_after, own
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def decide_sharing(
    *, case: Case, with_whom: str, what: str, choice: str, reasons: str, decided_on: date, by: Actor, today: date,
    basis: str = "",
) -> Sharing:  # fmt: skip
    """Record that something of a case is shared with a named neighbouring partnership, or is not, on what basis and why.

    A later decision leaves the earlier on record. Nothing is sent by this: it says what may be.
    """
    row = own(case, by)
    not_after(decided_on, today, "decided_on", "The decision")
    if not with_whom.strip():
        raise Refused("Say with which partnership.", "with_whom")
    if choice == rules.Shares.SHARED and not basis:
        raise Refused("Say on which lawful basis it is shared.", "basis")
    check_reason(reasons, field="reasons", what="Give the reasons, in a sentence at least.")
    identities.require_no_names(texts={"With whom": with_whom}, by=by, of=[row.pk])
    made = Sharing.new(
        by, case=row, with_whom=with_whom, what=what, choice=choice, reasons=reasons, decided_on=decided_on,
        basis=basis if choice == rules.Shares.SHARED else "", decided_by_id=by.person_id,
    ).store()  # fmt: skip
    told = {"choice": made.get_choice_display().lower(), "whom": with_whom}
    history.record(events.SHARING_DECIDED, on=row.ref, by=by, details=told)
    return made
