"""E-mail that leaves without identities: queued in the act's transaction, sent by the worker.

A message names no child and no person concerned; it says that something waits and links to it. The page
never waits for the mail server.
"""
