"""The pages of what people told us, as the learning manager and others meet them."""

import html

import pytest

from shield.domain.voice import services
from shield.domain.voice.models import Activity, Promise, Quotation, Said
from shield.domain.voice.tests import factories
from shield.improvement.models import Finding
from shield.improvement.tests import factories as chain
from shield.improvement.tests.pages import about, day, send, text_of, to
from shield.kernel.records.rules import Refused
from tests.cast import TODAY, signed_in


def test_an_empty_page_says_what_to_do_to_those_who_may(manager, police, cast):
    assert "Record a feedback activity" in text_of(manager.get(to("voice")))
    assert "Record a feedback activity" not in text_of(police.get(to("voice")))


def test_an_activity_and_its_points_are_recorded(manager, priority):
    answer = send(
        manager, about("activity_add", priority), title="Film", group="young_people", method="film", precision="month",
        people_count="8", priority=str(priority.pk), **day("held_on", factories.ASKED),
    )  # fmt: skip
    made = Activity.objects.get()
    assert answer["Location"] == to("activity", made)
    assert made.held_on.day == 1
    another = send(
        manager, to("said_add", made), text="They did all they could", sort="working_well", group="young_people",
        another="yes",
    )  # fmt: skip
    assert another["Location"] == to("said_add", made)
    text = text_of(manager.get(to("activity", made)))
    assert "How many took part 8" in text
    assert "June 2019" in text
    assert "They did all they could" in text


def test_a_form_in_error_keeps_what_was_typed(manager, cast):
    text = text_of(send(manager, to("activity_add"), title="Interviews", precision="day"))
    assert "Select who was asked" in text
    assert "Enter" in text or "Select how they were asked" in text
    page = send(manager, to("activity_add"), title="Interviews at home", precision="day").content.decode()
    assert 'value="Interviews at home"' in page


def test_a_point_is_answered_on_its_page_with_what_came_of_it(manager, by, activity, priority):
    point = factories.point(by, activity)
    led = chain.recommendation(by, of=priority, title="Make it known")
    assert led.reference in text_of(manager.get(to("said_answer", point)))
    send(manager, to("said_answer", point), we_did="We printed a leaflet", recommendations=[str(led.pk)])
    text = text_of(manager.get(to("said", point)))
    assert "We printed a leaflet" in text
    assert "Make it known" in text
    assert "Not told yet" in text


def test_what_came_of_it_later_is_named_without_taking_the_answer_back(manager, by, activity, priority):
    row = factories.answered(by, activity)
    assert "no further recommendation" in text_of(manager.get(to("said_came", row)))
    led = chain.recommendation(by, of=priority, title="Make it known")
    services.note_told(said=[row], on=TODAY, how="By letter", told_by="Us", by=by, today=TODAY)
    assert "Tick at least one" in text_of(send(manager, to("said_came", row)))
    send(manager, to("said_came", row), recommendations=[str(led.pk)])
    text = text_of(manager.get(to("said", row)))
    assert "Make it known" in text
    assert "Told on 4 November 2019" in text
    assert led.reference not in text_of(manager.get(to("said_came", row)))
    row = factories.point(by, activity)
    with pytest.raises(Refused, match="what was done"):
        services.name_what_came(said=row, came=[led.ref], by=by)


def test_people_are_told_of_several_points_at_once(manager, by, activity):
    rows = [factories.answered(by, activity, text=f"Point number {n}") for n in range(2)]
    ticked = [str(row.pk) for row in rows]
    send(
        manager,
        to("told"),
        said=ticked,
        how="By letter to all",
        told_by="The centre",
        **day("told_on", TODAY),
    )
    assert "Told on 4 November 2019: By letter to all" in text_of(manager.get(to("said", rows[0])))
    assert "Everybody whose point has an answer was told" in text_of(manager.get(to("told")))


def test_the_list_shows_what_waits(manager, by, activity):
    factories.point(by, activity, text="Nobody answered this")
    factories.answered(by, activity, text="This has an answer")
    text = text_of(manager.get(to("voice") + "?waits=answer"))
    assert "Nobody answered this" in text
    assert "This has an answer" not in text
    assert "This has an answer" in text_of(manager.get(to("voice") + "?waits=told"))


def test_a_finding_is_made_by_one_click(manager, by, activity):
    point = factories.point(by, activity)
    send(manager, to("point_finding", point))
    assert Finding.objects.get().text == point.text
    assert Finding.objects.get().reference in text_of(manager.get(to("said", point)))


def test_nothing_can_be_done_and_taking_back_are_pages_too(manager, by, activity):
    point = factories.point(by, activity)
    send(manager, to("said_decline", point), why_not="The law forbids it")
    assert "The law forbids it" in text_of(manager.get(to("said", point)))
    send(manager, to("said_reopen", point), reason="The law was changed")
    assert "Not answered yet" in text_of(manager.get(to("said", point)))


def test_a_quotation_waits_for_consent_is_shown_and_wiped(manager, scrutineer, by, activity):
    send(manager, to("quotation_add", activity), words="You are not alone", group="parents")
    made = Quotation.objects.get()
    pages = [
        to("quotation", made),
        to("quotations"),
        to("activity", activity),
        to("quotations") + "?export=csv",
    ]

    def heard(client):
        return ["not alone" in html.unescape(client.get(address).content.decode()) for address in pages]

    assert heard(manager) == [False] * 4
    assert scrutineer.get(to("quotation", made)).status_code == 404
    consent = {"consent_by": "Centre", "how": "Signed form", "scope": "board", **day("on", TODAY)}
    send(manager, to("quotation_consent", made), **consent)
    assert heard(manager) == heard(scrutineer) == [True] * 4
    send(manager, to("quotation_withdraw", made), how="By telephone")
    assert heard(manager) == [False] * 4
    assert scrutineer.get(to("quotation", made)).status_code == 404
    assert "were wiped" in text_of(manager.get(to("quotation", made)))


def test_a_promise_is_made_and_reported_on(manager, cast):
    send(manager, to("promise_add"), text="Ask agencies", precision="month", **day("made_on", TODAY))
    made = Promise.objects.get()
    send(manager, to("promise_report", made), progress="Asked in April")
    assert "Asked in April" in text_of(manager.get(to("promises")))


def test_anybody_reads_what_is_published_and_nothing_else(client, by, activity, otherton):
    shown = factories.answered(by, activity, text="We want one place to look", published=True)
    factories.answered(by, activity, text="This is not for the public")
    factories.quotation(by, activity, words="Board only words", scope="board")
    factories.quotation(by, activity, words="Words for everybody", scope="published")
    text = text_of(client.get(to("you_said")))
    assert "We want one place to look" in text
    assert "Words for everybody" in text
    for hidden in ("not for the public", "Board only", activity.title, "17", shown.reference):
        assert hidden not in text
    assert "Nothing has been published" in text_of(client.get("/otherton/you-said"))
    services.publish(said=shown, published=False, by=by)
    assert "one place to look" not in text_of(client.get(to("you_said")))


def test_what_is_of_another_partnership_is_not_found(person, by, activity, otherton):
    stranger = signed_in(person("learning_manager", partnership=otherton))
    point = factories.point(by, activity)
    for address in (to("voice"), to("activity", activity), to("said", point), to("said_answer", point)):
        assert stranger.get(address).status_code == 404
        assert stranger.get(address.replace("testbury", "otherton")).status_code == (
            200 if address == to("voice") else 404
        )


def test_the_pages_cost_the_same_with_many_rows_as_with_one(manager, by, priority, count_queries):
    def grow(count):
        for number in range(count):
            made = factories.activity(by, title=f"Asked {number} of {count}", priority=priority)
            point = factories.answered(by, made, came=[chain.action(by, text=f"Do {number}").ref])
            factories.point(by, made)
            factories.quotation(by, made, scope="hub")
            services.make_finding(said=point, by=by)
            services.make_promise(text=f"Promise {number}", made_on=TODAY, by=by)

    grow(2)
    one, said = Activity.objects.first(), Said.objects.first()
    addresses = [
        to(n) for n in ("voice", "activities", "quotations", "promises", "told", "you_said", "activity_add")
    ]
    addresses += [
        to("activity", one),
        to("said", said),
        to("said_answer", Said.objects.filter(state="open").first()),
    ]
    addresses.append(to("priority", priority))
    manager.get(to("voice"))
    before = {}
    for address in addresses:
        with count_queries() as sent:
            assert manager.get(address).status_code == 200
        before[address] = len(sent)
    grow(15)
    for address in addresses:
        with count_queries() as sent:
            manager.get(address)
        assert len(sent) == before[address], (address, sent)
        assert len(sent) <= 15, (address, len(sent))
