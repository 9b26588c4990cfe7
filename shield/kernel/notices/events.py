"""What can happen to a message."""

from shield.kernel.history.events import register

QUEUED = register("notices.queued", "queued the message “{title}”")
SENT_AGAIN = register("notices.sent_again", "sent the message “{title}” again")
CHOSEN = register("notices.chosen", "changed which e-mails they get: {changes}")
