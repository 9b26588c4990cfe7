"""Partnerships, agencies, people and the roles they hold from a day to a day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import queries, rules, services
from shield.kernel.accounts.models import Agency, Organisation, Partnership, Person, RoleGrant, User
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from tests.cast import SINCE, TODAY


@pytest.fixture
def by(actor):
    return actor("business_manager")


def told(partnership, record_id):
    return [entry.sentence for entry in history.of_record(partnership.pk, record_id)]


@pytest.mark.parametrize("slug", ["sign-in", "static", "a", "Ab", "1st", "a b", "x" * 41, "ends-"])
def test_a_word_that_cannot_begin_an_address_is_refused(db, slug):
    with pytest.raises(Refused, match="cannot be the address"):
        services.found_partnership(slug=slug, name="A", short_name="A")
    assert not Partnership.objects.exists()


def test_the_first_act_of_a_partnership_is_its_founding(partnership):
    assert told(partnership, partnership.pk) == [
        "set up the partnership Testbury Safeguarding Children Partnership"
    ]


def test_the_same_body_is_one_organisation_in_two_partnerships(actor, otherton, agencies):
    twin = services.add_agency(
        by=actor("system", partnership=otherton), name="Testbury Police", sector="police"
    )
    assert twin.organisation == agencies["police"].organisation
    assert Organisation.objects.filter(name="Testbury Police").count() == 1


def test_an_agency_is_named_once_in_a_partnership(by):
    with pytest.raises(ValidationError):
        services.add_agency(by=by, name="Testbury Police", sector="police")


def test_an_agency_is_not_relevant_before_it_began(by, agencies):
    school = agencies["school"]
    with pytest.raises(Refused, match="cannot be before"):
        services.change_agency(
            agency=school,
            changes={"relevant_to": SINCE - timedelta(days=1)},
            by=by,
            expected_version=school.version,
        )


def test_the_profile_is_changed_in_its_version(by, partnership):
    changed = services.change_profile(
        partnership=partnership, changes={"vision": "Safe"}, by=by, expected_version=partnership.version
    )
    assert changed.vision == "Safe"
    with pytest.raises(Stale):
        services.change_profile(
            partnership=partnership, changes={}, by=by, expected_version=partnership.version
        )


def test_a_person_holds_a_role_from_its_day_until_it_is_ended(by, partnership, agencies):
    person = services.add_person(
        by=by, name="Ana Lead", email="Ana@Example.invalid", today=TODAY, agency=agencies["school"]
    )
    grant = services.grant_role(person=person, role="agency_lead", by=by, today=TODAY)
    assert person.user.email == "ana@example.invalid"
    assert queries.actor_for(person, partnership, TODAY).agency_ids == {agencies["school"].pk}
    assert queries.actor_for(person, partnership, TODAY - timedelta(days=1)) is None
    with pytest.raises(Refused, match="already holds"):
        services.grant_role(person=person, role="agency_lead", by=by, today=TODAY)
    services.end_role(grant=grant, by=by, today=TODAY + timedelta(days=5))
    assert queries.actor_for(person, partnership, TODAY + timedelta(days=4)) is not None
    assert queries.actor_for(person, partnership, TODAY + timedelta(days=5)) is None
    assert told(partnership, person.pk)[0] == "ended the role Agency lead of Ana Lead"


@pytest.mark.parametrize("role", ["system", "public", "wizard"])
def test_roles_that_are_nobodys_are_not_given(by, person, role):
    with pytest.raises(Refused, match="no such role"):
        services.grant_role(person=person("practitioner"), role=role, by=by, today=TODAY)


def test_nobody_ends_their_own_role(by):
    own = RoleGrant.objects.get(person_id=by.person_id)
    with pytest.raises(Refused, match="your own role"):
        services.end_role(grant=own, by=by, today=TODAY)


def test_an_address_signs_in_one_person_whatever_its_case(by):
    services.add_person(by=by, name="Ana", email="ana@example.invalid", today=TODAY, role="practitioner")
    with pytest.raises(ValidationError):
        services.add_person(by=by, name="Anna", email="ANA@example.invalid", today=TODAY)
    assert User.objects.get_by_natural_key("ANA@EXAMPLE.invalid").person.name == "Ana"
    assert Person.objects.filter(name__startswith="An").count() >= 1


def test_a_name_with_a_control_character_is_refused(by):
    with pytest.raises(ValidationError):
        services.add_person(by=by, name="Ana\x00", email="ana@example.invalid", today=TODAY)


def test_only_a_manager_manages(actor, person, agencies):
    scrutineer = actor("scrutineer")
    for act in (
        lambda: services.add_person(by=scrutineer, name="x", email="x@example.invalid", today=TODAY),
        lambda: services.grant_role(person=person(), role="practitioner", by=scrutineer, today=TODAY),
        lambda: services.add_agency(by=scrutineer, name="x", sector="other"),
        lambda: services.add_office(by=scrutineer, title="x"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_an_agencys_lead_acts_for_its_units_too(by, person, partnership, agencies):
    unit = services.add_agency(by=by, name="Early Help", sector="local_authority", parent=agencies["council"])
    lead = queries.actor_for(person("agency_lead", agency=agencies["council"]), partnership, TODAY)
    assert lead.agency_ids == {agencies["council"].pk, unit.pk}


def test_relevant_agencies_are_those_of_any_day_of_the_year(partnership, agencies):
    Agency.objects.filter(pk=agencies["charity"].pk).update(relevant_to=date(2018, 12, 31))
    named = [a.name for a in queries.relevant_agencies(partnership.pk, date(2018, 10, 1), date(2019, 10, 31))]
    assert named == ["Hillside School", "Testbury Young Voices"]
    later = [a.name for a in queries.relevant_agencies(partnership.pk, date(2019, 1, 1), date(2019, 10, 31))]
    assert later == ["Hillside School"]


def test_the_three_lead_partners_are_known(partnership):
    assert {a.lead_partner for a in queries.lead_partners(partnership.pk)} == {
        "local_authority",
        "police",
        "health",
    }


def test_a_person_of_two_partnerships_is_an_actor_in_each(person, actor, partnership, otherton):
    both = person("scrutineer")
    services.grant_role(
        person=both, role="business_manager", by=actor("system", partnership=otherton), today=SINCE
    )
    assert list(queries.partnerships_of(both, TODAY)) == [otherton, partnership]
    assert queries.actor_for(both, partnership, TODAY).roles == {"scrutineer"}
    assert queries.actor_for(both, otherton, TODAY).roles == {"business_manager"}


@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(1), None, False),
        (None, TODAY - timedelta(1), False),
    ],
)
def test_both_ends_of_a_membership_belong_to_it(starts, ends, held):
    assert rules.in_force(starts, ends, TODAY) == held
