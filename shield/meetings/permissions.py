"""What may be done with bodies, gatherings and decisions."""

from shield.kernel.access.rules import declare

VIEW = declare("meetings.view", "See bodies, meetings and decisions")
READ_MINUTES = declare(
    "meetings.read_minutes", "Read the circulated minutes of every body, not only of one's own"
)
VIEW_LEADS = declare("meetings.view_leads", "See who leads on each topic in each agency")
EDIT_BODY = declare("meetings.edit_body", "Edit bodies and their terms of reference")
RECORD_GATHERING = declare("meetings.record_gathering", "Record meetings and attendance")
RECORD_DECISION = declare("meetings.record_decision", "Record decisions of a meeting")
NAME_OWN_LEADS = declare("meetings.name_own_leads", "Name who leads on each topic in one's own agency")
CONTRIBUTE = declare(
    "meetings.contribute", "Hand in papers, declare interests and ask for corrections of minutes"
)
