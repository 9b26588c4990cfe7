"""Who refers, who works on a case, who signs, who answers."""

import pytest

from shield.domain.reviews.tests import factories as make
from tests.cast import actor_of


@pytest.fixture
def theo(person):
    return person("learning_manager", name="Theo")


@pytest.fixture
def referred(theo, partnership):
    """An incident that was referred; its team is Theo."""
    return make.referred(actor_of(theo, partnership))


@pytest.fixture
def by(referred, theo, partnership):
    """Theo, once the team is there."""
    return actor_of(theo, partnership)


@pytest.fixture
def signers(person, agencies):
    return {
        key: person("safeguarding_partner", agency=agencies[key], name=key.title())
        for key in ("council", "police", "health")
    }


@pytest.fixture
def teacher(actor, agencies):
    return actor("agency_lead", agency=agencies["school"])


@pytest.fixture
def reviewed(referred, by, agencies, signers):
    """In its rapid review: the school was asked, and the three who sign are in the team."""
    return make.notified(referred, by, [agencies["school"]], list(signers.values()))
