"""Arriving, and the pages on the partnership itself: profile, agencies, people, its whole history."""

from shield.kernel.accounts.views.account import account, sessions
from shield.kernel.accounts.views.agencies import add_agency, agencies, agency, change_agency
from shield.kernel.accounts.views.arriving import (
    AccountAdapter,
    PartnershipOfAddress,
    SessionLimits,
    become,
    personas,
    start,
)
from shield.kernel.accounts.views.emails import email, email_again, email_kinds, emails, own_emails
from shield.kernel.accounts.views.invitations import act_on_invitation, invitation, invitations, invite
from shield.kernel.accounts.views.leaving import end_sessions, leave, withdraw_leaving
from shield.kernel.accounts.views.people import (
    end_post,
    end_role,
    give_post,
    give_role,
    people,
    person,
)
from shield.kernel.accounts.views.profile import change_profile, profile
from shield.kernel.accounts.views.second_factor import (
    SecondFactorAdapter,
    SecondFactorDemanded,
    activate_app,
    add_passkey,
    change_password,
    new_codes,
    remove_app,
    remove_passkey,
    rename_passkey,
    reset_second_factor,
    security,
)
from shield.kernel.accounts.views.single_sign_on import SingleSignOnAdapter, sso_begin, sso_return
from shield.kernel.accounts.views.teams import (
    team,
    team_conflict,
    team_conflict_end,
    team_conflict_of,
    team_join,
    team_lead,
    team_leave,
)
from shield.kernel.accounts.views.trail import history
from shield.kernel.accounts.views.urgent import (
    close_urgent,
    open_urgently,
    review_urgent,
    urgent_opening,
    urgent_openings,
)

__all__ = [
    "AccountAdapter",
    "PartnershipOfAddress",
    "SecondFactorAdapter",
    "SecondFactorDemanded",
    "SessionLimits",
    "SingleSignOnAdapter",
    "account",
    "act_on_invitation",
    "activate_app",
    "add_agency",
    "add_passkey",
    "agencies",
    "agency",
    "become",
    "change_agency",
    "change_password",
    "change_profile",
    "close_urgent",
    "email",
    "email_again",
    "email_kinds",
    "emails",
    "end_post",
    "end_role",
    "end_sessions",
    "give_post",
    "give_role",
    "history",
    "invitation",
    "invitations",
    "invite",
    "leave",
    "new_codes",
    "open_urgently",
    "own_emails",
    "people",
    "person",
    "personas",
    "profile",
    "remove_app",
    "remove_passkey",
    "rename_passkey",
    "reset_second_factor",
    "review_urgent",
    "security",
    "sessions",
    "sso_begin",
    "sso_return",
    "start",
    "team",
    "team_conflict",
    "team_conflict_end",
    "team_conflict_of",
    "team_join",
    "team_lead",
    "team_leave",
    "urgent_opening",
    "urgent_openings",
    "withdraw_leaving",
]
