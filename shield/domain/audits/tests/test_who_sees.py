"""Who sees a part of an audit, and who reads what it says, at each step."""

import pytest

from shield.domain.audits.models import AgencyPart, AuditedRecord
from shield.domain.audits.tests import factories as make
from tests.cast import TODAY

ROLES = ("business_manager", "learning_manager", "safeguarding_partner", "scrutineer", "agency_lead", "agency_admin",
         "child_death_coordinator", "exploitation_chair", "practitioner")  # fmt: skip


def seen(actor):
    """The agencies whose parts somebody sees, and of which they read the answers."""
    rows = list(AgencyPart.objects.visible_to(actor))
    return {p.agency.called for p in rows}, {p.agency.called for p in rows if p.shows_answers_to(actor)}


POLICE, HEALTH = "Testbury Police", "Testbury Health Board"
BOTH = {POLICE, HEALTH}


def people(actor, agencies):
    """Each role without an agency of the audit; and leads and partners of the police and of an agency outside it."""
    made = {role: actor(role) for role in ROLES if role not in {"agency_lead", "practitioner"}}
    made["lead of the school"] = actor("agency_lead", agency=agencies["school"])
    made["lead of the police"] = actor("agency_lead", agency=agencies["police"])
    made["partner of the police"] = actor("safeguarding_partner", agency=agencies["police"])
    made["practitioner of the police"] = actor("practitioner", agency=agencies["police"])
    made["public"] = actor("public")
    return made


def test_while_the_agencies_write_each_sees_its_own_and_managers_see_only_where_parts_stand(
    begun, actor, agencies
):
    found = {who: seen(each) for who, each in people(actor, agencies).items()}
    nothing = (set(), set())
    assert found == {
        "business_manager": (BOTH, set()), "learning_manager": (BOTH, set()), "safeguarding_partner": nothing,
        "scrutineer": nothing, "agency_admin": nothing, "child_death_coordinator": nothing, "exploitation_chair": nothing,
        "lead of the school": nothing, "lead of the police": ({POLICE}, {POLICE}), "partner of the police": ({POLICE}, {POLICE}),
        "practitioner of the police": nothing, "public": nothing,
    }  # fmt: skip


def test_a_submitted_part_is_read_by_managers_and_by_no_other_agency(begun, officer, nurse, actor, agencies):
    make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    assert seen(actor("business_manager")) == (BOTH, {POLICE})
    assert seen(nurse) == ({HEALTH}, {HEALTH})
    assert seen(actor("scrutineer")) == (set(), set())


def test_a_part_given_back_is_closed_to_managers_again(by, begun, officer, agencies):
    from shield.domain.audits import services

    part = make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    services.ask_for_changes(part=part, reason="Say what she said", by=by, expected_version=part.version)
    assert seen(by) == (BOTH, set())


def test_from_moderation_on_the_panel_and_the_agencies_of_the_audit_see_all_and_others_nothing(
    compared, actor, agencies
):
    found = {who: seen(each) for who, each in people(actor, agencies).items()}
    for who in (
        "business_manager",
        "learning_manager",
        "safeguarding_partner",
        "scrutineer",
        "lead of the police",
    ):
        assert found[who] == (BOTH, BOTH), who
    for who in (
        "lead of the school",
        "agency_admin",
        "practitioner of the police",
        "exploitation_chair",
        "public",
    ):
        assert found[who] == (set(), set()), who


def test_an_audit_of_one_agency_opens_no_other_audit_to_it(compared, by, agencies, officer, nurse):
    other = make.begun(by, [agencies["health"]], with_tool=compared.tool, title="Another")
    make.submit(make.part(other, agencies["health"]), nurse, TODAY)
    ours = AgencyPart.objects.visible_to(officer)
    assert set(ours.values_list("record__audit__title", flat=True)) == {"Children missing from home"}


@pytest.mark.parametrize(("role", "many"), [("learning_manager", 3), ("scrutineer", 0), ("agency_admin", 0)])
def test_records_are_seen_by_who_runs_the_audit_before_the_panel_compares(begun, actor, role, many):
    assert AuditedRecord.objects.visible_to(actor(role)).count() == many


def test_records_are_seen_by_the_agencies_asked_and_later_by_the_panel(begun, officer, actor, agencies):
    assert AuditedRecord.objects.visible_to(officer).count() == 1
    assert AuditedRecord.objects.visible_to(actor("agency_lead", agency=agencies["school"])).count() == 0
    begun.status = "moderating"
    begun.save()
    assert AuditedRecord.objects.visible_to(actor("scrutineer")).count() == 1


def test_another_partnership_sees_nothing(compared, actor, otherton):
    assert seen(actor("business_manager", partnership=otherton)) == (set(), set())
    assert AuditedRecord.objects.visible_to(actor("business_manager", partnership=otherton)).count() == 0
