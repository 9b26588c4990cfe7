"""Who looks at the pages of the chain."""

import pytest


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def manager(person, client_of):
    return client_of(person("business_manager", name="Marian Manager"))


@pytest.fixture
def police(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["police"], name="Owen Officer"))


@pytest.fixture
def scrutineer(person, client_of):
    return client_of(person("scrutineer"))
