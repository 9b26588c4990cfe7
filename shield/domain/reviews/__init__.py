"""Learning from practice: a child is seriously harmed, and every clock is met, every agency asked once, what is learnt kept.

From a referral through screening, notification and rapid review to the Panel's answer and the way that follows: a
practice review, an audit, a review by others, or nothing more. Legal source: Children Act 2004 sections 16C to 16F and
the chapter of Working Together on learning from serious incidents. To the report it gives the cases of the year with
their themes, how the clocks were kept, and what was published.
"""
