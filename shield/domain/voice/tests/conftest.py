"""Who hears people, and about what."""

import pytest

from shield.domain.voice.tests import factories
from shield.improvement.tests import factories as chain


@pytest.fixture
def by(actor):
    return actor("learning_manager")


@pytest.fixture
def priority(by, agencies):
    return chain.priority(by, status="active", leads=[agencies["police"]])


@pytest.fixture
def activity(by, priority):
    return factories.activity(by, priority=priority)


@pytest.fixture
def manager(person, client_of):
    return client_of(person("learning_manager", name="Theo Learner"))


@pytest.fixture
def scrutineer(person, client_of):
    return client_of(person("scrutineer"))


@pytest.fixture
def police(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["police"]))
