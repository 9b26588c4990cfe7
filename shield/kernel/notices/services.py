"""Queueing a message and sending what waits."""

from __future__ import annotations

import uuid

from django.core.mail import EmailMessage
from django.db import transaction

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.jobs.rules import ATTEMPTS
from shield.kernel.notices import events, rules
from shield.kernel.notices.models import Message
from shield.kernel.records.models import check_storable
from shield.kernel.records.rules import RecordRef

GIVE_UP_AFTER = 100
"""Attempts: five by the job that was asked for with the message, then one an hour, about four days in all."""


@transaction.atomic
def queue(
    *, template: rules.Template, address: str, person_id: uuid.UUID | None, fields: dict[str, str], by: Actor
) -> Message:
    """Queue one message in the act's transaction; it leaves only if the act is kept."""
    subject, body = rules.fill(template, fields)
    message = Message(
        partnership_id=by.partnership_id,
        person_id=person_id,
        template=template.key,
        address=address,
        subject=subject,
        body=body,
        queued_at=calendar.now(),
    )
    check_storable(message)
    message.full_clean()
    message.save()
    jobs.enqueue("notices.send", message_id=str(message.pk))
    history.record(events.QUEUED, on=RecordRef("notices.message", message.pk, subject), by=by)
    return message


def send(*, message_id: uuid.UUID) -> bool:
    """Send one waiting message; a mail server that is down leaves it waiting and raises, to be tried again.

    The mail server is spoken to outside the transaction: however long it takes, no page waits for it.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.status != "waiting":
            return False
        message.attempts += 1
        message.save(update_fields=["attempts"])
    try:
        EmailMessage(message.subject, message.body, to=[message.address]).send()
    except OSError as problem:
        given_up = message.attempts >= GIVE_UP_AFTER
        _note(message, "failed" if given_up else "waiting", type(problem).__name__)
        if given_up:
            return False
        raise
    _note(message, "sent")
    return True


def send_unkept(*, template: rules.Template, address: str, fields: dict[str, str]) -> None:
    """Send a message that must not lie in the outbox, because it carries a secret link; raises if it cannot be sent.

    Called by a job, which is tried again; whoever calls makes a new secret each time.
    """
    subject, body = rules.fill(template, fields)
    EmailMessage(subject, body, to=[address]).send()


@transaction.atomic
def _note(message: Message, status: str, problem: str = "") -> None:
    row = Message.objects.select_for_update().get(pk=message.pk)
    row.status, row.problem = status, problem
    row.sent_at = calendar.now() if status == "sent" else None
    row.save(update_fields=["status", "problem", "sent_at"])


@transaction.atomic
def send_delayed() -> int:
    """Ask again for every message whose own job has given up; returns how many."""
    delayed = Message.objects.filter(status="waiting", attempts__gte=ATTEMPTS).values_list("pk", flat=True)
    for message_id in delayed:
        jobs.enqueue("notices.send", attempt=ATTEMPTS, message_id=str(message_id))
    return len(delayed)
