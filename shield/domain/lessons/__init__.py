"""Lessons: what was learnt reaches those who work with children, and a year later somebody asks what changed.

Briefing notes of one page on whatever taught something (an audit, a case), examples of good practice that members bring,
and the page of everything published. Legal source: Working Together to Safeguard Children (learning is shared with
practitioners and its effect on practice is evidenced). To the report it gives the year's notes and examples.
"""
