"""Who runs audits, and who answers them."""

import pytest

from shield.domain.audits.tests import factories as make
from tests.cast import TODAY


@pytest.fixture
def by(actor):
    return actor("learning_manager")


@pytest.fixture
def officer(actor, agencies):
    return actor("agency_lead", agency=agencies["police"])


@pytest.fixture
def nurse(actor, agencies):
    return actor("agency_lead", agency=agencies["health"])


@pytest.fixture
def begun(by, agencies):
    return make.begun(by, [agencies["police"], agencies["health"]])


@pytest.fixture
def compared(by, agencies, officer, nurse):
    given = {agencies["police"]: (officer, "Good"), agencies["health"]: (nurse, "Poor")}
    return make.before_the_panel(by, given, TODAY)
