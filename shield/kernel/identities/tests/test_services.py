"""Names are kept for the team of the case alone, sealed, and nothing leaves while one stands in it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import services as accounts
from shield.kernel.history.models import Event
from shield.kernel.identities import queries, services
from shield.kernel.identities.models import Decided, Identity
from shield.kernel.records.rules import RecordRef, Refused, new_id
from shield.kernel.sealed.rules import Unreadable
from tests.cast import TODAY, actor_of


@pytest.fixture
def case(actor, person, partnership):
    """A case with its team of one; the record it stands for does not matter here."""
    theo = person("learning_manager", name="Theo")
    team = accounts.form_team(
        title="Team of CAS-1", purpose="A case", people=[theo], by=actor_of(theo, partnership), today=TODAY
    )
    about = RecordRef("reviews.case", new_id())
    services.take_in(
        about=about, team=team, pseudonym="Child Q", names=["Jordan Tarrant", "Jordie"], is_child=True,
        births=[date(2015, 3, 7)], by=actor_of(theo, partnership),
    )  # fmt: skip
    return about, team, actor_of(theo, partnership)


def test_only_the_team_sees_who_stands_behind_a_pseudonym(case, actor):
    about, _, theo = case
    assert [row.names for row in queries.identities(about, theo)] == [["Jordan Tarrant", "Jordie"]]
    assert not queries.identities(about, actor("business_manager")).exists()
    assert queries.known(about, actor("business_manager")).known == ()


def test_no_name_stands_in_the_database_or_the_history(case):
    about, *_ = case
    with connection.cursor() as cursor:
        cursor.execute("select names, births from identities_identity")
        stored = "".join(cursor.fetchone())
    assert "Jordan" not in stored
    assert "2015" not in stored
    told = "".join(f"{row.record_title}{row.details}" for row in Event.objects.all())
    assert "Jordan" not in told
    assert Event.objects.filter(record_id=about.id, kind="identities.added").exists()


def test_a_sealed_text_opens_in_its_own_row_only(case):
    row = Identity.objects.get()
    other = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "update identities_identity set id = %s", [other.hex if connection.vendor == "sqlite" else other]
        )
    with pytest.raises(Unreadable):
        Identity.objects.get().names  # noqa: B018
    assert row.names[0] == "Jordan Tarrant"


def test_a_sealed_text_is_written_by_its_row_only_and_never_looked_for(case):
    with pytest.raises(TypeError), transaction.atomic():
        Identity.objects.update(notes="Jordan")
    row = Identity.objects.get()
    row.notes = "Jordan"
    with pytest.raises(TypeError), transaction.atomic():
        Identity.objects.bulk_update([row], ["notes"])
    with pytest.raises(FieldError):
        Identity.objects.filter(notes__contains="Jordan").exists()
    assert Identity.objects.filter(notes="").count() == 1


def test_a_row_that_is_stored_unopened_keeps_its_text(case):
    Identity.objects.get().store()
    assert Identity.objects.get().names == ["Jordan Tarrant", "Jordie"]


def test_a_sealed_text_that_is_too_long_is_refused(case):
    row = Identity.objects.get()
    row.notes = "a" * 2001
    with pytest.raises(ValidationError):
        row.store()


def test_a_doubtful_word_is_decided_once_and_may_be_decided_anew(case):
    about, team, theo = case
    texts = [("Facts", "Jordon was seen")]
    assert [doubt.text for doubt in queries.unresolved(texts, about, theo)] == ["Jordon"]
    services.decide(about=about, team=team, words={"jordon": "Child Q"}, by=theo)
    assert queries.unresolved(texts, about, theo) == []
    services.decide(about=about, team=team, words={"jordon": ""}, by=theo)
    assert [row.pseudonym for row in Decided.objects.all()] == [""]


def test_only_the_team_decides_and_only_for_people_of_the_case(case, actor):
    about, team, theo = case
    with pytest.raises(Forbidden):
        services.decide(about=about, team=team, words={"jordon": ""}, by=actor("business_manager"))
    with pytest.raises(Refused):
        services.decide(about=about, team=team, words={"jordon": "Child X"}, by=theo)


def test_a_text_with_a_name_does_not_leave(case, actor):
    about, _, theo = case
    with pytest.raises(Refused, match="“Jordan”"):
        services.require_no_names(texts={"What we learnt": "Jordan’s voice"}, by=theo, of=[about.id])
    with pytest.raises(Refused, match="“Jordn”"):
        services.require_no_names(texts={"What we learnt": "Jordn’s voice"}, by=theo, of=[about.id])
    services.require_no_names(texts={"What we learnt": "The child’s voice"}, by=theo, of=[about.id])


def test_a_whole_name_is_caught_by_whoever_does_not_know_the_case(case, actor):
    stranger = actor("business_manager")
    with pytest.raises(Refused):
        services.require_no_names(texts={"Text": "About JORDAN TARRANT"}, by=stranger)
    services.require_no_names(texts={"Text": "The river Jordan"}, by=stranger)


def test_a_pseudonym_that_gives_the_name_away_is_refused(case):
    about, team, theo = case
    for pseudonym in ("Jordan", "Child Tarrant"):
        with pytest.raises(Refused):
            services.add(about=about, team=team, pseudonym=pseudonym, names=["Jordan Tarrant"], by=theo)


def test_a_pseudonym_is_given_once_in_a_case(case):
    about, team, theo = case
    with pytest.raises(Refused):
        services.add(about=about, team=team, pseudonym="child q", names=["Somebody"], by=theo)


def test_a_spelling_is_added_and_the_history_says_so_without_it(case):
    theo = case[-1]
    services.change(identity=Identity.objects.get(), by=theo, names=["Jordan Tarrant", "Jordyn"])
    event = Event.objects.get(kind="identities.changed")
    assert json.loads(event.details) == {"what": "names"}
    assert Identity.objects.get().names == ["Jordan Tarrant", "Jordyn"]


def test_a_pseudonym_is_not_changed_to_a_name_either_whoever_has_it(case):
    about, team, theo = case
    services.add(about=about, team=team, pseudonym="Mother", names=["Shelley Brook"], by=theo)
    child = Identity.objects.get(is_child=True)
    for wrong in ("Jordan", "Shelley’s child", "mother"):
        with pytest.raises(Refused):
            services.change(identity=child, by=theo, pseudonym=wrong)


def test_what_was_decided_of_a_word_follows_the_pseudonym(case):
    about, team, theo = case
    services.decide(about=about, team=team, words={"jordon": "Child Q"}, by=theo)
    services.change(identity=Identity.objects.get(), by=theo, pseudonym="Child Z")
    assert Decided.objects.get().pseudonym == "Child Z"


def test_a_child_with_a_short_name_is_kept(case):
    about, team, theo = case
    assert services.add(about=about, team=team, pseudonym="Child R", names=["Bo Li"], by=theo).names == [
        "Bo Li"
    ]
