"""E-mail that leaves Shield: an outbox in the database, two ways out, and each person's choice of what they get.

A message is queued in the transaction of the act it tells of, so it leaves only if the act is kept and no page
waits for a mail server. The worker hands messages over one after another, in order. No message names anybody: it
carries a reference, a date, numbers and a link. `exchange` holds the way out through GOV.UK Notify; the other is
Django's own SMTP.
"""
