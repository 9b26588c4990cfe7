"""What may be done with the evidence chain."""

from shield.kernel.access.rules import declare

VIEW = declare("improvement.view", "See the whole evidence chain")
VIEW_OWN = declare("improvement.view_own", "See what is asked of your own agency")
EDIT = declare("improvement.edit", "Edit priorities, findings and recommendations")
ASSIGN = declare("improvement.assign", "Create actions and give them owners")
UPDATE_ACTION = declare("improvement.update_action", "Report progress on an action of your own agency")
ADD_EVIDENCE = declare("improvement.add_evidence", "Add evidence")
REVIEW_IMPACT = declare("improvement.review_impact", "Record impact reviews")
