"""Audits: records chosen, each agency's answers, what the panel agreed, what practitioners said, what came of it.

Legal source: Working Together to Safeguard Children (quality assurance; learning from practice). Records audited are
known by a pseudonym; whose they are is sealed. Gives to the report: the table of auditing activity of a year.
"""
