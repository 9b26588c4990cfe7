"""The doors of every module, in the order in which pages show what they give."""

from shield.annual_report import doors as annual_report
from shield.domain.audits import doors as audits
from shield.domain.chronologies import doors as chronologies
from shield.domain.learning_hub import doors as learning_hub
from shield.domain.lessons import doors as lessons
from shield.domain.reviews import doors as reviews
from shield.domain.voice import doors as voice
from shield.improvement import doors as improvement
from shield.improvement import services as improvement_services
from shield.kernel.accounts import doors as accounts
from shield.kernel.clocks import doors as clocks
from shield.kernel.history import doors as history
from shield.kernel.notices import doors as notices
from shield.kernel.reporting import doors as reporting
from shield.kernel.retention import doors as retention
from shield.meetings import doors as meetings
from shield.project import seats

DOORS = (
    accounts, reporting, clocks, meetings, improvement, learning_hub, audits, reviews, lessons, chronologies, voice,
    annual_report, seats, notices, history, retention,
)  # fmt: skip
HANDS = (improvement_services, seats)
"""What passes on the open work of somebody who leaves: each has `hand_over(person, to, by, today)`."""
