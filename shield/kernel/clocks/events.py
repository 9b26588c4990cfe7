"""What can happen to a clock."""

from shield.kernel.history.events import register

STARTED = register("clocks.started", "started the clock “{title}”, due {due}")
PAUSED = register("clocks.paused", "paused the clock “{title}”: {reason}")
RESUMED = register("clocks.resumed", "resumed the clock “{title}”, now due {due}")
EXTENDED = register("clocks.extended", "extended the clock “{title}” to {due}: {reason}")
MET = register("clocks.met", "met the duty “{title}” on {on}")
MET_OUTSIDE = register("clocks.met_outside", "met the duty “{title}” on {on}, outside Shield: {reason}")
STOPPED = register("clocks.stopped", "stopped the clock “{title}”: {reason}")
PUT_RIGHT = register(
    "clocks.put_right", "said that “{title}” was marked as {was} by mistake, now due {due}: {reason}"
)
MOVED = register("clocks.moved", "moved the clock “{title}” from {before} to {due}: {reason}")
HOLIDAYS_UPDATED = register(
    "clocks.holidays_updated", "updated England's bank holidays: {added} added, {removed} removed"
)
REMINDED = register("clocks.reminded", "queued a reminder of “{title}”, due {due}, for {told}")
CHASED = register("clocks.chased", "chased “{title}”, due {due}: queued a message for {told}")
ESCALATED = register("clocks.escalated", "escalated “{title}”: {reason}")
REASON_ADDED = register("clocks.reason_added", "gave a further reason to escalate “{title}”: {reason}")
ESCALATION_ANSWERED = register("clocks.escalation_answered", "answered the escalation of “{title}”: {answer}")
ESCALATION_WITHDRAWN = register(
    "clocks.escalation_withdrawn", "took back the escalation of “{title}”: {reason}"
)
