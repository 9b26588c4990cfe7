"""A way to queue messages, and the moments at which they are tried."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shield.kernel.notices import rules, services

FIELDS = {
    "reference": "ACT-0007",
    "due": "29 July 2019",
    "link": "https://shield.example.invalid/x",
    "list": "https://shield.example.invalid/all",
    "partnership": "Testbury",
}


@pytest.fixture
def by(actor):
    """The manager of Testbury."""
    return actor("business_manager")


@pytest.fixture
def queue(by):
    """Queue a message about a report, which leaves at once, or of the kind that is given."""

    def put(template=rules.REPORT_READY, address="lead@example.invalid", fields=FIELDS, **more):
        given = {"person_id": None, "by": by, **more}
        return services.queue(template=template, address=address, fields=fields, **given)

    return put


@pytest.fixture
def began():
    """The moment at which a test begins, by the machine's own time."""
    return timezone.now()


@pytest.fixture
def send(began):
    """`send(minutes=5)` hands over what waits as a worker would five minutes from now."""
    return lambda **later: services.send_waiting(now=began + timedelta(**later))
