"""The people behind an owner: who is told that something waits for them."""

from __future__ import annotations

from datetime import date

from shield.improvement.models import Owned
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person


def agency_behind(row: Owned) -> Agency | None:
    """The agency that answers for something, itself or by one of its offices."""
    return row.owner_agency or (row.owner_office.agency if row.owner_office else None)


def who_answers(row: Owned, on: date) -> list[Person]:
    """Who is told of what somebody answers for: the person named; else the agency leads, who can sign in here."""
    if row.owner_person_id:
        return list(accounts.who_can_sign_in(row.partnership_id, on).filter(pk=row.owner_person_id))
    agency = agency_behind(row)
    return list(accounts.leads_of(agency, on)) if agency else []
