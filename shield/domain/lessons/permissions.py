"""What may be done with what was learnt. A note about a case also needs the team of that case until it is issued."""

from shield.kernel.access.rules import declare

READ = declare("lessons.read", "Read what has been learnt: briefing notes, good practice, published reviews")
WRITE = declare("lessons.write", "Write and issue briefing notes, and say a year later what changed")
BRING = declare("lessons.bring", "Bring an example of good practice")
JUDGE = declare("lessons.judge", "Accept examples of good practice, or send them back")
