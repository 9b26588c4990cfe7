"""What can happen to a message."""

from shield.kernel.history.events import register

QUEUED = register("notices.queued", "queued the message “{title}”")
