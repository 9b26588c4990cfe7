"""Who looks after the e-mails that leave."""

from shield.kernel.access.rules import declare

VIEW_OUTBOX = declare("notices.view_outbox", "See which e-mails were sent, and what became of them")
SEND_AGAIN = declare("notices.send_again", "Send an e-mail again")
