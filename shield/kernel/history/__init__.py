"""Who did what, when: one append-only, tamper-evident trail, and who looked at what.

Rows are written in the service's own transaction, refused update and delete by database triggers, and
chained by HMAC with a key outside the database. Head and count are anchored in a file outside as well,
so that a cut tail shows. Reads of sensitive records have a chain of their own, sealed in batches.
"""
