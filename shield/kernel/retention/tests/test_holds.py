"""Periods set here and legal holds: who may, with a reason, and what a hold covers."""

import pytest
from django.core.exceptions import PermissionDenied

from shield.kernel.accounts.models import AgencyMembership, RoleGrant
from shield.kernel.history import queries as history
from shield.kernel.notices.models import Message
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, Refused, Stale
from shield.kernel.reporting import services as reporting
from shield.kernel.retention import queries, services
from shield.kernel.retention.models import LegalHold, OwnPeriod
from shield.kernel.retention.tests.conftest import day
from tests.cast import TODAY


def hold(ref, by, wide=False, reason="The claim of 2019"):
    return services.place_hold(
        about=ref,
        wide=wide,
        reason=reason,
        asked_by="Legal services",
        their_reference="L/7",
        by=by,
        today=TODAY,
    )


def held(model, kind, partnership):
    rows = queries.rows_of(model, partnership.pk)
    return set(queries.held_because(model, kind, rows, queries.open_holds(partnership.pk)))


# Periods


def period(by, months=84, retention_class="account", reason="The board decided", **more):
    return services.set_period(
        retention_class=retention_class, months=months, reason=reason, by=by, today=TODAY, **more
    )


def test_a_period_is_set_with_a_reason_and_its_history_tells_both(manager):
    row = period(manager)
    period(manager, 96, expected_version=row.version)
    assert OwnPeriod.objects.get().months == 96
    told = [e.sentence for e in history.of_record(manager.partnership_id, row.pk)]
    assert "from 6 years to 7 years" in told[1]
    assert "from 7 years to 8 years" in told[0]


def test_a_period_that_somebody_else_changed_meanwhile_is_not_overwritten(manager):
    period(manager, expected_version=0)
    with pytest.raises(Stale):
        period(manager, 12, expected_version=0)
    assert OwnPeriod.objects.get().months == 84


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"months": 0}, "from 1 month"), ({"reason": " "}, "reason"), ({"retention_class": "permanent"}, "kept for ever"),
        ({"retention_class": "technical"}, "system"), ({"retention_class": "nothing"}, "no such class"),
    ],
)  # fmt: skip
def test_a_period_that_cannot_be_is_refused_in_words(manager, changes, said):
    with pytest.raises(Refused, match=said):
        period(manager, **changes)
    assert not OwnPeriod.objects.exists()


def test_no_period_is_shorter_than_the_law_wants(manager, plan):
    plan(account={"minimum": "5 years", "minimum_source": "An Act, section 9"})
    with pytest.raises(Refused, match="at least 5 years: An Act, section 9"):
        period(manager, 59)
    assert period(manager, 60).months == 60


@pytest.mark.parametrize("role", ["safeguarding_partner", "learning_manager", "agency_lead"])
def test_nobody_else_sets_periods_or_holds(actor, partnership, role):
    by = actor(role)
    with pytest.raises(PermissionDenied):
        period(by)
    with pytest.raises(PermissionDenied):
        hold(partnership.ref, by)


# Holds


def test_a_hold_says_who_asked_and_why_and_ends_with_a_reason(manager, agencies):
    row = hold(agencies["school"].ref, manager)
    assert (row.reference, row.about_title) == ("HLD-0001", "Hillside School")
    for nothing in ("", "x", "Over now"):
        with pytest.raises(Refused, match="reason"):
            services.end_hold(hold=row, reason=nothing, by=manager, today=TODAY)
    services.end_hold(hold=row, reason="It was settled", by=manager, today=TODAY)
    with pytest.raises(Refused, match="ended already"):
        services.end_hold(hold=row, reason="It was settled", by=manager, today=TODAY)
    told = " ".join(e.sentence for e in history.of_record(manager.partnership_id, row.pk))
    assert "asked for by Legal services: The claim of 2019" in told
    assert "ended the legal hold HLD-0001: It was settled" in told


def test_a_hold_is_placed_on_what_one_may_see_only(manager, otherton, person):
    stranger = person("business_manager", partnership=otherton)
    for ref in (stranger.ref, otherton.ref, RecordRef("nothing", stranger.pk)):
        with pytest.raises(Refused, match="cannot be found"):
            hold(ref, manager)


def test_a_hold_on_a_person_covers_all_that_is_tied_to_them(manager, partnership, person, agencies, messages):
    one = person("practitioner", agency=agencies["charity"])
    other = person("practitioner", agency=agencies["charity"])
    (mine,) = messages(1, person_id=one.pk)
    messages(1, person_id=other.pk)
    hold(one.ref, manager, wide=True)
    assert held(RoleGrant, "accounts.role_grant", partnership) == {one.roles.get().pk}
    assert held(AgencyMembership, "accounts.agency_membership", partnership) == {one.memberships.get().pk}
    assert held(Message, "notices.message", partnership) == {mine}


def test_a_hold_on_an_agency_covers_its_people_and_nobody_elses(manager, partnership, person, agencies):
    one = person("practitioner", agency=agencies["charity"]).memberships.get()
    person("practitioner", agency=agencies["school"])
    hold(agencies["charity"].ref, manager, wide=True)
    assert held(AgencyMembership, "accounts.agency_membership", partnership) == {one.pk}


def test_a_hold_on_one_record_covers_that_record_only(manager, partnership, person, agencies):
    one = person("practitioner", agency=agencies["charity"]).memberships.get()
    hold(agencies["charity"].ref, manager)
    hold(one.ref, manager)
    person("practitioner", agency=agencies["charity"])
    assert held(AgencyMembership, "accounts.agency_membership", partnership) == {one.pk}


def test_a_hold_on_a_reporting_year_covers_what_falls_into_it(manager, partnership, actor, messages):
    year = reporting.add_year(
        name="2018-19", starts_on=day("2018-10-01"), ends_on=day("2019-10-31"), as_at=day("2019-11-30"), edition="WT2018",
        by=actor("system"),
    )  # fmt: skip
    within, before = messages(1, 2019), messages(1, 2018)
    hold(year.ref, manager, wide=True)
    assert held(Message, "notices.message", partnership) == set(within)
    assert set(before).isdisjoint(held(Message, "notices.message", partnership))


def test_a_hold_that_ended_holds_nothing_and_one_elsewhere_neither(
    manager, partnership, otherton, actor, person
):
    one = person("practitioner")
    services.end_hold(
        hold=hold(one.ref, manager, wide=True), reason="It was settled", by=manager, today=TODAY
    )
    elsewhere = actor("business_manager", partnership=otherton)
    hold(otherton.ref, elsewhere, wide=True)
    assert held(RoleGrant, "accounts.role_grant", partnership) == set()


def test_all_holds_on_many_rows_are_asked_at_once(manager, partnership, person, count_queries):
    for _ in range(4):
        hold(person("practitioner").ref, manager, wide=True)
    with count_queries() as sent:
        assert len(held(RoleGrant, "accounts.role_grant", partnership)) == 4
    assert len(sent) == 2


# On the record's own page


def test_a_records_own_page_says_that_it_is_held_itself_or_through_another(manager, person, agencies):
    one = person("practitioner", agency=agencies["charity"]).memberships.get()
    hold(agencies["charity"].ref, manager, wide=True)
    for ref in (agencies["charity"].ref, one.ref):
        panel = next(p for p in records.panels(ref, manager) if p.title == "Legal hold")
        assert panel.items[0].text == "Held since 4 November 2019: The claim of 2019"


def test_a_record_that_is_not_held_has_no_such_panel_nor_has_it_for_others(manager, actor, agencies):
    hold(agencies["charity"].ref, manager, wide=True)
    assert not [p for p in records.panels(agencies["school"].ref, manager) if p.title == "Legal hold"]
    for role in ("learning_manager", "scrutineer", "agency_lead"):
        assert not [
            p for p in records.panels(agencies["charity"].ref, actor(role)) if p.title == "Legal hold"
        ]


def test_a_record_of_its_own_hold_keeps_no_title_of_a_traced_record(manager, person):
    row = hold(person("practitioner", name="Nora Named").ref, manager, wide=True)
    assert row.about_title == "Nora Named"  # a member of staff, as everywhere in the history
    assert row.heading == row.reference
    assert LegalHold.objects.visible_to(manager).count() == 1
