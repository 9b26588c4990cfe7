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
