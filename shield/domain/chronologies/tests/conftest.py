"""A team with a manager who runs its chronology, and officers of two agencies."""

import pytest

from shield.domain.chronologies.tests import factories as make


@pytest.fixture
def team(partnership):
    return make.team(partnership)


@pytest.fixture
def by(partnership, team):
    return make.member("learning_manager", team, partnership, name="Theo Reader")


@pytest.fixture
def officer(actor, agencies):
    return actor("agency_lead", agency=agencies["police"])


@pytest.fixture
def nurse(actor, agencies):
    return actor("agency_lead", agency=agencies["health"])


@pytest.fixture
def made(by, team):
    return make.chronology(by, team)


@pytest.fixture
def parts(made, by, agencies):
    """The parts of the police and of health."""
    return make.asked(made, [agencies["police"], agencies["health"]], by)
