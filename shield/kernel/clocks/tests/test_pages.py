"""The pages of clocks, as people meet them."""

import re
import uuid
from datetime import date

import pytest
from django.urls import reverse

from shield.kernel.clocks import doors, services
from shield.kernel.clocks.models import Clock
from shield.kernel.records.rules import RecordRef

ACTS = ("clock_pause", "clock_resume", "clock_extend", "clock_meet", "clock_stop", "clock_put_right")


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def start(by, agencies):
    def begin(on=date(2019, 10, 1), code="report.publication", edition="WT2018"):
        about = RecordRef("accounts.agency", agencies["school"].pk, "An old title")
        if Clock.objects.filter(about_id=about.id, code=code).exists():
            about = RecordRef("test.nothing", uuid.uuid4(), "A secret title")
        return services.start(code=code, edition=edition, about=about, on=on, by=by)

    return begin


@pytest.fixture
def manager(person, client_of):
    return client_of(person("business_manager"))


def address(clock=None, name="clock"):
    return reverse(name, kwargs={"partnership": "testbury", **({"id": clock.pk} if clock else {})})


def tokens(response):
    text = response.content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("once", "version")}


def text_of(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_empty_list_says_how_clocks_come_about(manager, cast):
    assert "No clock runs yet." in text_of(manager.get(address(name="clocks")))


def test_the_list_is_sorted_by_due_date_and_shows_standings(manager, start):
    start(date(2019, 10, 1))
    start(date(2018, 10, 1))
    text = text_of(manager.get(address(name="clocks")))
    assert text.index("1 Oct 2019") < text.index("1 Oct 2020")
    assert "Late" in text
    assert "Hillside School" in text
    assert "An old title" not in text
    assert "A secret title" not in text


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 3),
        ("?late=on", 1),
        ("?state=met", 1),
        ("?state=stopped", 0),
        ("?state=nonsense", 3),
        ("?page=x&sort=evil", 3),
    ],
)
def test_the_list_is_filtered(manager, start, by, asked, count):
    start(date(2018, 10, 1))
    start()
    reason = "It was printed on paper."
    services.meet(clock=start(), on=date(2019, 11, 1), reason=reason, by=by, today=date(2019, 11, 4))
    response = manager.get(address(name="clocks") + asked)
    assert response.context["table"].count == count


def test_the_list_is_exported_as_shown(manager, start):
    start()
    response = manager.get(address(name="clocks") + "?export=csv")
    assert "statutory-clocks" in response["Content-Disposition"]
    assert "Hillside School" in response.content.decode("utf-8-sig")


def test_a_page_tells_the_duty_its_source_and_the_way_to_its_date(manager, start):
    text = text_of(manager.get(address(start())))
    for words in (
        "Publish the yearly report",
        "12 months",
        "1 October 2020",
        "Working Together 2018, chapter 3",
        "month 12 ends",
        "the clock starts; this day is day 0",
        "started the clock",
        "Let it stand still",
    ):
        assert words in text
    assert "unconfirmed" not in text


def test_a_source_that_nobody_checked_is_marked(manager, start):
    assert "unconfirmed" in text_of(manager.get(address(start(edition="WT2026"))))


def test_days_are_shown_one_by_one(manager, start):
    text = text_of(manager.get(address(start(code="report.copies"))))
    assert "Wednesday 2 October 2019" in text
    assert "Tuesday 8 October 2019" in text


def test_a_clock_is_paused_resumed_extended_and_met_through_its_pages(manager, start):
    clock = start()

    def send(name, **values):
        form = tokens(manager.get(address(clock, name)))
        response = manager.post(address(clock, name), {**form, **values}, follow=True)
        assert response.redirect_chain == [(address(clock), 302)], text_of(response)
        clock.refresh_from_db()
        return text_of(response)

    reason = "The police ask us to wait."
    day = {"on_day": "20", "on_month": "October", "on_year": "2019"}
    assert reason in send("clock_pause", reason=reason, **day)
    assert clock.state == "paused"
    send("clock_resume", on_day="30", on_month="10", on_year="2019")
    assert clock.due_on == date(2020, 10, 11)
    send("clock_extend", extra="2", reason="The Panel agreed to it.")
    assert clock.due_on == date(2020, 12, 11)
    day = {"on_day": "1", "on_month": "11", "on_year": "2019"}
    assert "Met on" in send("clock_meet", reason="It was printed on paper.", **day)
    assert "Let it stand still" not in text_of(manager.get(address(clock)))
    assert "Due on 11 December 2020" in send("clock_put_right", reason="It was marked by mistake.")
    assert clock.state == "running"


def test_a_duty_that_is_met_by_itself_is_not_ticked_off(manager, start, by):
    clock = start()
    assert [item.act for item in doors.work(by, date(2019, 11, 4)) if item.id == clock.pk] == [""]
    shown = manager.get(address(clock, "clock_meet"))
    assert "met by itself when the report is published" in text_of(shown)
    day = {"on_day": "1", "on_month": "11", "on_year": "2019"}
    for reason in ("", "on paper"):
        sent = manager.post(address(clock, "clock_meet"), {**tokens(shown), **day, "reason": reason})
        assert "There is a problem" in text_of(sent)
    clock.refresh_from_db()
    assert clock.state == "running"


def test_what_is_late_is_offered_no_extension(manager, start):
    clock = start(date(2018, 10, 1))
    page = manager.get(address(clock)).content.decode()
    assert address(clock, "clock_pause") in page
    assert address(clock, "clock_extend") not in page
    shown = manager.get(address(clock, "clock_extend"), follow=True)
    assert "An extension is agreed before the day has passed" in text_of(shown)


def test_the_form_says_how_far_an_extension_goes(manager, start):
    text = text_of(manager.get(address(start(), "clock_extend")))
    assert "By how many months? 1 to 12: no further than the period itself" in text
    assert "what is late cannot be extended" in text


def test_a_clock_is_stopped_with_its_reason(manager, start):
    clock = start()
    form = tokens(manager.get(address(clock, "clock_stop")))
    assert (
        manager.post(address(clock, "clock_stop"), {**form, "reason": "It no longer applies."}).status_code
        == 302
    )
    clock.refresh_from_db()
    assert clock.state == "stopped"


def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(manager, start):
    clock = start()
    form = tokens(manager.get(address(clock, "clock_pause")))
    early = {"on_day": "1", "on_month": "1", "on_year": "2019", "reason": "The police ask us to wait."}
    text = manager.post(address(clock, "clock_pause"), {**form, **early}).content.decode()
    assert "There is a problem" in text
    assert "A clock cannot stand still before it starts." in text
    assert "The police ask us to wait." in text
    missing = manager.post(address(clock, "clock_pause"), form).content.decode()
    assert "Give the reason in a sentence" in missing


def test_a_double_submit_does_nothing_twice(manager, start):
    clock = start()
    form = {
        **tokens(manager.get(address(clock, "clock_extend"))),
        "extra": "1",
        "reason": "The Panel agreed to it.",
    }
    answers = [manager.post(address(clock, "clock_extend"), form) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].url == answers[1].url == address(clock)
    clock.refresh_from_db()
    assert clock.extra == 1


def test_an_edit_over_somebody_elses_shows_it_and_can_be_sent_again(manager, start, by):
    clock = start()
    form = {
        **tokens(manager.get(address(clock, "clock_extend"))),
        "extra": "1",
        "reason": "The Panel agreed to it.",
    }
    services.extend(clock=clock, extra=2, reason="Somebody else extended it.", by=by, today=date(2019, 11, 4))
    response = manager.post(address(clock, "clock_extend"), form)
    assert "Somebody else extended it." in text_of(response)
    assert manager.post(address(clock, "clock_extend"), {**form, **tokens(response)}).status_code == 302
    clock.refresh_from_db()
    assert clock.extra == 3


def test_what_cannot_happen_now_leads_back_with_the_reason(manager, start):
    clock = start()
    response = manager.get(address(clock, "clock_resume"), follow=True)
    assert "This clock is running; it cannot become running." in text_of(response)


def test_who_may_only_see_is_told_why_they_cannot_change(person, client_of, start):
    clock, partner = start(), client_of(person("safeguarding_partner"))
    assert "Let it stand still" not in text_of(partner.get(address(clock)))
    for name in ACTS:
        assert partner.get(address(clock, name)).status_code == 403
        assert partner.post(address(clock, name), {}).status_code == 403


def test_others_do_not_learn_that_a_clock_exists(person, client_of, client, start, otherton):
    clock = start()
    for name in ("clock", *ACTS):
        assert client_of(person("practitioner")).get(address(clock, name)).status_code == 404
        stranger = client_of(person("business_manager", partnership=otherton))
        assert stranger.get(address(clock, name)).status_code == 404
        assert stranger.get(address(clock, name).replace("testbury", "otherton")).status_code == 404
        assert "/sign-in" in client.get(address(clock, name)).url


def test_a_page_costs_the_same_at_one_row_and_at_fifty(manager, start, count_queries):
    start()
    manager.get(address(name="clocks"))
    with count_queries() as few:
        manager.get(address(name="clocks"))
    for _ in range(49):
        start()
    with count_queries() as many:
        manager.get(address(name="clocks"))
    assert len(few) + 1 >= len(many) <= 15, many  # the one more: titles of a second kind of record


def test_a_clocks_own_page_costs_at_most_fifteen_queries(manager, start, count_queries):
    clock = start()
    with count_queries() as sent:
        text_of(manager.get(address(clock)))
    assert len(sent) <= 15, sent
