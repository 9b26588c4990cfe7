"""Nothing published lets a child be found: small counts about children and people are suppressed.

Primary suppression with a threshold; the interface takes whole tables, so that the full engine (secondary
suppression, protection over everything released) can stand behind it. Only figures about children and
people are controlled: four meetings are four. Which rule was used is part of every answer.
"""
