"""What may be done about keeping and disposing."""

from shield.kernel.access.rules import declare

VIEW = declare("retention.view", "See the retention schedule, legal holds and the disposal log")
SET_PERIODS = declare("retention.set_periods", "Set how long records are kept")
HOLD = declare("retention.hold", "Place and end legal holds")
PROPOSE = declare("retention.propose", "Review what is due and propose its disposal")
CONFIRM = declare("retention.confirm", "Confirm a disposal that somebody else proposed")
ANSWER = declare("retention.answer", "Answer people’s requests to see their own data")
