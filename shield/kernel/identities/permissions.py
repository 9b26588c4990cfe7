"""What may be done with identities; each also needs the team of the case."""

from shield.kernel.access.rules import declare

SEE = declare(
    "identities.see",
    "See who stands behind a pseudonym, as a member of the case's team",
    shows_children=True,
)
KEEP = declare(
    "identities.keep", "Add names and spellings to a case, as a member of its team", shows_children=True
)
