"""The Learning Hub: one practice priority taken from scoping to recommendations in four months, then followed.

Legal source: Working Together to Safeguard Children (learning and improvement; impact of the partners' work).
Gives to the report: each priority with its stages, recommendations, dissemination and impact reviews.
"""
