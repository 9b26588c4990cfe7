"""What leaves the team of a case, and what is refused."""

from __future__ import annotations

import pytest

from shield.domain.reviews import services
from shield.domain.reviews.models import Sharing
from shield.kernel.access.rules import Forbidden
from shield.kernel.history.models import Event
from shield.kernel.records.rules import Refused
from tests.cast import TODAY


def decided(case, by, **more):
    given = {
        "with_whom": "Otherton", "what": "That Jordan moved there", "choice": "shared", "basis": "duty",
        "reasons": "The family moved to Otherton.", "decided_on": TODAY, **more,
    }  # fmt: skip
    return services.decide_sharing(case=case, by=by, today=TODAY, **given)


def test_sharing_names_its_basis_and_a_refusal_its_reasons(referred, by):
    with pytest.raises(Refused, match="lawful basis"):
        decided(referred, by, basis="")
    with pytest.raises(Refused, match="reasons"):
        decided(referred, by, choice="refused", reasons="no")
    refused = decided(referred, by, choice="refused", basis="duty", reasons="They have no part in it.")
    assert refused.basis == ""


def test_a_decision_on_sharing_stays_with_the_team_and_its_event_says_nothing_of_the_child(
    referred, by, actor
):
    decided(referred, by)
    with pytest.raises(Forbidden):
        decided(referred, actor("learning_manager"))
    assert not Sharing.objects.visible_to(actor("business_manager")).exists()
    told = Event.objects.filter(kind="reviews.sharing_decided").get()
    assert "Jordan" not in str(told.details)


def test_a_name_in_whom_it_is_shared_with_is_caught(referred, by):
    with pytest.raises(Refused, match="could be the name"):
        decided(referred, by, with_whom="The Tarrant family")
