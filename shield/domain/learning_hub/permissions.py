"""What may be done with Learning Hub cycles."""

from shield.kernel.access.rules import declare

VIEW = declare("learning_hub.view", "See the Learning Hub")
RUN = declare("learning_hub.run", "Run Learning Hub cycles")
REPORT = declare("learning_hub.report", "Report on what your own agency passes on")
