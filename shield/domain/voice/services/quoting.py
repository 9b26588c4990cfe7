"""People's own words, and what they agreed to."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.domain.voice import events, permissions, rules
from shield.domain.voice.models import Activity, Quotation
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused


@transaction.atomic
def record_quotation(*, activity: Activity, words: str, by: Actor, group: str = "") -> Quotation:
    """Keep somebody's own words, sealed; nobody sees them until a consent is recorded."""
    access.require(by, permissions.RECORD)
    if not words.strip():
        raise Refused("Enter what they said, in their own words.", "words")
    quotation = Quotation.new(by, activity=activity, group=group or activity.group)
    quotation.keep_words(words.strip())
    quotation.store()
    history.record(events.QUOTATION_RECORDED, on=quotation.ref, by=by)
    return quotation


@transaction.atomic
def record_consent(
    *,
    quotation: Quotation,
    consent_by: str,
    how: str,
    on: date,
    scope: str,
    by: Actor,
    today: date,
    expected_version: int | None = None,
) -> Quotation:
    """Record who was given consent, how, when, and how far the words may travel."""
    access.require(by, permissions.RECORD)
    row: Quotation = Quotation.objects.locked(quotation.pk, expected_version, by=by)
    if row.withdrawn_on is not None:
        raise Refused("Consent was withdrawn and the words are gone. Ask anew and record a new quotation.")
    rules.check_consent(by=consent_by, how=how, on=on, scope=scope, today=today)
    row.consent_by, row.consent_how, row.consent_on, row.scope = consent_by.strip(), how.strip(), on, scope
    row.store()
    details = {"scope": rules.Scope(scope).label.lower()}
    history.record(events.CONSENT_RECORDED, on=row.ref, by=by, details=details)
    return row


@transaction.atomic
def withdraw_consent(
    *, quotation: Quotation, how: str, by: Actor, today: date, expected_version: int | None = None
) -> Quotation:
    """Take a quotation out of use at once: its words are wiped, only that there was one stays on record."""
    access.require(by, permissions.RECORD)
    row: Quotation = Quotation.objects.locked(quotation.pk, expected_version, by=by)
    if row.withdrawn_on is not None:
        raise Refused("Consent was withdrawn already.")
    row.withdrawn_on, row.withdrawn_how = today, how.strip()
    row.keep_words("")
    row.store()
    history.record(events.CONSENT_WITHDRAWN, on=row.ref, by=by)
    return row
