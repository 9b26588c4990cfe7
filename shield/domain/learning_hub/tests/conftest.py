"""Who looks at the Learning Hub, and what it works on."""

import pytest

from shield.improvement.tests import factories as chain


@pytest.fixture
def by(actor):
    return actor("learning_manager")


@pytest.fixture
def priority(by, agencies):
    return chain.priority(by, status="planned", leads=[agencies["police"]])


@pytest.fixture
def manager(person, client_of):
    return client_of(person("learning_manager", name="Theo Learner"))


@pytest.fixture
def police(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["police"]))
