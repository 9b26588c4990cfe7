"""Who may do what: the one readable table of access roles and permissions.

A role is given to a person from a day to a day (`accounts.RoleGrant`). Offices (chair, topic lead) and team
membership are other things and give none of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shield.annual_report import permissions as annual_report
from shield.domain.audits import permissions as audits
from shield.domain.chronologies import permissions as chronologies
from shield.domain.learning_hub import permissions as learning_hub
from shield.domain.lessons import permissions as lessons
from shield.domain.reviews import permissions as reviews
from shield.domain.voice import permissions as voice
from shield.improvement import permissions as improvement
from shield.kernel.access.rules import PERMISSIONS, Permission
from shield.kernel.accounts import permissions as accounts
from shield.kernel.clocks import permissions as clocks
from shield.kernel.files import permissions as files
from shield.kernel.identities import permissions as identities
from shield.kernel.notices import permissions as notices
from shield.kernel.reporting import permissions as reporting
from shield.kernel.retention import permissions as retention
from shield.meetings import permissions as meetings


@dataclass(frozen=True)
class Role:
    """An access role: its label and what it is for.

    `by_agency`: an agency's own administrator may give and end it.
    """

    label: str
    purpose: str
    system: bool = False
    by_agency: bool = False


ROLES: dict[str, Role] = {
    "business_manager": Role("Business manager", "Runs the partnership's year and its report"),
    "learning_manager": Role("Practice review and learning manager", "Runs Learning Hub cycles and reviews"),
    "safeguarding_partner": Role(
        "Safeguarding partner", "Local authority, police or health: decides and frees what is stuck"
    ),
    "scrutineer": Role("Independent scrutineer", "Follows claims to their evidence and challenges"),
    "agency_lead": Role("Agency lead", "Sees and answers what is asked of their agency", by_agency=True),
    "agency_admin": Role(
        "Agency administrator", "Invites the people of their own agency and ends their work there"
    ),
    "child_death_coordinator": Role(
        "Child death review coordinator", "Coordinates the review of every child's death"
    ),
    "exploitation_chair": Role(
        "Exploitation panel chair", "Chairs the panel on missing and exploited children"
    ),
    "practitioner": Role("Practitioner or champion", "Learns, and passes learning on", by_agency=True),
    "public": Role("Anybody", "Reads what is published", system=True),
    "system": Role("The system", "Scheduled work and the command line", system=True),
}

BM, LM, SP, IS, AL = (
    "business_manager",
    "learning_manager",
    "safeguarding_partner",
    "scrutineer",
    "agency_lead",
)
AA, CD, EC, PR, PUBLIC = (
    "agency_admin",
    "child_death_coordinator",
    "exploitation_chair",
    "practitioner",
    "public",
)

TABLE: tuple[tuple[Permission, tuple[str, ...]], ...] = (
    (accounts.VIEW_PROFILE, (BM, LM, SP, IS, AL, AA, CD, EC, PR)),
    (accounts.EDIT_PROFILE, (BM,)),
    (accounts.VIEW_PEOPLE, (BM, LM, SP)),
    (accounts.VIEW_OWN_PEOPLE, (BM, LM, SP, AA)),
    (accounts.MANAGE_PEOPLE, (BM,)),
    (accounts.MANAGE_OWN_PEOPLE, (BM, AA)),
    (accounts.OPEN_URGENTLY, (BM, LM, SP, IS, AL, CD, EC)),
    (accounts.REVIEW_URGENT, (BM, SP)),
    (accounts.MANAGE_TEAMS, (BM, LM, SP, CD, EC)),
    (identities.SEE, (BM, LM, SP, IS, AL, CD, EC)),
    (identities.KEEP, (BM, LM, SP, CD, EC)),
    (accounts.VIEW_HISTORY, (BM, SP, IS)),
    (notices.VIEW_OUTBOX, (BM,)),
    (notices.SEND_AGAIN, (BM,)),
    (accounts.EXPORT_RECORDS, (BM,)),
    (accounts.EXPORT_IDENTITIES, (BM,)),
    (improvement.VIEW, (BM, LM, SP, IS)),
    (improvement.VIEW_OWN, (BM, LM, SP, IS, AL)),
    (improvement.EDIT, (BM, LM)),
    (improvement.ASSIGN, (BM, LM)),
    (improvement.UPDATE_ACTION, (BM, LM, SP, AL)),
    (improvement.ADD_EVIDENCE, (BM, LM, SP, AL)),
    (improvement.REVIEW_IMPACT, (BM, LM, SP)),
    (meetings.VIEW, (BM, LM, SP, IS, AL, CD, EC)),
    (meetings.READ_MINUTES, (BM, LM, SP, IS)),
    (meetings.VIEW_LEADS, (BM, LM, SP, IS, AL, AA, CD, EC, PR)),
    (meetings.EDIT_BODY, (BM,)),
    (meetings.RECORD_GATHERING, (BM, LM)),
    (meetings.RECORD_DECISION, (BM, LM)),
    (meetings.NAME_OWN_LEADS, (BM, AL)),
    (meetings.CONTRIBUTE, (BM, LM, SP, IS, AL, CD, EC)),
    (learning_hub.VIEW, (BM, LM, SP, IS, AL)),
    (learning_hub.RUN, (BM, LM)),
    (learning_hub.REPORT, (BM, LM, SP, AL)),
    (audits.VIEW, (BM, LM, SP, IS, AL)),
    (audits.RUN, (BM, LM)),
    (audits.ANSWER, (BM, LM, SP, AL)),
    (audits.COMPARE, (BM, LM, SP, IS)),
    (lessons.READ, (BM, LM, SP, IS, AL, AA, CD, EC, PR)),
    (lessons.WRITE, (BM, LM)),
    (lessons.BRING, (BM, LM, SP, AL, CD, EC)),
    (lessons.JUDGE, (BM, LM)),
    (reviews.VIEW, (BM, LM, SP, IS)),
    (reviews.REFER, (BM, LM, SP, AL, CD, EC, PR)),
    (reviews.WORK, (BM, LM)),
    (reviews.SIGN, (SP,)),
    (reviews.ANSWER, (BM, LM, SP, AL)),
    (voice.VIEW, (BM, LM, SP, IS, AL)),
    (voice.RECORD, (BM, LM)),
    (voice.HEAR_HUB, (BM, LM)),
    (voice.HEAR_BOARD, (BM, LM, SP, IS)),
    (voice.CIRCLE, (BM, LM)),
    (chronologies.READ, (BM, LM, SP, IS)),
    (chronologies.OPEN, (BM, LM, SP)),
    (chronologies.EDIT, (BM, LM, SP)),
    (chronologies.CONTRIBUTE, (BM, LM, SP, AL)),
    (chronologies.EXPORT_NAMES, (BM, LM, SP)),
    (clocks.VIEW, (BM, LM, SP, IS)),
    (clocks.CHANGE, (BM,)),
    (clocks.REMINDED, (BM, LM)),
    (clocks.VIEW_ESCALATIONS, (BM, LM, SP, IS)),
    (clocks.ESCALATE, (BM, LM)),
    (clocks.ANSWER, (SP, BM)),
    (clocks.EDIT_HOLIDAYS, ()),
    (files.VIEW, (BM, LM, SP, IS, AL, CD, EC)),
    (files.ATTACH, (BM, LM, SP, IS, AL, CD, EC)),
    (reporting.VIEW_FIGURES, (BM, LM, SP, IS)),
    (reporting.RECORD_STATEMENT, (BM, LM)),
    (reporting.SETTLE, (BM,)),
    (reporting.EDIT_YEARS, (BM,)),
    (retention.VIEW, (BM, SP)),
    (retention.SET_PERIODS, (BM,)),
    (retention.HOLD, (BM,)),
    (retention.PROPOSE, (BM,)),
    (retention.CONFIRM, (BM, SP)),
    (retention.ANSWER, (BM,)),
    (annual_report.VIEW, (BM, LM, SP, IS)),
    (annual_report.WRITE, (BM, LM)),
    (annual_report.BUILD, (BM, LM)),
    (annual_report.ISSUE, (BM,)),
    (annual_report.READ_PUBLISHED, (BM, LM, SP, IS, AL, AA, CD, EC, PR, PUBLIC)),
)


@lru_cache(maxsize=1)
def permissions_by_role() -> dict[str, frozenset[str]]:
    """What each role may do; the system may do everything."""
    table = {role: frozenset(p.key for p, roles in TABLE if role in roles) for role in ROLES}
    return {**table, "system": frozenset(PERMISSIONS)}
