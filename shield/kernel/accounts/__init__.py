"""Partnerships, organisations, agencies, people and how they sign in.

Source: Children Act 2004 s16E-16K (safeguarding partners, relevant agencies). Several partnerships share
one installation, each sovereign: an agency belongs to one partnership, a person may belong to several.
Gives to the report: the relevant agencies of the year.
"""
