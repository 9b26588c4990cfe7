"""How long what is kept: the retention schedule, legal holds, review before disposal, the disposal log, and subject access.

No law gives one figure for a safeguarding partnership, so the periods are data (`SHIELD_RETENTION`), each with its source and
whether anybody has confirmed it, and a partnership may set its own. This is the only room that deletes. Source: UK GDPR
articles 5(1)(e), 12(3) and 15; Data Protection Act 2018, Schedule 2. It gives the report nothing.
"""
