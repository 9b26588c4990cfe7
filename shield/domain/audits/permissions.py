"""What may be done with audits."""

from shield.kernel.access.rules import declare

VIEW = declare("audits.view", "See which audits are planned and done")
RUN = declare("audits.run", "Run audits: choose records, ask agencies, moderate", shows_children=True)
ANSWER = declare(
    "audits.answer", "Answer the part of an audit that is asked of your own agency", shows_children=True
)
COMPARE = declare(
    "audits.compare", "See the answers of all agencies once the panel moderates", shows_children=True
)
