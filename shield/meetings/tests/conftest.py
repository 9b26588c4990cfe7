"""Who reads and records in these tests, and one meeting with everything that its page shows."""

from datetime import date

import pytest

from shield.improvement import services as improvement
from shield.meetings import services
from shield.meetings.services import Item, Seat
from shield.meetings.tests.factories import board, decision, meeting
from tests.cast import TODAY


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def manager(person, client_of):
    return client_of(person("business_manager"))


@pytest.fixture
def full(by, agencies):
    """A meeting with everything that its page shows, with neighbours."""
    body = board(by)
    priority = improvement.add_priority(title="Neglect", number=1, by=by)
    services.add_member(body=body, role="chair", agency=agencies["police"], by=by)
    meeting(by, body, on=date(2019, 4, 29), chair_agency=agencies["health"])
    made = meeting(
        by, body, business=[Item("How neglect is found", priority), Item("Budget")], chair_agency=agencies["police"], priority=priority,
        led_by=[agencies["council"]],
    )  # fmt: skip
    meeting(by, body, on=date(2019, 10, 28))
    taken = decision(by, made, "Agree the plan", needs_action=True)
    improvement.add_action(
        text="Write to schools",
        decision=taken.decision,
        by=by,
        owner=improvement.Owner(agency=agencies["school"]),
    )
    improvement.add_finding(
        text="Children are heard",
        sort="working_well",
        evidence_from="hub_session",
        by=by,
        origin=made.ref,
        priority=priority,
    )
    seats = [Seat("present", agencies["police"]), Seat("present", agencies["school"], named="Jo Bell")]
    return services.record_attendance(gathering=made, seats=seats, count=1, by=by, today=TODAY)
