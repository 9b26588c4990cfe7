"""Acts on partnerships, people, sessions and leavers, gathered under one name."""

from shield.kernel.accounts.services.emails import send_email_again, send_summaries
from shield.kernel.accounts.services.invitations import (
    accept,
    accept_as_new,
    invite,
    resend_invitation,
    send_delayed_invitations,
    send_invitation,
    withdraw_invitation,
)
from shield.kernel.accounts.services.leaving import carry_out_leavings, leave, withdraw_leaving
from shield.kernel.accounts.services.partnerships import (
    add_agency,
    add_office,
    change_agency,
    change_profile,
    found_partnership,
    note_source,
)
from shield.kernel.accounts.services.people import (
    add_person,
    end_role,
    grant_role,
    join_agency,
    leave_agency,
)
from shield.kernel.accounts.services.second_factor import note_sign_in_changed, reset_second_factor
from shield.kernel.accounts.services.sessions import (
    cut_off,
    end_other_sessions,
    end_session,
    end_sessions,
    note_session,
)
from shield.kernel.accounts.services.teams import (
    declare_conflict,
    dedicate,
    end_conflict,
    form_team,
    join_team,
    lead_team,
    leave_team,
)
from shield.kernel.accounts.services.urgent import close_urgent, open_urgently, review_urgent

__all__ = [
    "accept",
    "accept_as_new",
    "add_agency",
    "add_office",
    "add_person",
    "carry_out_leavings",
    "change_agency",
    "change_profile",
    "close_urgent",
    "cut_off",
    "declare_conflict",
    "dedicate",
    "end_conflict",
    "end_other_sessions",
    "end_role",
    "end_session",
    "end_sessions",
    "form_team",
    "found_partnership",
    "grant_role",
    "invite",
    "join_agency",
    "join_team",
    "lead_team",
    "leave",
    "leave_agency",
    "leave_team",
    "note_session",
    "note_sign_in_changed",
    "note_source",
    "open_urgently",
    "resend_invitation",
    "reset_second_factor",
    "review_urgent",
    "send_delayed_invitations",
    "send_email_again",
    "send_invitation",
    "send_summaries",
    "withdraw_invitation",
    "withdraw_leaving",
]
