"""What can happen to identities; the history never holds a name."""

from shield.kernel.history.events import register

ADDED = register("identities.added", "put the names of {title} into the vault")
CHANGED = register("identities.changed", "changed what is kept of {title}: {what}")
DECIDED = register("identities.decided", "decided on {count} words of {title} that could be names: {how}")
