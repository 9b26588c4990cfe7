"""What can happen to a partnership, its agencies and people."""

from shield.kernel.history.events import register

PARTNERSHIP_FOUNDED = register("accounts.partnership_founded", "set up the partnership {title}")
PROFILE_CHANGED = register("accounts.profile_changed", "changed the profile of {title}")
AGENCY_ADDED = register("accounts.agency_added", "added the agency {title}")
AGENCY_CHANGED = register("accounts.agency_changed", "changed the agency {title}")
OFFICE_ADDED = register("accounts.office_added", "added the office {title}")
PERSON_ADDED = register("accounts.person_added", "added {title} to the partnership")
ROLE_GRANTED = register("accounts.role_granted", "gave {title} the role {role}")
ROLE_ENDED = register("accounts.role_ended", "ended the role {role} of {title}")
AGENCY_JOINED = register("accounts.agency_joined", "noted that {title} works for {agency}")
AGENCY_LEFT = register("accounts.agency_left", "noted that {title} has left {agency}")
SESSION_ENDED = register("accounts.session_ended", "ended one of their own sessions")
OTHER_SESSIONS_ENDED = register("accounts.other_sessions_ended", "ended all their sessions but one")
SESSIONS_ENDED = register("accounts.sessions_ended", "ended all sessions of {title}")
LEAVING_PLANNED = register("accounts.leaving_planned", "noted that {title} leaves after {last_day}: {reason}")
LEAVING_WITHDRAWN = register(
    "accounts.leaving_withdrawn", "noted that {title} does not leave after {last_day}"
)
PERSON_LEFT = register(
    "accounts.person_left",
    "noted that {title} has left, the last day being {last_day}: {reason}; {handed}",
)
INVITED = register("accounts.invited", "wrote {title}")
INVITATION_RESENT = register("accounts.invitation_resent", "sent {title} again, with a new link")
INVITATION_WITHDRAWN = register("accounts.invitation_withdrawn", "withdrew {title}")
INVITATION_ACCEPTED = register("accounts.invitation_accepted", "accepted {title}")
SIGN_IN_CHANGED = register("accounts.sign_in_changed", "changed how they sign in: {what}")
SECOND_FACTOR_RESET = register("accounts.second_factor_reset", "reset the second factor of {title}: {reason}")
OPENED_URGENTLY = register(
    "accounts.opened_urgently", "opened “{title}” because it was urgent, until {until}: {reason}"
)
URGENT_CLOSED = register("accounts.urgent_closed", "closed the urgent opening of “{title}” early")
URGENT_REVIEWED = register(
    "accounts.urgent_reviewed", "reviewed the urgent opening of “{title}”: {finding}. {words}"
)
TEAM_FORMED = register("accounts.team_formed", "formed “{title}” with {people}: {purpose}")
TEAM_JOINED = register("accounts.team_joined", "took {person} into “{title}”: {reason}")
TEAM_LEFT = register("accounts.team_left", "took {person} out of “{title}”: {reason}")
TEAM_LED = register("accounts.team_led", "made {person} lead of “{title}”")
CONFLICT_DECLARED = register(
    "accounts.conflict_declared", "declared a conflict of interest of {person} with “{title}”"
)
CONFLICT_ENDED = register(
    "accounts.conflict_ended", "ended the conflict of interest of {person} with “{title}”: {reason}"
)
