"""The combined chronology: what each agency did and when, as it says itself, in one order, read by those who review.

Legal source: Working Together to Safeguard Children (serious incidents, rapid and local reviews; the review of a child's
death). Everything that is told is about a child and sealed; it opens to the team of the record it is about, and to each
agency what is its own. Gives nothing to the report: no figure is made of it.
"""
