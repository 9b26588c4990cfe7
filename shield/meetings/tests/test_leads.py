"""Who leads on which topic in which agency, and the list that goes round once a year."""

import io
import uuid
from datetime import date, datetime, timedelta
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from shield.meetings import exchange, queries, rules, services
from shield.meetings.models import TopicLead
from tests.cast import SINCE, TODAY

MISSING = list(rules.Topic).index(rules.Topic.MISSING)


def named(by, agency, topic="missing", **more):
    given = {"named": "Jo Bell", "starts_on": SINCE, "today": TODAY, **more}
    return services.name_lead(topic=topic, agency=agency, by=by, **given)


def of(by, agency, on=TODAY):
    return next(row for row in queries.leads_by_agency(by, on) if row.agency == agency)


def test_an_agency_names_a_lead_and_the_gaps_are_known(by, agencies):
    named(by, agencies["police"], post="Detective inspector")
    row = of(by, agencies["police"])
    assert [lead.who for lead in row.by_topic[MISSING]] == ["Jo Bell, Detective inspector"]
    assert row.missing == [t.label for t in rules.Topic if t != rules.Topic.MISSING]
    assert of(by, agencies["health"]).missing == [t.label for t in rules.Topic]


def test_who_follows_begins_the_day_after_and_both_stay_on_record(by, agencies):
    first = named(by, agencies["police"])
    then = named(by, agencies["police"], named="Sam Roe", starts_on=TODAY, instead_of=first)
    first.refresh_from_db()
    assert first.ends_on == TODAY - timedelta(days=1)
    assert [r.named for r in queries.leads_on(by, first.ends_on)] == ["Jo Bell"]
    assert [r.named for r in queries.leads_on(by, TODAY)] == ["Sam Roe"]
    assert [entry.sentence for entry in history.of_record(by.partnership_id, first.pk)] == [
        "ended a lead: Missing children, Testbury Police: Jo Bell",
        "named a lead: Missing children, Testbury Police: Jo Bell",
    ]
    assert then.version == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"named": ""}, "one of the two"),
        ({"named": "Jo Bell", "starts_on": date(2021, 1, 1)}, "at most a year ahead"),
        ({"named": "Jo Bell", "starts_on": TODAY}, "leads on this already"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(by, agencies, change, why):
    named(by, agencies["police"])
    with pytest.raises(Refused, match=why):
        named(by, agencies["police"], **change)
    assert TopicLead.objects.count() == 1


def test_a_person_leads_for_an_agency_they_work_for(by, person, agencies):
    ana = person("agency_lead", agency=agencies["school"])
    with pytest.raises(Refused, match="does not work for"):
        named(by, agencies["police"], named="", person=ana)
    assert named(by, agencies["school"], named="", person=ana).who == ana.name


def test_a_lead_is_followed_by_one_of_the_same_topic_and_ends_after_it_began(by, agencies):
    first = named(by, agencies["police"])
    with pytest.raises(Refused, match="same topic"):
        named(by, agencies["police"], topic="training", instead_of=first)
    with pytest.raises(Refused, match="before it began"):
        services.end_lead(lead=first, on=SINCE - timedelta(days=1), by=by, today=TODAY)
    services.end_lead(lead=first, on=TODAY, by=by, today=TODAY)
    with pytest.raises(Refused, match="already"):
        services.end_lead(lead=first, on=TODAY, by=by, today=TODAY)


def test_an_agency_names_its_own_leads_and_no_others(by, actor, agencies):
    own = actor("agency_lead", agency=agencies["school"])
    named(own, agencies["school"])
    with pytest.raises(Forbidden, match="your own agency"):
        named(own, agencies["police"])
    others = named(by, agencies["police"])
    for act in (
        lambda: services.end_lead(lead=others, on=TODAY, by=own, today=TODAY),
        lambda: services.change_lead(lead=others, changes={"post": "", "contact": ""}, by=own),
        lambda: named(actor("scrutineer"), agencies["police"]),
    ):
        with pytest.raises(Forbidden):
            act()


def test_two_who_correct_a_lead_do_not_overwrite_each_other(by, agencies):
    row = named(by, agencies["police"])
    changes = {"post": "Inspector", "contact": "01632 960000"}
    services.change_lead(lead=row, changes=changes, by=by, expected_version=1)
    with pytest.raises(Stale):
        services.change_lead(lead=row, changes=changes, by=by, expected_version=1)


# --- The list


def test_the_list_is_a_document_with_every_topic_its_leads_and_its_gaps(by, partnership, agencies):
    named(by, agencies["police"], contact="missing@police.example")
    rows, at = queries.leads_by_agency(by, TODAY), datetime(2019, 11, 4, 9, 0).astimezone()
    content = exchange.leads_pdf(partnership, rows, TODAY, at=at)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "missing@police.example" in text
    assert "As they stood on 4 November 2019" in text
    assert "Nobody is named by:" in text
    word = ZipFile(io.BytesIO(exchange.leads_word(partnership, rows, TODAY, at=at)))
    assert "missing@police.example" in word.read("word/document.xml").decode()


# --- Pages


def test_the_page_shows_the_leads_of_a_day_and_offers_the_list(manager, by, agencies):
    first = named(by, agencies["police"])
    services.end_lead(lead=first, on=date(2019, 6, 30), by=by, today=TODAY)
    now = manager.get("/testbury/leads/").content.decode()
    assert "Jo Bell" not in now
    assert "Nobody is named as a lead." in now
    then = manager.get("/testbury/leads/?on_day=1&on_month=6&on_year=2019").content.decode()
    assert "Jo Bell" in then
    assert "/testbury/leads/list/2019-06-01.pdf" in then
    answer = manager.get("/testbury/leads/list/2019-06-01.docx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="topic leads 2019-06-01.docx"'
    for wrong in ("2019-13-01.pdf", "today.pdf", "2019-06-01.exe"):
        assert manager.get(f"/testbury/leads/list/{wrong}").status_code == 404


def test_an_agency_lead_names_one_by_the_page_and_a_second_click_names_no_second(client_of, person, agencies):
    client = client_of(person("agency_lead", agency=agencies["school"]))
    sent = {
        "topic": "training", "agency": agencies["school"].pk, "named": "Jo Bell", "starts_on_day": "4", "starts_on_month": "11",
        "starts_on_year": "2019", "once": "k1",
    }  # fmt: skip
    assert [client.post("/testbury/leads/name", sent).status_code for _ in range(2)] == [302, 302]
    row = TopicLead.objects.get()
    assert "Correct the post" in client.get(f"/testbury/leads/{row.pk}").content.decode()
    nameless = client.post("/testbury/leads/name", {**sent, "named": "", "once": "k3"}).content.decode()
    assert "Enter the name" in nameless
    assert "Name (optional)" not in nameless
    wrong = client.post("/testbury/leads/name", {**sent, "agency": agencies["police"].pk, "once": "k2"})
    assert wrong.status_code == 200
    assert TopicLead.objects.count() == 1


def test_the_lead_of_another_agency_is_seen_and_not_touched(client_of, person, by, agencies):
    row = named(by, agencies["police"])
    client = client_of(person("agency_lead", agency=agencies["school"]))
    page = client.get(f"/testbury/leads/{row.pk}").content.decode()
    assert "Jo Bell" in page
    assert "Correct the post" not in page
    for act in ("follow", "change", "end"):
        assert client.get(f"/testbury/leads/{row.pk}/{act}").status_code == 403
    assert client.get(f"/testbury/leads/{uuid.uuid4()}").status_code == 404
