"""The evidence chain: finding, theme, recommendation, decision, action, impact evidence, “is anyone better off?”.

Legal source: Working Together to Safeguard Children (yearly report: evidence of impact, and analysis of
little or no progress). Every module above puts its findings and actions here. Gives to the report: the
recommendations with their progress, decisions, impact reviews, and the breaks in the chain, out of which
the section on little or no progress is written.
"""
