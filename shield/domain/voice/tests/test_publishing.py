"""What is about to be public is read for whoever could be found by it, and what is about children by two people."""

import pytest

from shield.domain.voice import doors, queries, rules, services
from shield.domain.voice.models import Said
from shield.domain.voice.tests import factories
from shield.improvement.tests.pages import send, text_of, to
from shield.kernel.accounts import services as accounts
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import RecordRef, Refused, new_id
from tests.cast import TODAY, make_person, signed_in

GIRL = "A girl at Hill School is afraid of her father, Kevin Jones. She is not heard"
PLAIN = "We wait too long for help"


@pytest.mark.parametrize(
    "text",
    [
        "We talked to Kevin Jones", "Kevin Jones was asked.", "We went to 12 High Street", "He lives in DA5 1AA", "Mr Jones said so",
        "A girl at Hill School said so", "We saw it at Hill Primary School", "A boy aged 9 said it", "Their 14-year-old was there",
        "One of them, called Aisha, was upset", "Ring 01632 960001", "It was Kevin J.",
    ],
)  # fmt: skip
def test_a_sentence_by_which_somebody_could_be_found_is_shown(text):
    assert rules.could_name_somebody(f"We are sorry. {text}", PLAIN) == [text]


@pytest.mark.parametrize("text", [PLAIN, "We made a page with every service on it.", "Ask us in May, please"])
def test_a_plain_sentence_warns_of_nothing(text):
    assert rules.could_name_somebody(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "both children", "both of his children", "a single child", "a couple of girls", "the only girl in year 6", "only two pupils",
        "her few pupils", "one of the twins",
    ],
)  # fmt: skip
def test_words_for_a_few_people_are_refused_like_their_numbers(text):
    with pytest.raises(Refused, match="could be found"):
        rules.check_publishable("answered", f"We asked {text} about it")


def publish(row, by, **more):
    row = Said.objects.get(pk=row.pk)
    return services.publish(said=row, published=True, by=by, **{"nobody_named": True, **more})


def shown(by):
    return list(queries.published(by.partnership_id))


def test_words_go_out_once_somebody_read_them_for_that(by, activity):
    row = factories.answered(by, activity)
    with pytest.raises(Refused, match="nobody can be recognised"):
        publish(row, by, nobody_named=False)
    publish(row, by)
    assert shown(by) == [row]


@pytest.mark.parametrize(
    ("group", "text"), [("children", PLAIN), ("young_people", PLAIN), ("parents", "Our child was not asked")]
)
def test_what_is_about_children_waits_for_a_second_reader(by, activity, group, text):
    row = factories.answered(by, activity, group=group, text=text)
    publish(row, by)
    assert shown(by) == []
    with pytest.raises(Refused, match="Somebody else"):
        publish(row, by)
    second = factories.other(by)
    assert [i.sort for i in doors.work(by, TODAY) if "public" in i.sort] == []
    assert [i.act_page for i in doors.work(second, TODAY) if "public" in i.sort] == ["said_publish"]
    publish(row, second)
    assert shown(by) == [row]


def test_words_that_are_changed_leave_the_page_and_are_read_anew(by, activity):
    row = factories.answered(by, activity, published=True)
    services.correct_point(
        said=row,
        text="We wait for years",
        sort=row.sort,
        group=row.group,
        by=by,
        expected_version=row.version,
    )
    assert shown(by) == []


def test_what_waits_for_a_second_reader_can_be_taken_back(by, activity):
    row = factories.answered(by, activity, group="children")
    made = publish(row, by)
    assert made.offered_by_id == by.person_id
    back = services.publish(said=made, published=False, by=by)
    assert back.offered_by_id is None
    with pytest.raises(Refused, match="Nothing was changed"):
        services.publish(said=back, published=False, by=by)


def test_the_page_shows_what_everybody_will_read_and_the_sentences_in_doubt(by, activity, cast):
    first, second = (signed_in(make_person("learning_manager", partnership=cast.testbury)) for _ in range(2))
    row = factories.answered(by, activity, text=GIRL, we_did="We talked to him at 12 High Street")
    page = text_of(first.get(to("said_publish", row)))
    for words in (
        "Somebody could be found by this",
        GIRL,
        "We talked to him at 12 High Street",
        "a second person",
    ):
        assert words in page
    assert "Confirm that nobody" in text_of(send(first, to("said_publish", row)))
    send(first, to("said_publish", row), nobody_named="on")
    assert "Waits for a second look" in text_of(first.get(to("said", row)))
    assert "Do not publish it" in text_of(first.get(to("said_publish", row)))
    send(second, to("said_publish", row), nobody_named="on")
    row.refresh_from_db()
    assert row.published


def test_answering_does_not_publish(by, activity, cast):
    manager = signed_in(make_person("learning_manager", partnership=cast.testbury))
    row = factories.point(by, activity)
    send(manager, to("said_answer", row), we_did="We talked to Kevin Jones", published="on")
    assert shown(by) == []


def test_a_name_of_the_vault_does_not_go_out_whoever_read_it(by, activity):
    team = accounts.form_team(title="Team of CAS-1", purpose="A case", people=[], by=by, today=TODAY)
    identities.take_in(
        about=RecordRef("reviews.case", new_id()),
        team=team,
        pseudonym="Child Q",
        names=["Jordan Tarrant"],
        by=by,
    )
    row = factories.answered(by, activity, text="We met Jordan Tarrant in May")
    with pytest.raises(Refused, match="could be the name of somebody in a case"):
        publish(row, by)
    assert shown(by) == []


def test_the_public_page_is_reached_from_the_front_and_from_every_foot(by, activity, client):
    address = to("you_said")
    assert address not in client.get("/").content.decode()
    factories.answered(by, activity, published=True)
    assert address in client.get("/").content.decode()
    assert f'href="{address}"' in client.get(address).content.decode().split("<footer")[1]
