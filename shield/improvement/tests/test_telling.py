"""Whoever answers for an action is told, once, and never whoever gave it to them."""

from datetime import date, timedelta

import pytest

from shield.improvement import services
from shield.kernel.notices.models import Message
from tests.cast import TODAY, actor_of, failing_act

DUE = date(2020, 5, 1)


@pytest.fixture
def mara(person):
    return person("business_manager", name="Mara Manager")


@pytest.fixture
def by(mara, partnership):
    return actor_of(mara, partnership)


@pytest.fixture
def ana(person, agencies):
    return person("agency_lead", agency=agencies["school"], name="Ana Lead")


def action(by, **owner):
    return services.add_action(
        text="Ask Zoë and each child", due_on=DUE, owner=services.Owner(**owner), by=by
    )


def told():
    return sorted(Message.objects.values_list("address", flat=True))


def test_the_person_named_is_told_with_reference_and_date_and_no_title(by, ana, person, agencies):
    person("agency_lead", agency=agencies["school"])
    made = action(by, person=ana, agency=agencies["school"])
    message = Message.objects.get()
    assert message.address == ana.user.email
    for word in (made.reference, "1 May 2020", "Testbury", f"/testbury/actions/{made.pk}"):
        assert word in message.body, word
    assert "Zoë" not in message.subject + message.body


def test_for_an_agency_its_leads_who_can_sign_in_are_told(by, ana, person, agencies):
    second = person("agency_lead", agency=agencies["school"])
    person("practitioner", agency=agencies["school"])
    person("agency_lead", agency=agencies["police"])
    closed = person("agency_lead", agency=agencies["school"]).user
    closed.is_active = False
    closed.save()
    action(by, agency=agencies["school"])
    assert told() == sorted([ana.user.email, second.user.email])


def test_a_lead_of_the_council_is_told_for_one_of_its_services(by, person, agencies):
    from shield.kernel.accounts import services as accounts

    unit = accounts.add_agency(by=by, name="Libraries", sector="local_authority", parent=agencies["council"])
    lead = person("agency_lead", agency=agencies["council"])
    action(by, agency=unit)
    assert told() == [lead.user.email]


def test_for_an_office_the_leads_of_its_agency_are_told(by, ana, agencies):
    from shield.kernel.accounts import services as accounts

    office = accounts.add_office(by=by, title="Head", agency=agencies["school"])
    action(by, office=office)
    assert told() == [ana.user.email]


def test_whoever_did_it_is_not_told(by, mara, ana, agencies, partnership):
    action(by, person=mara)
    assert told() == []


@pytest.mark.parametrize("owner", [{"outside": "The Home Office"}, {}])
def test_nobody_is_told_where_nobody_here_answers(by, owner):
    action(by, **owner)
    assert told() == []


def test_somebody_who_left_or_has_no_role_here_is_not_told(by, person, otherton):
    elsewhere = person("agency_lead", partnership=otherton)
    action(by, person=elsewhere)
    assert told() == []


def test_forty_actions_named_at_once_are_one_message(by, ana, agencies):
    rows = [action(by) for _ in range(40)]
    services.name_owners(actions=rows, owner=services.Owner(agency=agencies["school"]), by=by)
    message = Message.objects.get()
    assert (message.count, message.subject) == (40, "40 actions wait for you in Shield")
    assert "/testbury/actions/" in message.body


def test_actions_given_one_after_another_are_gathered(by, ana, agencies):
    for _ in range(3):
        action(by, agency=agencies["school"])
    assert Message.objects.get().count == 3


def test_a_new_owner_is_told_and_one_who_stays_is_not(by, ana, person, agencies):
    made = action(by, agency=agencies["school"])
    Message.objects.update(attempts=1, status="sent")
    police = person("agency_lead", agency=agencies["police"])
    owner = services.Owner(agency=agencies["school"], person=ana)
    made = services.change_action(action=made, changes={}, owner=owner, by=by, expected_version=made.version)
    assert told() == [ana.user.email], "Ana answered for it before"
    made = services.change_action(
        action=made, changes={"text": "Ask again"}, owner=owner, by=by, expected_version=made.version
    )
    services.give_owner(record=made, owner=services.Owner(agency=agencies["police"]), by=by)
    assert told() == sorted([ana.user.email, police.user.email])


def test_changing_only_the_words_tells_nobody(by, ana, agencies):
    made = action(by, agency=agencies["school"])
    Message.objects.update(attempts=1, status="sent")
    owner = services.Owner(agency=agencies["school"])
    services.change_action(
        action=made, changes={"text": "Ask again"}, owner=owner, by=by, expected_version=made.version
    )
    assert len(told()) == 1


def test_what_is_done_already_and_what_the_system_brings_in_is_no_news(by, ana, actor, agencies):
    services.add_action(
        text="Done", owner=services.Owner(agency=agencies["school"]), status="done", done_on=TODAY, by=by
    )
    action(actor("system"), agency=agencies["school"])
    assert told() == []


def test_whoever_takes_over_from_somebody_who_leaves_is_told_once(by, ana, person, agencies, actor):
    for _ in range(2):
        action(actor("system"), person=ana)
    bert = person("agency_lead", agency=agencies["school"], name="Bert Next")
    services.hand_over(person=ana, to=bert, by=actor("system"), today=TODAY)
    assert told() == [bert.user.email]
    assert Message.objects.get().count == 2


def test_a_part_of_a_recommendation_is_no_action(by, ana, agencies):
    priority = services.add_priority(title="Safe", by=by)
    row = services.add_recommendation(title="Listen", number=1, priority=priority, by=by, status="presented")
    services.give_owner(record=row, owner=services.Owner(agency=agencies["school"]), by=by)
    assert told() == []


def test_an_act_that_fails_tells_nobody(by, ana, agencies):
    with failing_act():
        action(by, agency=agencies["school"])
    assert told() == []


def test_a_post_that_ended_yesterday_is_told_nothing_more(by, person, agencies):
    lead = person("agency_lead", agency=agencies["school"])
    lead.memberships.update(ends_on=TODAY - timedelta(days=1))
    action(by, agency=agencies["school"])
    assert told() == []
