"""What children, young people, parents, carers and practitioners tell the partnership, and what came of it.

Legal source: Working Together to Safeguard Children (the voice of children and families; a report says what they told the
partners). Gives to the report: who was asked how, what they said under each priority, what was done, whether they were told,
and the Learning Circle.
"""
