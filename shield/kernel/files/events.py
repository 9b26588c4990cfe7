"""What can happen to a file."""

from shield.kernel.history.events import register

ATTACHED = register("files.attached", "attached the file {title} to {about}")
OPENED = register("files.opened", "opened the file {title}")
