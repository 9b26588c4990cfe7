"""What may be done with the partnership's own profile, agencies and people."""

from shield.kernel.access.rules import declare

VIEW_PROFILE = declare("accounts.view_profile", "See the partnership's profile and agencies")
EDIT_PROFILE = declare("accounts.edit_profile", "Edit the partnership's profile and agencies")
VIEW_PEOPLE = declare("accounts.view_people", "See the people of the partnership")
VIEW_OWN_PEOPLE = declare("accounts.view_own_people", "See the people of their own agency")
MANAGE_PEOPLE = declare("accounts.manage_people", "Add people and give them roles")
MANAGE_OWN_PEOPLE = declare(
    "accounts.manage_own_people", "Invite people into their own agency and end their work there"
)
OPEN_URGENTLY = declare(
    "accounts.open_urgently",
    "Open a restricted record for a while when it cannot wait, with a reason",
    shows_children=True,
)
REVIEW_URGENT = declare("accounts.review_urgent", "Review each urgent opening of a restricted record")
MANAGE_TEAMS = declare("accounts.manage_teams", "Say who is in the team of a case that one works on oneself")
VIEW_HISTORY = declare("accounts.view_history", "See the whole history of the partnership")
EXPORT_RECORDS = declare("accounts.export_records", "Export every record of the partnership")
EXPORT_IDENTITIES = declare("accounts.export_identities", "Export records with people's identities")
