"""What every record is: a time-ordered id, a partnership, a version, kinds and references to records.

Floor: the lowest of the kernel. A link to a record on a higher floor is a `RecordRef`, never a foreign key.
"""
