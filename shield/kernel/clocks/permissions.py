"""What may be done with clocks."""

from shield.kernel.access.rules import declare

VIEW = declare("clocks.view", "See statutory clocks")
CHANGE = declare("clocks.change", "Pause, extend, stop or meet a clock")
REMINDED = declare("clocks.be_reminded", "Is told when a statutory date is near or has passed")
VIEW_ESCALATIONS = declare("clocks.view_escalations", "See what was escalated, and what came of it")
ESCALATE = declare("clocks.escalate", "Put what is late or stuck before the safeguarding partners")
ANSWER = declare("clocks.answer", "Answer what is escalated")
EDIT_HOLIDAYS = declare("clocks.edit_holidays", "Update England's bank holidays")
"""Holidays belong to the installation: only the system holds this, through the command line."""
