"""The way out through GOV.UK Notify (https://docs.notifications.service.gov.uk/python.html), as a backend of Django's.

Every message goes into one template of the service, whose subject is ((subject)) and whose text is ((body)): the
words stay here, where they are reviewed. SMTP, the other way out, is Django's own backend.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from shield.kernel.notices import rules

SECONDS = 10
"""How long an answer is waited for."""
SILENT = "GOV.UK Notify does not answer"
FULL = "GOV.UK Notify takes no more messages for now, because a limit is reached"
NO_KEY = "GOV.UK Notify refuses our key"
CLOCK = "GOV.UK Notify refuses us because this machine’s clock is wrong"


class NotifyBackend(BaseEmailBackend):
    """Hands messages to GOV.UK Notify, each under a reference made from its id."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.client = NotificationsAPIClient(
            settings.SHIELD_NOTIFY_API_KEY, base_url=settings.SHIELD_NOTIFY_URL, timeout=SECONDS
        )

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand each over; raises rules.Undeliverable or rules.Delayed, in words, at the first that is not taken."""
        for message in email_messages:
            for address in message.to:
                self._send(message, address)
        return len(email_messages)

    def _send(self, message: EmailMessage, address: str) -> None:
        """Send to one address, unless an earlier attempt whose end nobody noted was taken after all."""
        reference = getattr(message, "reference", "") or None
        taken = self._taken(reference) if reference and getattr(message, "is_repeat", False) else ""
        message.notify_id = taken or self._hand_over(message, address, reference)  # type: ignore[attr-defined]

    def _hand_over(self, message: EmailMessage, address: str, reference: str | None) -> str:
        answer = _asked(
            lambda: self.client.send_email_notification(
                email_address=address,
                template_id=settings.SHIELD_NOTIFY_TEMPLATE,
                personalisation={"subject": message.subject, "body": message.body},
                reference=reference,
                email_reply_to_id=settings.SHIELD_NOTIFY_REPLY_TO or None,
            )
        )
        return str(answer["id"])

    def _taken(self, reference: str) -> str:
        """The id under which an earlier attempt was taken; empty if none was."""
        answer = _asked(lambda: self.client.get_all_notifications(template_type="email", reference=reference))
        failed = {key for key, (state, _) in rules.NOTIFY_STATES.items() if state in rules.ENDED_BADLY}
        return next((str(each["id"]) for each in answer["notifications"] if each["status"] not in failed), "")

    def status_of(self, notify_id: str) -> str:
        """What GOV.UK Notify says of a message it took: created, sending, delivered or some failure."""
        return str(_asked(lambda: self.client.get_notification_by_id(notify_id))["status"])


def _asked(question: Callable[[], Any]) -> Any:
    """An answer, or what is wrong in our own words: a foreign text may hold an address."""
    try:
        return question()
    except APIError as problem:
        raise _judged(problem) from problem


def _judged(problem: APIError) -> Exception:
    """A bad key or request is never taken, a limit or a fault of the service is for now only."""
    said = problem.message
    texts = [str(each.get("message", "")) for each in said] if isinstance(said, list) else [str(said)]
    text = rules.without_addresses(" ".join(texts))
    if problem.status_code == 403:
        return rules.Delayed(CLOCK) if "clock" in text else rules.Undeliverable(NO_KEY)
    if problem.status_code == 429:
        return rules.Delayed(FULL)
    if 400 <= problem.status_code < 500:
        return rules.Undeliverable(f"GOV.UK Notify does not take it: {text}")
    return rules.Delayed(SILENT)
