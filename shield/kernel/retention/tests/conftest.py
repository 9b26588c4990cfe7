"""What the tests of this room share: messages that are due, people, and a worker."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from django.conf import settings as configured

from shield.kernel.notices.models import Message
from shield.kernel.retention import services
from tests.cast import TODAY

NOW = datetime(2019, 11, 4, 12, 0, tzinfo=UTC)
KIND = "notices.message"


@pytest.fixture
def manager(actor):
    """The business manager."""
    return actor("business_manager", name="Mina Manager")


@pytest.fixture
def partner(actor):
    """A safeguarding partner."""
    return actor("safeguarding_partner", name="Paul Partner")


@pytest.fixture
def messages(partnership):
    """`messages(3, year=2010)` puts three old messages in the outbox and gives their ids, the oldest first."""

    def make(count=1, year=2010, partnership=partnership, person_id=None):
        rows = [
            Message(
                partnership_id=partnership.pk, person_id=person_id, template="report_ready", address="lead@example.invalid",
                subject="A report has been built", body="Ready.", status="sent",
                queued_at=datetime(year, 1, 1 + n % 28, 9, 0, tzinfo=UTC),
            )
            for n in range(count)
        ]  # fmt: skip
        Message.objects.bulk_create(rows)
        return [row.pk for row in sorted(rows, key=lambda r: (r.queued_at, r.pk))]

    return make


@pytest.fixture
def plan(settings, tmp_path):
    """`plan(permanent={…})` changes entries of the schedule for this test."""

    def change(**classes):
        raw = yaml.safe_load(Path(configured.SHIELD_RETENTION).read_text(encoding="utf-8"))
        for key, changes in classes.items():
            raw["classes"][key].update(changes)
        path = tmp_path / f"schedule-{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(yaml.safe_dump(raw), encoding="utf-8")
        settings.SHIELD_RETENTION = str(path)

    return change


@pytest.fixture
def proposed(manager, messages):
    """`proposed(3)` is a disposal of three old messages, waiting for a second person."""

    def make(count=2, year=2010):
        return services.propose_disposal(
            kind=KIND, ids=messages(count, year), reason="Nobody needs them", by=manager, today=TODAY
        )

    return make


@pytest.fixture
def carry_out(actor):
    """Carry out a disposal that was confirmed, as the worker does; returns in how many batches."""
    by = actor("system")

    def work(disposal, size=100, today=TODAY):
        batches = 0
        while services.dispose_batch(disposal_id=disposal.pk, by=by, today=today, now=NOW, size=size):
            batches += 1
        return batches

    return work


def day(text: str) -> date:
    """A day as 2019-11-04."""
    return date.fromisoformat(text)
