"""A restricted record is opened when it cannot wait: with a reason, for a while, told at once, reviewed by another."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import doors, queries, rules, services
from shield.kernel.accounts.models import UrgentOpening
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import queries as history
from shield.kernel.notices.models import Message
from shield.kernel.records import models as records
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY

REASON = "A child may be hurt tonight and the author cannot be reached."


@pytest.fixture
def clock(monkeypatch):
    """The present moment, which a test moves."""

    class Moment:
        now = datetime(2019, 11, 4, 14, 5, tzinfo=UTC)

    monkeypatch.setattr(calendar, "now", lambda: Moment.now)
    return Moment


@pytest.fixture
def paper(actor, partnership):
    """A record of a restricted kind that only the three partners and the operational team see."""
    kind = records.KINDS["meetings.paper"]
    body = records.KINDS["meetings.gathering"]
    meeting = body.objects.create(
        partnership=partnership,
        title="Board",
        sort="board_meeting",
        held_on=date(2019, 11, 18),
        status="planned",
    )
    return kind.objects.create(
        partnership=partnership, reference="PAP-0007", gathering=meeting, title="Budget", audience="partners"
    )


@pytest.fixture
def rosa(person, agencies):
    return person("agency_lead", agency=agencies["school"], name="Rosa")


def as_now(person, partnership):
    """The person as the next page they open knows them."""
    return queries.actor_for(person, partnership, TODAY)


def opened(who, **more):
    return services.open_urgently(
        **{
            "reference": "pap-0007 ",
            "reason": REASON,
            "by": who,
            "today": TODAY,
            "now": calendar.now(),
            **more,
        }
    )


def sees(who, paper):
    return type(paper).objects.visible_to(who).filter(pk=paper.pk).exists()


def test_it_is_open_to_one_person_for_four_hours_and_then_closed_again(
    clock, paper, rosa, person, partnership
):
    manager = person("business_manager")
    other = person("agency_lead")
    assert not sees(as_now(rosa, partnership), paper)
    row = opened(as_now(rosa, partnership))
    assert sees(as_now(rosa, partnership), paper)
    assert not sees(as_now(other, partnership), paper)
    clock.now += timedelta(hours=3, minutes=59)
    assert sees(as_now(rosa, partnership), paper)
    clock.now += timedelta(minutes=1)
    assert not sees(as_now(rosa, partnership), paper)
    assert [m.person_id for m in Message.objects.filter(template="opened_urgently")] == [manager.pk]
    [told, *_] = history.of_record(partnership.pk, paper.pk)
    assert (
        told.sentence == f"opened “PAP-0007” because it was urgent, until 4 November 2019 at 6:05pm: {REASON}"
    )
    assert row.about_reference == "PAP-0007"


def test_the_message_names_neither_the_record_nor_the_person(clock, paper, rosa, person, partnership):
    person("business_manager")
    opened(as_now(rosa, partnership))
    message = Message.objects.get()
    for word in ("Rosa", "Budget", "PAP-0007", "child may"):
        assert word not in message.subject + message.body


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"reason": "Urgent"}, "what is at stake"),
        ({"reference": "PAP-9999"}, "No restricted record"),
        ({"reference": "ACT-0001"}, "No restricted record"),
        ({"reference": "PAP-"}, "No restricted record"),
    ],
)
def test_without_a_reason_or_a_restricted_record_nothing_is_opened(
    clock, paper, rosa, person, partnership, change, why
):
    person("business_manager")
    with pytest.raises(Refused, match=why):
        opened(as_now(rosa, partnership), **change)
    assert not UrgentOpening.objects.exists()
    assert not Message.objects.exists()


def test_what_one_sees_already_is_not_opened_and_a_record_of_another_partnership_is_not_there(
    clock, paper, actor, rosa, otherton, partnership, person
):
    person("business_manager")
    with pytest.raises(Refused, match="You see this record already"):
        opened(actor("learning_manager"))
    with pytest.raises(Refused, match="No restricted record"):
        opened(actor("scrutineer", partnership=otherton))


def test_where_nobody_could_review_it_nothing_is_opened(clock, paper, rosa, partnership):
    with pytest.raises(Refused, match="Nobody could review"):
        opened(as_now(rosa, partnership))


def test_who_may_not_open_or_review_is_refused(clock, paper, rosa, person, actor, partnership):
    person("business_manager")
    with pytest.raises(Forbidden):
        opened(actor("practitioner"))
    row = opened(as_now(rosa, partnership))
    for who in (as_now(rosa, partnership), actor("scrutineer")):
        with pytest.raises(Forbidden):
            services.review_urgent(opening=row, finding="justified", words="", by=who, now=clock.now)


def test_a_review_waits_until_it_is_answered_once_by_somebody_else(clock, paper, rosa, actor, partnership):
    manager = actor("business_manager")
    partner = actor("safeguarding_partner", name="Pat")
    row = opened(as_now(rosa, partnership))
    [item] = doors.work(manager, TODAY)
    assert (item.title, item.act, item.is_late) == ("Urgent opening of PAP-0007", "Review it", False)
    assert [i.is_late for i in doors.work(manager, TODAY + timedelta(days=1))] == [True]
    with pytest.raises(Refused, match="what follows"):
        services.review_urgent(opening=row, finding="not_justified", words="No.", by=manager, now=clock.now)
    services.review_urgent(
        opening=row,
        finding="not_justified",
        words="The author was at her desk.",
        by=manager,
        now=clock.now,
        expected_version=1,
    )
    assert not list(doors.work(manager, TODAY))
    assert not sees(as_now(rosa, partnership), paper), "what was not justified is closed at once"
    with pytest.raises(Refused, match=r"found not justified\. Until 4 December 2019"):
        opened(as_now(rosa, partnership))
    with pytest.raises(Refused, match="reviewed already"):
        services.review_urgent(opening=row, finding="justified", words="", by=partner, now=clock.now)
    with pytest.raises(Stale):
        services.review_urgent(
            opening=row, finding="justified", words="", by=partner, now=clock.now, expected_version=1
        )


def test_a_partner_does_not_review_their_own_opening(clock, paper, person, actor, agencies, partnership):
    person("business_manager")
    paper.audience = "members"
    paper.save()
    pat = actor("safeguarding_partner", agency=agencies["charity"])
    row = opened(pat)
    with pytest.raises(Forbidden, match="Somebody else reviews"):
        services.review_urgent(opening=row, finding="justified", words="", by=pat, now=clock.now)
    assert not list(doors.work(pat, TODAY))


def test_it_is_closed_early_by_who_opened_it_or_a_reviewer_and_nobody_else(
    clock, paper, rosa, person, actor, partnership
):
    person("business_manager")
    row = opened(as_now(rosa, partnership))
    with pytest.raises(Forbidden):
        services.close_urgent(opening=row, by=actor("scrutineer"), now=clock.now)
    clock.now += timedelta(minutes=10)
    services.close_urgent(opening=row, by=as_now(rosa, partnership), now=clock.now)
    assert not sees(as_now(rosa, partnership), paper)
    with pytest.raises(Refused, match="ended already"):
        services.close_urgent(opening=row, by=as_now(rosa, partnership), now=clock.now)


def test_a_reason_is_a_sentence():
    with pytest.raises(Refused):
        rules.check_urgent_reason("I need this now")
    rules.check_urgent_reason("A child may be hurt tonight")


# --- Pages


def test_a_lead_opens_a_paper_and_the_manager_reviews_it(paper, rosa, person, client_of):
    lead, manager = client_of(rosa), client_of(person("business_manager"))
    assert lead.get(f"/testbury/meetings/papers/{paper.pk}").status_code == 404
    assert "Restricted records opened urgently" in lead.get("/testbury/partnership/").content.decode()
    sent = {"reference": "PAP-0007", "reason": REASON, "once": "k1"}
    assert [lead.post("/testbury/urgent/open", sent).status_code for _ in range(2)] == [302, 302]
    row = UrgentOpening.objects.get()
    assert "Budget" in lead.get(f"/testbury/urgent/{row.pk}").content.decode()
    assert "Review it" not in lead.get(f"/testbury/urgent/{row.pk}").content.decode()
    assert "Urgent opening of PAP-0007" in manager.get("/testbury/work").content.decode()
    given = {"finding": "justified", "words": "", "once": "k2", "version": row.version}
    assert manager.post(f"/testbury/urgent/{row.pk}/review", given).status_code == 302
    assert "It was justified" in lead.get(f"/testbury/urgent/{row.pk}").content.decode()


def test_an_opening_is_seen_by_who_opened_it_and_who_reviews_it_only(paper, rosa, person, client_of):
    person("business_manager")
    client_of(rosa).post("/testbury/urgent/open", {"reference": "PAP-0007", "reason": REASON, "once": "k1"})
    row = UrgentOpening.objects.get()
    other = client_of(person("agency_lead"))
    assert other.get(f"/testbury/urgent/{row.pk}").status_code == 404
    assert "PAP-0007" not in other.get("/testbury/urgent/").content.decode()
    shown = client_of(rosa).post(
        "/testbury/urgent/open", {"reference": "PAP-0008", "reason": "short", "once": "k3"}
    )
    assert "Say in a sentence what is at stake" in shown.content.decode()
