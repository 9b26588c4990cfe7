"""What may be done in learning from practice; everything about a child also needs the team of its case."""

from shield.kernel.access.rules import declare

VIEW = declare("reviews.view", "See which cases the partnership learns from, without identities")
REFER = declare("reviews.refer", "Refer a serious incident")
WORK = declare("reviews.work", "Work on serious incidents and reviews", shows_children=True)
SIGN = declare(
    "reviews.sign", "Sign the decision of a rapid review for one of the three partners", shows_children=True
)
ANSWER = declare("reviews.answer", "Answer what a rapid review asks of your own agency", shows_children=True)
