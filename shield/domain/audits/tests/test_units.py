"""A unit of a council answers for itself; those above it see its answers with everybody else."""

import pytest

from shield.domain.audits import doors, permissions, queries, services
from shield.domain.audits.models import AgencyPart
from shield.domain.audits.tests import factories as make
from shield.improvement.tests.pages import text_of, to
from shield.kernel.access import queries as access
from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import services as accounts
from tests.cast import TODAY, actor_of, make_person, signed_in, system


@pytest.fixture
def care(cast):
    return accounts.add_agency(
        by=system(cast.testbury), name="Children's social care", sector="local_authority", parent=cast.agencies["council"]
    )  # fmt: skip


@pytest.fixture
def partner(actor, agencies, care):
    """The council's safeguarding partner, to whom its units belong."""
    return actor("safeguarding_partner", agency=agencies["council"], name="Priya Partner")


@pytest.fixture
def audit(by, care, agencies):
    return make.begun(by, [care, agencies["police"]], numbers=(1, 2))


def seen(actor):
    return {part.agency.called for part in AgencyPart.objects.visible_to(actor)}


def test_a_unit_with_people_of_its_own_keeps_its_draft_from_the_council(partner, actor, care, audit):
    own = actor("agency_lead", agency=care)
    assert care.pk in partner.agency_ids
    assert (seen(own), seen(partner)) == ({care.called}, set())
    assert list(doors.work(partner, TODAY)) == []
    part = AgencyPart.objects.filter(agency=care).first()
    assert (part.is_own(own), part.is_own(partner)) == (True, False)
    with pytest.raises(Forbidden, match="not your agency's"):
        make.submit(part, partner, TODAY)
    make.submit(part, own, TODAY)


def test_for_a_unit_without_anybody_the_council_answers(partner, care, audit):
    assert seen(partner) == {care.called}
    make.submit(AgencyPart.objects.filter(agency=care).first(), partner, TODAY)


def test_the_council_reads_its_unit_from_moderation_on(by, partner, actor, agencies, officer, care, audit):
    own = actor("agency_lead", agency=care)
    for part in AgencyPart.objects.filter(record__audit=audit).select_related("record__audit", "agency"):
        make.accept(make.submit(part, own if part.agency == care else officer, TODAY), by)
    assert seen(partner) == set()
    audit.refresh_from_db()
    services.begin_moderation(audit=audit, by=by, today=TODAY, expected_version=audit.version)
    assert seen(partner) == {care.called, agencies["police"].called}


def test_the_people_of_a_unit_are_told_and_those_above_it_only_where_there_are_none(cast, care):
    lead = make_person("agency_lead", partnership=cast.testbury, agency=cast.agencies["council"])
    assert queries.who_answers([care], TODAY) == [lead]
    own = make_person("agency_lead", partnership=cast.testbury, agency=care)
    assert queries.who_answers([care], TODAY) == [own]
    assert queries.who_answers([cast.agencies["council"], care], TODAY) == [lead, own]
    assert "agency_lead" in access.roles_with(permissions.ANSWER)


def test_an_audit_is_one_line_of_the_work_however_many_parts_it_asks(officer, audit, by):
    [waiting] = doors.work(officer, TODAY)
    assert (waiting.title, waiting.kind) == ("Children missing from home: 2 parts to answer", "audits.audit")
    assert (waiting.act, waiting.act_page, waiting.owner) == ("Answer them", "audit", "Testbury Police")
    part = AgencyPart.objects.filter(agency__name="Testbury Police").first()
    services.ask_for_changes(
        part=make.submit(part, officer, TODAY),
        reason="Say what she said",
        by=by,
        expected_version=part.version + 1,
    )
    [waiting] = doors.work(officer, TODAY)
    assert waiting.title.endswith("changes asked for in 1")


def test_the_audit_page_offers_a_unit_its_parts_and_not_the_council(cast, care, audit):
    person = make_person("safeguarding_partner", partnership=cast.testbury, agency=cast.agencies["council"])
    own = make_person("agency_lead", partnership=cast.testbury, agency=care)
    assert actor_of(own, cast.testbury).agency_ids == {care.pk}
    assert "Your agency's part" in text_of(signed_in(own).get(to("audit", audit)))
    assert "Your agency's part" not in text_of(signed_in(person).get(to("audit", audit)))
