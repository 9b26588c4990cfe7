"""Background work: asked for by name inside a transaction, run by `shield worker`, retried, picked up after a crash.

The queue is a table of the same database (django-tasks), so a job asked for in a transaction that fails
was never asked for, and no further server is needed.
"""
