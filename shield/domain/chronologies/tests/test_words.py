"""How words are found in sealed entries, and that what is kept for it tells nothing."""

import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Contribution, Entry, Outline, WordShelf
from shield.domain.chronologies.queries import merged
from shield.domain.chronologies.queries.merged import Asked
from shield.domain.chronologies.rules import words
from shield.domain.chronologies.tests import factories as make
from tests.cast import TODAY

LETTERS = st.text("abcdé ", max_size=30)


def catalogue(*texts):
    made = words.Catalogue()
    for number, (event, people, comment) in enumerate(texts, start=1):
        made.add(number, event, people, [comment])
    return made


@given(
    st.lists(st.tuples(LETTERS, LETTERS, LETTERS), min_size=1, max_size=8),
    st.text("abcde", min_size=1, max_size=5),
)
def test_a_shelf_finds_what_opening_every_text_would_find(texts, asked):
    def meant(*of):
        every = {word for text in of for word in words.words_of(text)}
        return any(
            word.startswith(asked) if len(asked) >= words.BEGINNING else word == asked for word in every
        )

    shelves = catalogue(*texts).shelves("key")
    shelf = shelves[words.shelf_of(asked, "key")]
    assert words.found_on(shelf, asked, told_only=False) == {
        n for n, each in enumerate(texts, 1) if meant(*each)
    }
    assert words.found_on(shelf, asked, told_only=True) == {
        n for n, each in enumerate(texts, 1) if meant(*each[:2])
    }
    assert words.found_on(catalogue(*texts).on_one(), asked, told_only=False) == words.found_on(
        shelf, asked, told_only=False
    )


def test_where_a_word_stands_depends_on_the_key_and_every_shelf_is_there():
    texts = [(f"word{n} bruise", "", "") for n in range(30)]
    one, other = catalogue(*texts).shelves("one"), catalogue(*texts).shelves("other")
    assert set(one) == set(other) == set(range(1, words.SHELVES + 1))
    beginnings = [f"{a}{b}x" for a in "abcdefgh" for b in "abcdefgh"]
    assert [words.shelf_of(w, "one") for w in beginnings] != [words.shelf_of(w, "other") for w in beginnings]


def test_a_shelf_is_filled_up_so_that_its_length_says_little():
    shelves = catalogue(*[(f"bruise seen by {n}", "", "") for n in range(3)]).shelves("key")
    assert {len(shelf) for shelf in shelves.values()} == {words.STEP}


@given(st.sets(st.integers(1, 60)))
def test_signs_stand_where_the_numbers_are(numbers):
    signs = words.flags(numbers)
    assert {at for at, sign in enumerate(signs, start=1) if sign == 49} == numbers


TABLE = (
    b"Date,Event,Source,People,Comment\r\n"
    b"3/5/2016,Bruise seen at school,Notes,Kay,asked mother\r\n"
    b"5/5/2016,Home visit,Notes,Dawn,bruises again\r\n"
    b"9/5/2016,Caf\xc3\xa9 outing,Notes,Kay Lee,\r\n"
)
ROLES = ("date", "event", "source", "people", "comment")


@pytest.fixture
def read(db, made, parts, officer, nurse):
    """The police gave a table, health typed one event."""
    police, health = parts
    make.taken(make.uploaded(police, TABLE, officer, ROLES), officer)
    make.entry(health, "4/5/2016", nurse, event="Bruising noted", people="Kay")
    make.handed_in(police, officer)
    make.handed_in(health, nurse)
    return made


def found(chronology, **asked):
    rows = merged.events(chronology, Asked(**asked)).order_by("order")
    return [row.event for row in rows]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"text": "bruise"}, ["Bruise seen at school", "Home visit"]),
        ({"text": "bruis"}, ["Bruise seen at school", "Bruising noted", "Home visit"]),
        ({"text": "MOTHER bruise"}, ["Bruise seen at school"]),
        ({"text": "cafe"}, ["Café outing"]),
        ({"person": "kay"}, ["Bruise seen at school", "Bruising noted", "Café outing"]),
        ({"person": "mother"}, []),
        ({"person": "kay", "text": "outing"}, ["Café outing"]),
        ({"text": "ruise"}, []),
        ({"text": "at"}, ["Bruise seen at school"]),
        ({"text": "?"}, []),
    ],
)
def test_words_are_found_by_their_beginnings_and_people_where_people_are_told(read, asked, expected):
    assert found(read, **asked) == expected


def test_filters_and_words_hold_together(read, agencies):
    assert found(read, text="bruis", agencies=(agencies["health"].pk,)) == ["Bruising noted"]


def test_an_event_is_found_by_what_any_of_its_entries_tells(read, by):
    one, other = Entry.objects.filter(chronology_id=read.pk, standing="merged").order_by("order")[:2]
    services.decide_pair(chronology=read, one=one, other=other, by=by, today=TODAY)
    assert found(read, text="bruising") == ["Bruise seen at school"]


def test_what_was_corrected_is_found_by_its_new_words_only(read, officer, by, parts):
    part = Contribution.objects.get(pk=parts[0].pk)
    services.send_back(
        contribution=part, reason="Say what it was.", by=by, today=TODAY, expected_version=part.version
    )
    assert found(read, text="school") == []
    entry = next(row for row in Entry.objects.filter(contribution=part) if row.event.startswith("Bruise"))
    told = make.told("3/5/2016", event="Scratch seen at nursery")
    services.correct_entry(entry=entry, told=told, by=officer, expected_version=entry.version)
    make.handed_in(part, officer)
    assert found(read, text="school") == []
    assert found(read, text="scratch nursery") == ["Scratch seen at nursery"]


def test_no_word_stands_in_the_clear(read):
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM chronologies_wordshelf")
        kept = " ".join(text for (text,) in cursor.fetchall()).casefold()
        cursor.execute("SELECT words_key FROM chronologies_chronology")
        key = cursor.fetchone()[0]
    assert kept
    assert not [word for word in ("bruise", "mother", "school", "outing") if word in kept]
    assert '"kay"' not in kept  # three letters alone stand in any long sealed text by chance
    assert read.words_key
    assert read.words_key not in key


def test_a_search_opens_no_entry_and_costs_the_same_however_many_there_are(read, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert merged.events(read, Asked(text="bruis")).count() == 3


def test_nobody_but_the_team_sees_what_is_kept(read, officer, by):
    assert not WordShelf.objects.visible_to(officer).exists()
    assert not Outline.objects.visible_to(officer).exists()
    assert WordShelf.objects.visible_to(by).exists()


def test_what_an_earlier_version_lacks_is_made_up_for(read):
    WordShelf.objects.all()._raw_delete("default")
    Outline.objects.all()._raw_delete("default")
    assert found(read, text="bruise") == []
    assert services.keep_what_is_missing() == 2
    assert found(read, text="bruise") == ["Bruise seen at school", "Home visit"]
    assert merged.size_of(read) == 4
    assert services.keep_what_is_missing() == 0


def test_a_large_table_stands_on_many_shelves(made, parts, officer):
    rows = "".join(f"{n % 28 + 1}/5/2016,Word{n} seen,Notes\r\n" for n in range(words.SMALL + 1))
    make.taken(make.uploaded(parts[0], f"Date,Event,Source\r\n{rows}".encode(), officer, ROLES[:3]), officer)
    make.handed_in(parts[0], officer)
    assert WordShelf.objects.filter(upload__isnull=False).count() == words.SHELVES
    assert found(made, text="word77") == ["Word77 seen"]
    assert json.loads(WordShelf.objects.filter(upload__isnull=True).get().words)[:2] == [{}, {}]
