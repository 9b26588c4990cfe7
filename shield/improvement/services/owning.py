"""Who answers for something."""

from __future__ import annotations

from dataclasses import dataclass

from shield.improvement import rules
from shield.improvement.models import Owned
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.rules import RecordRef


@dataclass(frozen=True)
class Owner:
    """Who answers for something: an agency, an office, a person, a body or an outside body by name."""

    agency: Agency | None = None
    office: Office | None = None
    person: Person | None = None
    body: RecordRef | None = None
    outside: str = ""

    def put_on(self, row: Owned) -> None:
        """Write this owner on a record, in place of any earlier one; a person must work for the agency named."""
        same = (row.owner_person, row.owner_agency) == (self.person, self.agency)
        if self.person and self.agency and not same:
            rules.check_works_for(
                self.person.name,
                self.agency.called,
                works=accounts.works_for(self.person, self.agency, calendar.today()),
            )
        row.owner_agency, row.owner_office, row.owner_person = self.agency, self.office, self.person
        row.owner_body_id = self.body.id if self.body else None
        row.owner_body_title = self.body.title[:200] if self.body else ""
        row.owner_outside = self.outside


NOBODY = Owner()
