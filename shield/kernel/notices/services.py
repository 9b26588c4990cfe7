"""Queueing a message, sending what waits, and each person's choice.

Which guarantee holds: at least once. A message is noted as handed over after the mail server has taken it, so a worker
that dies between the two leaves it waiting and it is sent again, with the same Message-ID, by which mail programs
recognise it. The other way round a message could be lost unseen. GOV.UK Notify is asked first whether it took it.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from shield.kernel.access.rules import Actor, require
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.notices import events, permissions, queries, rules
from shield.kernel.notices.models import Choice, Message, Summary, WayOut
from shield.kernel.notices.rules import State, When
from shield.kernel.records.models import check_storable
from shield.kernel.records.rules import RecordRef, Refused

log = logging.getLogger("shield.notices")

TURN = timedelta(minutes=2)
"""How long one worker may take over one message before another may think it dead. Every answer is waited for 10 s."""
MOST_ASKED = 100
BROKEN_OFF = 3
"""How often a mail server may break off over one message before that message alone is taken to be at fault."""


# Queueing


@transaction.atomic
def queue(
    *, template: rules.Template, address: str, person_id: uuid.UUID | None, fields: dict[str, str], by: Actor, count: int = 1
) -> Message | None:  # fmt: skip
    """Queue one message in the act's transaction, as its reader chose; it leaves only if the act is kept.

    Nothing is queued for whoever wants none of its kind. What is wanted in the weekly summary is kept for that.
    A kind that is gathered joins what already waits for the same person: `count` is of how many things it tells.
    """
    wanted = queries.when(template, person_id, by.partnership_id)
    if wanted == When.NEVER:
        return None
    kept = wanted == When.WEEKLY and template is not rules.SUMMARY
    now = timezone.now()
    if template.gathers and not kept and (found := _joined(template, person_id, by, now)):
        found.count += count
        return _write(found, template, fields, by)
    message = Message(
        partnership_id=by.partnership_id, person_id=person_id, template=template.key, address=address, count=count,
        status=State.KEPT if kept else State.WAITING, queued_at=calendar.now(), give_up_at=now + rules.GIVE_UP_AFTER,
        next_at=now + rules.GATHERED_FOR if template.gathers and not kept else None,
    )  # fmt: skip
    _write(message, template, fields, by)
    if not kept:
        jobs.enqueue("notices.send", run_after=message.next_at, message_id=str(message.pk))
    history.record(events.QUEUED, on=message.ref, by=by)
    return message


def _joined(
    template: rules.Template, person_id: uuid.UUID | None, by: Actor, now: datetime
) -> Message | None:
    """A message of the same kind for the same person that has not left yet."""
    rows = Message.objects.select_for_update().filter(
        partnership_id=by.partnership_id, person_id=person_id, template=template.key, status=State.WAITING, attempts=0,
        next_at__gt=now,
    )  # fmt: skip
    return rows.first() if person_id else None


def _write(message: Message, template: rules.Template, fields: Mapping[str, str], by: Actor) -> Message:
    subject, body = rules.fill(template, fields, count=message.count)
    if message.person_id is not None:
        body += rules.last_line(template, queries.site_link("own_emails", slug=by.partnership_slug))
    message.subject, message.body = subject, body
    check_storable(message)
    message.full_clean()
    message.save()
    return message


def send_unkept(*, template: rules.Template, address: str, fields: dict[str, str]) -> None:
    """Send a message that must not lie in the outbox, because it carries a secret link; raises if it cannot be sent.

    Called by a job, which is tried again; whoever calls makes a new secret each time.
    """
    subject, body = rules.fill(template, fields)
    EmailMessage(subject, body, to=[address]).send()


# Sending


def send_waiting(*, now: datetime) -> int:
    """Hand over every message whose time has come, one after another, in order; returns how many were taken.

    One worker at a time has the turn. The mail server is spoken to outside any transaction: however long it takes, no
    page waits for it. If it does not answer all messages wait for it together, and it is asked again after 1, 5 and
    15 minutes and then every hour.
    """
    began = time.monotonic()
    if not _take_turn(now):
        return 0
    taken = 0
    connection: Any = None
    try:
        while message := _next(now + timedelta(seconds=time.monotonic() - began)):
            connection = connection or get_connection()
            fault = _hand_over(message, connection)
            if fault is not None and fault.of == "way":
                _shut(message, fault.words, now)
                break
            _note(message, fault, now)
            taken += fault is None
    finally:
        _close(connection)
        WayOut.objects.filter(name=queries.MAIL).update(turn_until=None)
    return taken


@transaction.atomic
def _take_turn(now: datetime) -> bool:
    WayOut.objects.get_or_create(name=queries.MAIL)
    way = WayOut.objects.select_for_update().get(name=queries.MAIL)
    if (way.turn_until and way.turn_until > now) or (way.next_at and way.next_at > now):
        return False
    way.turn_until = now + TURN
    way.save(update_fields=["turn_until"])
    return True


@transaction.atomic
def _next(now: datetime) -> Message | None:
    """The message whose turn it is; that its sending begins is noted first."""
    message = Message.objects.due(now).select_for_update().first()
    if message is not None:
        message.attempts += 1
        message.save(update_fields=["attempts"])
        WayOut.objects.filter(name=queries.MAIL).update(turn_until=now + TURN)
    return message


def _hand_over(message: Message, connection: Any) -> rules.Fault | None:
    """Speak to the mail server; what went wrong, if anything did."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    letter: Any = EmailMessage(
        message.subject, message.body, to=[message.address], connection=connection,
        headers={"Message-ID": f"<{message.pk}@{domain}>"},
    )  # fmt: skip
    letter.reference, letter.is_repeat = str(message.pk), message.attempts > 1
    opened = False
    try:
        connection.open()
        opened = True
        letter.send()
    except Exception as problem:
        fault = rules.judge(problem)
        if opened and isinstance(problem, SMTPServerDisconnected) and message.attempts > BROKEN_OFF:
            fault = rules.Fault("message", rules.BROKEN_OFF)  # else one message could keep all others back
        if fault.of == "message":
            _close(connection)
        return fault
    message.notify_id = getattr(letter, "notify_id", "")[:40]
    return None


def _close(connection: Any) -> None:
    """Say goodbye; a server that is gone cannot be told."""
    try:
        if connection is not None:
            connection.close()
    except OSError:
        return


@transaction.atomic
def _note(message: Message, fault: rules.Fault | None, now: datetime) -> None:
    """Keep what became of one attempt, and that the way out is open."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    row.problem = fault.words if fault else ""
    if fault is None:
        row.status, row.sent_at, row.notify_id = State.SENT, calendar.now(), message.notify_id
    elif fault.of == "never" or (row.give_up_at and row.give_up_at <= now):
        row.status = State.FAILED
    else:
        row.next_at = now + rules.wait_after(row.attempts)
        jobs.enqueue("notices.send_waiting", run_after=row.next_at)
    row.save()
    WayOut.objects.filter(name=queries.MAIL, failures__gt=0).update(
        failures=0, next_at=None, shut_since=None, problem=""
    )


@transaction.atomic
def _shut(message: Message, words: str, now: datetime) -> None:
    """The way out is shut: note since when, when it is tried again, and give up what has waited for four days."""
    way = WayOut.objects.select_for_update().get(name=queries.MAIL)
    way.failures += 1
    way.problem, way.shut_since = words, way.shut_since or calendar.now()
    way.next_at = now + rules.wait_after(way.failures)
    way.save()
    Message.objects.filter(pk=message.pk).update(problem=words)
    waiting = Message.objects.filter(status=State.WAITING)
    waiting.filter(give_up_at__lte=now).update(status=State.FAILED, problem=words)
    log.warning(
        "E-mail waits: %s. It is tried again in %s minutes.",
        words,
        rules.wait_after(way.failures).seconds // 60,
    )
    if waiting.exists():
        jobs.enqueue("notices.send_waiting", run_after=way.next_at)


def ask_back(*, now: datetime) -> int:
    """Ask GOV.UK Notify what became of the messages of the last days; returns how many have come to an end.

    By SMTP nothing is known beyond that the mail server took a message.
    """
    connection: Any = get_connection()
    if not hasattr(connection, "status_of"):
        return 0
    settled = 0
    for message in queries.to_ask_about(now, most=MOST_ASKED):
        try:
            said = connection.status_of(message.notify_id)
        except rules.Undeliverable:
            said = ""  # it knows the message no more: what was last known stands
        except rules.Delayed:
            break
        settled += _settle(message, said, now)
    return settled


@transaction.atomic
def _settle(message: Message, said: str, now: datetime) -> bool:
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.status != State.SENT or row.notify_id != message.notify_id:
        return False
    row.asked_at = now
    ended = rules.NOTIFY_STATES.get(said)
    if ended:
        row.status, row.problem = ended
    row.save(update_fields=["asked_at", "status", "problem"])
    return ended is not None


@transaction.atomic
def send_again(*, message: Message, address: str, by: Actor) -> Message:
    """Let a message that was given up, or could not be delivered, be tried again, to the address its reader has now."""
    require(by, permissions.SEND_AGAIN)
    row = Message.objects.select_for_update().get(pk=message.pk, partnership_id=by.partnership_id)
    if row.status not in rules.ENDED_BADLY:
        raise Refused(f"This e-mail is not given up. It stands at: {row.get_status_display().lower()}.")
    now = timezone.now()
    # What was given up was never taken under its id; what came back was, and is another message now.
    row.status, row.attempts, row.address, row.notify_id, row.asked_at = State.WAITING, 0, address, "", None
    row.next_at, row.give_up_at = None, now + rules.GIVE_UP_AFTER
    row.full_clean()
    row.save()
    WayOut.objects.filter(name=queries.MAIL).update(next_at=None)
    jobs.enqueue("notices.send", message_id=str(row.pk))
    history.record(events.SENT_AGAIN, on=row.ref, by=by)
    return row


# Each person's choice, and the weekly summary


@transaction.atomic
def choose(*, choices: Mapping[str, str], by: Actor) -> None:
    """Keep when a person gets which kind of message of this partnership; theirs alone to say."""
    if by.person_id is None:
        raise Refused("Only a person can choose their e-mails.")
    rules.check_choices(choices)
    mine: dict[str, Any] = {"person_id": by.person_id, "partnership_id": by.partnership_id}
    before = queries.choices_of(by.person_id, by.partnership_id)
    changed = []
    for key, wanted in choices.items():
        kind = rules.TEMPLATES[key]
        if rules.when(kind, before.get(key)) != wanted:
            changed.append(f"{kind.label}: {When(wanted).label.lower()}")
        Choice.objects.update_or_create(template=key, **mine, defaults={"when": wanted})
    if choices.get(rules.SUMMARY.key) == When.NEVER:
        _let_go(by)
    if changed:
        person = RecordRef("accounts.person", by.person_id, by.person_name)
        history.record(events.CHOSEN, on=person, by=by, details={"changes": "; ".join(changed)})


def _let_go(by: Actor) -> None:
    """What was kept for a summary that is no longer wanted leaves at once: nothing that was kept is lost."""
    kept = Message.objects.filter(person_id=by.person_id, partnership_id=by.partnership_id, status=State.KEPT)
    if kept.update(status=State.WAITING, give_up_at=timezone.now() + rules.GIVE_UP_AFTER):
        jobs.enqueue("notices.send_waiting")


@transaction.atomic
def begin_summary(*, person_id: uuid.UUID, week: date, by: Actor) -> bool:
    """Take a person's summary of a week in hand; False if that was done before. Part of the act that queues it."""
    mine: dict[str, Any] = {"person_id": person_id, "partnership_id": by.partnership_id}
    Summary.objects.get_or_create(**mine)
    row = Summary.objects.select_for_update().get(**mine)
    if row.week is not None and row.week >= week:
        return False
    row.week = week
    row.save(update_fields=["week"])
    return True


@transaction.atomic
def note_told(*, person_id: uuid.UUID, by: Actor) -> int:
    """What was kept for a person's weekly summary has been told in it; part of the act that queues it."""
    kept = Message.objects.filter(person_id=person_id, partnership_id=by.partnership_id, status=State.KEPT)
    return kept.update(status=State.TOLD, sent_at=calendar.now())
