"""The people behind an owner: who is told that something waits for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from shield.improvement import events, permissions
from shield.improvement.models import Action, Owned
from shield.improvement.queries.registers import why_not_chase
from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.history import queries as history


def agency_behind(row: Owned) -> Agency | None:
    """The agency that answers for something, itself or by one of its offices."""
    return row.owner_agency or (row.owner_office.agency if row.owner_office else None)


def _reporting_roles() -> list[str]:
    """The roles that may report on what their own agency answers for, and on nothing else."""
    return access.roles_with(permissions.UPDATE_ACTION, without=permissions.ASSIGN)


def who_answers(row: Owned, on: date) -> list[Person]:
    """Who is told of what somebody answers for: the person named; else those who have it on their work list for the agency.

    These are the agency leads and safeguarding partners of the agency, or of the one whose unit it is, who can sign
    in here: they may report on it.
    """
    if row.owner_person_id:
        return list(accounts.who_can_sign_in(row.partnership_id, on).filter(pk=row.owner_person_id))
    agency = agency_behind(row)
    return list(accounts.people_in(agency, on, roles=_reporting_roles())) if agency else []


def who_is_chased(action: Action, by: Actor, on: date) -> list[Person]:
    """Who is reminded when somebody chases an action: whoever answers for it, but never the one who chases."""
    return [person for person in who_answers(action, on) if person.pk != by.person_id]


def why_nobody_is_chased(action: Action) -> str:
    """What to do where nobody who answers for an action can be reminded."""
    return f"Nobody who answers for this can sign in here. Ask {action.owner_words}, and note what they say as progress."


def can_be_chased(actions: Iterable[Action], by: Actor, on: date) -> set[uuid.UUID]:
    """Those of some actions that can be chased by somebody, because `who_is_chased` names anybody; two queries for all."""
    open_now = [row for row in actions if not why_not_chase(row)]
    named = {row.owner_person_id for row in open_now if row.owner_person_id} - {by.person_id}
    here = accounts.who_can_sign_in(by.partnership_id, on).order_by()
    people = set(here.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    posts = accounts.posts_in(by.partnership_id, on, roles=_reporting_roles()).exclude(person_id=by.person_id)
    agencies = accounts.agencies_with(posts)
    return {
        row.pk
        for row in open_now
        if (row.owner_person_id in people if row.owner_person_id else _agency_id(row) in agencies)
    }


def _agency_id(row: Owned) -> uuid.UUID | None:
    return row.owner_agency_id or (row.owner_office.agency_id if row.owner_office else None)


def date_set_on(action: Action) -> date:
    """The day on which an action got the date it has."""
    return history.changed_on(action.ref, action.partnership_id, kind=events.ACTION_CHANGED, field="due_on")
