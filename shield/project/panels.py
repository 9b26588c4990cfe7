"""The doors of every module, in the order in which pages show what they give."""

from shield.annual_report import doors as annual_report
from shield.domain.learning_hub import doors as learning_hub
from shield.improvement import doors as improvement
from shield.kernel.clocks import doors as clocks
from shield.kernel.reporting import doors as reporting
from shield.meetings import doors as meetings

DOORS = (reporting, clocks, meetings, improvement, learning_hub, annual_report)
