"""A member brings what went well; it is read before everybody can find it."""

from datetime import date
from typing import Any

import pytest

from shield.domain.lessons import rules, services
from shield.domain.lessons.models import GoodPractice
from shield.improvement.tests.pages import day, send, text_of, to
from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts.models import Team
from shield.kernel.identities import services as identities
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Learnt, Refused
from shield.kernel.search import services as index
from shield.kernel.search.models import Entry
from tests.cast import TODAY, actor_of, signed_in, system

WORDS = {
    "title": "A call at night",
    "done": "They rang the parents back.",
    "why": "One person stayed in touch.",
}


@pytest.fixture
def owen(person: Any, agencies: Any) -> Any:
    return person("agency_lead", agency=agencies["school"], name="Owen")


@pytest.fixture
def lead(owen: Any, partnership: Any) -> Any:
    return actor_of(owen, partnership)


@pytest.fixture
def by(actor: Any) -> Any:
    return actor("learning_manager")


@pytest.fixture
def brought(lead: Any) -> GoodPractice:
    return bring(lead)


def bring(by: Any, **words: str) -> GoodPractice:
    return services.bring_practice(
        values={**WORDS, **words}, seen_on=date(2019, 7, 20), precision="month", by=by, today=TODAY
    )


def accept(row: GoodPractice, by: Any) -> GoodPractice:
    return services.accept_practice(
        practice=row, nobody_named=True, by=by, today=TODAY, expected_version=row.version
    )


def know(partnership: Any) -> None:
    """The vault holds Jordan Tarrant."""
    team = Team(partnership=partnership, title="Review team", purpose="Reads one case").store()
    identities.add(
        about=team.ref, team=team, pseudonym="Child A", names=["Jordan Tarrant"], by=system(partnership)
    )


def column() -> str:
    return str(GoodPractice.objects.values_list("title", "done", "sealed_words").get())


def test_an_agency_lead_brings_an_example_and_everybody_finds_it_once_it_is_accepted(
    owen: Any, person: Any, by: Any
) -> None:
    lead, nia, lena = (
        signed_in(each) for each in (owen, person("practitioner"), person("learning_manager", name="Lena"))
    )
    send(lead, to("good_practice_bring"), **WORDS, precision="month", **day("seen_on", date(2019, 7, 20)))
    row = GoodPractice.objects.get()
    assert (row.brought_by, row.seen, row.status) == (owen, "July 2019", "brought")
    assert nia.get(to("good_practice", row)).status_code == 404
    assert "A call at night" not in text_of(nia.get(to("learnt")))
    assert "A call at night" in [item.title for item in records.work(by, TODAY)]
    send(lena, to("good_practice_accept", row), nobody_named="on")
    assert "A call at night" in text_of(nia.get(f"{to('learnt')}?words=CALL+night"))
    assert "Nothing" in text_of(nia.get(f"{to('learnt')}?words=snow"))
    assert "One person stayed in touch" in text_of(nia.get(to("good_practice", row)))
    assert nia.get(to("good_practice_history", row)).status_code == 403


def test_it_is_sealed_and_unsearched_until_it_is_accepted_and_again_when_withdrawn(
    brought: GoodPractice, by: Any, partnership: Any
) -> None:
    def found() -> bool:
        index.follow(partnership_id=partnership.pk)
        return Entry.objects.filter(record_id=brought.pk).exists()

    assert "rang" not in column()
    assert not found()
    row = accept(brought, by)
    assert "rang" in column()
    assert found()
    with pytest.raises(Refused, match="why it is withdrawn"):
        services.withdraw_practice(practice=row, reason="", by=by, today=TODAY, expected_version=row.version)
    services.withdraw_practice(
        practice=row, reason="The family asked for it.", by=by, today=TODAY, expected_version=row.version
    )
    assert "rang" not in column()
    assert not found()


def test_one_that_is_sent_back_waits_for_whoever_brought_it_and_then_to_be_read_again(
    brought: GoodPractice, lead: Any, by: Any, actor: Any
) -> None:
    row = services.return_practice(
        practice=brought, reason="Say what others can do.", by=by, expected_version=brought.version
    )
    assert "Sent back: A call at night" in [item.title for item in records.work(lead, TODAY)]
    with pytest.raises(Forbidden):
        services.change_practice(
            practice=row, values=WORDS, seen_on=TODAY, by=actor("agency_lead"), today=TODAY, expected_version=row.version
        )  # fmt: skip
    row = services.change_practice(
        practice=row, values={**WORDS, "others": "Name one person."}, seen_on=TODAY, by=lead, today=TODAY,
        expected_version=row.version,
    )  # fmt: skip
    assert (row.status, row.returned_why) == ("brought", "")
    accept(row, by)
    with pytest.raises(Refused, match="decided on already"):
        services.change_practice(
            practice=row, values=WORDS, seen_on=TODAY, by=lead, today=TODAY, expected_version=row.version + 1
        )


def test_a_name_the_vault_knows_is_found_when_it_is_accepted_and_not_told_to_whoever_brings_it(
    lead: Any, by: Any, partnership: Any
) -> None:
    know(partnership)
    row = bring(lead, done="Jordan Tarrant was rung back.")
    with pytest.raises(Refused, match="What was done holds “Jordan Tarrant”"):
        accept(row, by)


def test_what_is_missing_or_in_the_future_is_refused(lead: Any) -> None:
    with pytest.raises(Refused, match="Enter why it worked"):
        bring(lead, why=" ")
    with pytest.raises(Refused, match="in the past"):
        services.bring_practice(values=WORDS, seen_on=date(2019, 12, 1), by=lead, today=TODAY)


def test_who_may_not_bring_an_example_is_told_so(actor: Any) -> None:
    with pytest.raises(Forbidden):
        bring(actor("practitioner"))


def test_words_are_found_whatever_their_case_and_accents() -> None:
    item = Learnt("Café talk", "Good practice", TODAY, "Listening first", "good_practice", ())
    assert rules.holds(item, "cafe FIRST")
    assert rules.holds(item, "")
    assert not rules.holds(item, "cafe last")


def test_it_is_asked_after_so_many_months_to_the_day_or_the_last_of_the_month() -> None:
    assert rules.asked_on(date(2020, 2, 29), 12) == date(2021, 2, 28)


def test_what_is_told_of_an_example_names_nobody_of_a_case(
    brought: GoodPractice, by: Any, partnership: Any
) -> None:
    know(partnership)
    for act in (
        lambda: services.return_practice(
            practice=brought, reason="Leave Jordan Tarrant out.", by=by, expected_version=brought.version
        ),
        lambda: services.withdraw_practice(
            practice=brought,
            reason="Jordan Tarrant is in it.",
            by=by,
            today=TODAY,
            expected_version=brought.version,
        ),
    ):
        with pytest.raises(Refused, match="could be the name"):
            act()
    assert GoodPractice.objects.get().status == rules.PracticeStatus.BROUGHT
