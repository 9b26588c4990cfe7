"""What may be done with clocks."""

from shield.kernel.access.rules import declare

VIEW = declare("clocks.view", "See statutory clocks")
CHANGE = declare("clocks.change", "Pause, extend, stop or meet a clock")
EDIT_HOLIDAYS = declare("clocks.edit_holidays", "Update England's bank holidays")
"""Holidays belong to the installation: only the system holds this, through the command line."""
