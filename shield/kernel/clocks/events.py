"""What can happen to a clock."""

from shield.kernel.history.events import register

STARTED = register("clocks.started", "started the clock “{title}”, due {due}")
PAUSED = register("clocks.paused", "paused the clock “{title}”: {reason}")
RESUMED = register("clocks.resumed", "resumed the clock “{title}”, now due {due}")
EXTENDED = register("clocks.extended", "extended the clock “{title}” to {due}: {reason}")
MET = register("clocks.met", "met the duty “{title}” on {on}")
STOPPED = register("clocks.stopped", "stopped the clock “{title}”: {reason}")
MOVED = register("clocks.moved", "moved the clock “{title}” from {before} to {due}: {reason}")
HOLIDAYS_UPDATED = register(
    "clocks.holidays_updated", "updated England's bank holidays: {added} added, {removed} removed"
)
REMINDED = register("clocks.reminded", "told {told} of “{title}”, due {due}")
ESCALATED = register("clocks.escalated", "escalated “{title}”: {reason}")
ESCALATION_ANSWERED = register("clocks.escalation_answered", "answered the escalation of “{title}”: {answer}")
ESCALATION_WITHDRAWN = register(
    "clocks.escalation_withdrawn", "took back the escalation of “{title}”: {reason}"
)
