"""Bodies, what people attend, who came, what was decided.

`Gathering` is the only register of what people attended: board, hub session, workshop, briefing,
conference. Legal source: Children Act 2004 s16E-16G (arrangements made by the safeguarding partners).
Gives to the report: meetings held, attendance, decisions of the year.
"""
