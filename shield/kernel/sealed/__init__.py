"""Keys kept outside the database, and what is made with them.

For: the HMAC chain of the history and of published figures today; sealed fields and blind indexes for
child-level records stand on the same key ring. The key file is named by `SHIELD_KEYS`; it is never in
the database nor in its backups.
"""
