"""Chronologies are asked for, given, taken in whole, read and settled by those who may."""

import pytest

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Comparison, Conflict, Contribution, Entry, Upload
from shield.domain.chronologies.queries import collecting, findings, merged
from shield.domain.chronologies.queries.merged import Asked
from shield.domain.chronologies.tests import factories as make
from shield.kernel.access.rules import Forbidden
from shield.kernel.notices.models import Message
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY

TABLE = b"Date,What,Where\n22/05/2016,Seen at home,Notes\n3-5 June 2016,Away,Notes\n"
ROLES = ("date", "event", "source")


# Starting and asking ----------------------------------------------------------------------------------


def test_a_chronology_is_for_the_team_of_what_it_is_about(by, team, partnership):
    made = make.chronology(by, team)
    assert made.team == team
    assert made.reference == "CHR-0001"
    elsewhere = make.team(partnership, "Another team")
    with pytest.raises(Refused, match="not in the team"):
        make.chronology(by, elsewhere)


def test_a_record_without_a_team_has_no_chronology(by, agencies):
    with pytest.raises(Refused, match="no team"):
        make.chronology(by, agencies["police"])


def test_agencies_are_asked_once_and_told_without_a_name(made, by, officer, agencies):
    make.asked(made, [agencies["police"]], by)
    [message] = Message.objects.filter(template="chronology_asked")
    assert "CPA-0001" in message.body
    assert made.title not in message.body
    with pytest.raises(Refused, match="asked already"):
        make.asked(made, [agencies["police"]], by)


def test_whoever_is_not_in_the_team_does_nothing_with_it(made, actor, agencies):
    other = actor("learning_manager")
    with pytest.raises(Forbidden, match="Only the team"):
        make.asked(made, [agencies["police"]], other)
    with pytest.raises(Forbidden):
        services.change_chronology(
            chronology=made, changes={"title": "X"}, by=other, expected_version=made.version
        )


# Tables -----------------------------------------------------------------------------------------------


def test_a_table_is_taken_in_whole_and_remembers_its_columns(parts, officer):
    police, _ = parts
    upload = make.uploaded(police, TABLE, officer, ROLES)
    assert make.taken(upload, officer) == 2
    first, second = collecting.entries_of(police)
    assert (first.when.in_english(), first.event, first.row) == ("22 May 2016", "Seen at home", 2)
    assert second.when.in_english() == "3 to 5 June 2016"
    again = services.upload_table(
        contribution=police, content=TABLE + b"1 July 2016,Gone,Notes\n", by=officer, today=TODAY
    )
    grid = collecting.grid_of(collecting.content_of(again), pasted=False, latest=TODAY)
    assert collecting.proposed(again, grid).roles == ROLES


def test_the_same_table_is_not_taken_twice(parts, officer):
    police, _ = parts
    make.taken(make.uploaded(police, TABLE, officer, ROLES), officer)
    with pytest.raises(Refused, match="same table was taken in already"):
        services.upload_table(contribution=police, content=TABLE, by=officer, today=TODAY)


def test_nothing_is_loaded_while_anything_is_wrong_or_in_doubt(parts, officer):
    police, _ = parts
    content = b"Date,What,Where\n22/05/2016,,Notes\n04/25/2016,Seen,Notes\n"
    upload = make.uploaded(police, content, officer, ROLES)
    read = collecting.read_upload(upload, latest=TODAY)
    assert [str(each) for each in read.problems] == ["Row 2, column B: It does not say what happened."]
    assert [(each.row, each.why) for each in read.doubts] == [
        (3, "There is no month 25. It may have been written month first.")
    ]
    with pytest.raises(Refused, match=r"Row 2, column B.*Nothing was taken in"):
        make.taken(upload, officer)
    assert not Entry.objects.exists()


def test_a_person_reads_the_date_and_what_was_written_is_kept(parts, officer):
    police, _ = parts
    content = b"Date,What,Where\n04/25/2016,Seen,Notes\n"
    upload = make.uploaded(police, content, officer, ROLES, answers={2: "25 April 2016"})
    make.taken(upload, officer)
    entry = Entry.objects.get()
    assert (entry.when.in_english(), entry.written) == ("25 April 2016", "04/25/2016")


def test_the_whole_file_may_be_declared_american(parts, officer):
    police, _ = parts
    content = b"Date,What,Where\n04/25/2016,Seen,Notes\n04/03/2016,Seen,Notes\n"
    read = collecting.read_upload(make.uploaded(police, content, officer, ROLES), latest=TODAY)
    assert "1 other dates of this table can be read either way" in read.notes[0]
    other = make.uploaded(police, content + b"\n", officer, ROLES, month_first=True)
    make.taken(other, officer)
    assert [entry.when.in_english() for entry in collecting.entries_of(police)] == [
        "3 April 2016",
        "25 April 2016",
    ]


def test_a_table_may_be_thrown_away_or_taken_back(parts, officer):
    police, _ = parts
    upload = make.uploaded(police, TABLE, officer, ROLES)
    services.drop_upload(upload=upload, by=officer, expected_version=upload.version)
    assert collecting.content_of(Upload.objects.get(pk=upload.pk)) == b""
    upload = make.uploaded(police, TABLE, officer, ROLES)
    make.taken(upload, officer)
    upload.refresh_from_db()
    services.take_back(upload=upload, by=officer, expected_version=upload.version)
    assert list(collecting.entries_of(police)) == []


def test_all_that_is_told_stands_sealed(parts, officer, django_db_blocker):
    from django.db import connection

    police, _ = parts
    make.taken(make.uploaded(police, TABLE, officer, ROLES), officer)
    with connection.cursor() as cursor:
        for table in ("chronologies_entry", "chronologies_upload"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "Seen at home" not in str(cursor.fetchall())


# Entries and handing in -------------------------------------------------------------------------------


def test_an_agency_corrects_until_it_hands_in(made, parts, officer):
    police, _ = parts
    entry = make.entry(police, "22 May 2016", officer)
    entry = services.correct_entry(
        entry=entry, told=make.told("23 May 2016"), by=officer, expected_version=entry.version
    )
    assert entry.when.in_english() == "23 May 2016"
    with pytest.raises(Stale):
        services.correct_entry(
            entry=entry, told=make.told("24 May 2016"), by=officer, expected_version=entry.version - 1
        )
    make.handed_in(police, officer)
    with pytest.raises(Refused, match="send it back"):
        services.take_entry_out(entry=entry, by=officer, expected_version=entry.version)
    assert merged.size_of(made) == 1


def test_what_is_not_handed_in_is_not_in_the_chronology(made, parts, officer, nurse, by):
    police, health = parts
    make.entry(police, "22 May 2016", officer)
    make.entry(health, "21 May 2016", nurse)
    make.handed_in(health, nurse)
    [seen] = Entry.objects.visible_to(by)
    assert seen.agency == health.agency
    row = Contribution.objects.get(pk=health.pk)
    services.send_back(
        contribution=row, reason="Say who was there", by=by, today=TODAY, expected_version=row.version
    )
    assert not Entry.objects.visible_to(by).exists()
    assert Entry.objects.visible_to(nurse).count() == 1


def test_another_agency_writes_nothing_into_a_part(parts, officer):
    _, health = parts
    with pytest.raises(Forbidden, match="not your agency's"):
        make.entry(health, "22 May 2016", officer)


def test_an_agency_may_hold_nothing(parts, officer):
    police, _ = parts
    with pytest.raises(Refused, match="Nothing is entered yet"):
        make.handed_in(police, officer)
    row = services.say_nothing_held(
        contribution=police,
        statement="Both systems searched",
        by=officer,
        today=TODAY,
        expected_version=police.version,
    )
    assert row.get_status_display() == "Nothing held"


def test_a_chronology_that_is_closed_stands_still(made, parts, officer, by):
    police, _ = parts
    entry = make.entry(police, "22 May 2016", officer)
    make.handed_in(police, officer)
    for to in ("reading", "closed"):
        made = services.move_chronology(
            chronology=made, to=to, by=by, today=TODAY, expected_version=made.version
        )
    with pytest.raises(Refused, match="closed"):
        services.write_note(entry=entry, text="Too late for this", by=by, today=TODAY)
    with pytest.raises(Refused, match="cannot become"):
        services.move_chronology(
            chronology=made, to="collecting", by=by, today=TODAY, expected_version=made.version
        )


# Reading ----------------------------------------------------------------------------------------------


@pytest.fixture
def two(parts, officer, nurse):
    """Two agencies tell of one event on different days, and the police of another."""
    police, health = parts
    said = "Neighbours reported shouting and breaking glass at the flat"
    one = make.entry(
        police,
        "22 May 2016 at 2pm",
        officer,
        event=f"{said}. Kay (born 12 March 2011) hid in wardrobe.",
        people="Kay Reed",
    )
    make.entry(police, "1 June 2016", officer, event="Rang about a stolen bicycle")
    other = make.entry(
        health, "23 May 2016", nurse, event=f"Told that {said}. Kay, date of birth: 3/12/2011.", voice="I hid"
    )
    make.handed_in(police, officer)
    make.handed_in(health, nurse)
    return one, other


def test_what_may_be_one_event_is_proposed_and_never_merged(made, two, by):
    [pair] = findings.to_look_at(made, by)
    assert {pair.one_id, pair.other_id} == {entry.pk for entry in two}
    assert pair.why.startswith("A day apart, ")
    assert merged.events(made, Asked()).count() == 3


def test_a_person_says_that_it_is_one_event_and_can_undo_it(made, two, by):
    [pair] = findings.to_look_at(made, by)
    pair = services.decide(comparison=pair, same=True, by=by, today=TODAY, expected_version=pair.version)
    first, second = merged.whole(list(merged.events(made, Asked()).order_by("order")))
    assert [entry.agency.name for entry in first.entries] == ["Testbury Police", "Testbury Health Board"]
    assert len(second.entries) == 1
    [conflict] = findings.open_conflicts(made, by).filter(sort="when")
    assert conflict.words == "The same event is told of 22 May 2016 at 2pm, and 23 May 2016"
    services.undo_decision(comparison=pair, by=by, expected_version=pair.version)
    assert merged.events(made, Asked()).count() == 3
    assert not findings.open_conflicts(made, by).filter(sort="when").exists()
    assert Entry.objects.filter(chronology_id=made.pk).count() == 3


def test_what_people_decided_is_not_proposed_again(made, two, by):
    [pair] = findings.to_look_at(made, by)
    services.decide(comparison=pair, same=False, by=by, today=TODAY, expected_version=pair.version)
    assert services.compare(chronology=made, by=by, today=TODAY) == (0, 0)
    assert not findings.to_look_at(made, by).exists()


def test_two_dates_of_birth_of_one_child_are_a_conflict_until_it_is_settled(made, two, by):
    [conflict] = findings.open_conflicts(made, by)
    assert conflict.words == "Date of birth of Kay: 12 March 2011, and 3 December 2011"
    assert "2011" not in conflict.key
    services.resolve(
        conflict=conflict,
        reason="The birth certificate says March",
        by=by,
        today=TODAY,
        expected_version=conflict.version,
    )
    assert services.compare(chronology=made, by=by, today=TODAY) == (0, 0)
    conflict.refresh_from_db()
    assert conflict.state == "resolved"
    services.reopen_conflict(conflict=conflict, by=by, expected_version=conflict.version)
    assert findings.open_conflicts(made, by).count() == 1


def test_a_reader_marks_a_contradiction_with_words(made, two, by):
    one, other = two
    with pytest.raises(Refused, match="what contradicts what"):
        services.contradict(chronology=made, one=one, other=other, words="no", by=by)
    services.contradict(
        chronology=made, one=one, other=other, words="One says hidden, one says asleep", by=by
    )
    assert Conflict.objects.filter(sort="facts").count() == 1
    with pytest.raises(Refused, match="another entry"):
        services.contradict(chronology=made, one=one, other=one, words="It contradicts itself", by=by)


def test_marks_and_notes_stand_apart_from_what_was_said(made, two, by):
    one, _ = two
    theme = services.add_theme(chronology=made, title="Domestic abuse", by=by)
    before = Entry.objects.get(pk=one.pk).told
    row = Entry.objects.get(pk=one.pk)
    services.mark_entry(entry=row, significance="missed", themes=[theme], by=by, expected_version=row.version)
    services.write_note(entry=row, text="Nobody asked the child", by=by, today=TODAY)
    assert Entry.objects.get(pk=one.pk).told == before
    [event] = merged.whole(list(merged.events(made, Asked(theme=theme.pk))))
    assert (event.themes, event.notes[0].text, event.notes[0].author.name) == (
        ["Domestic abuse"],
        "Nobody asked the child",
        "Theo Reader",
    )


def test_another_partnerships_people_see_none_of_it(made, two, actor, otherton):
    stranger = actor("learning_manager", partnership=otherton)
    for model in (Entry, Comparison, Conflict, Contribution, Upload, type(made)):
        assert not model.objects.visible_to(stranger).exists()


def test_a_whole_chronology_can_be_disposed_of(made, two, by):
    from django.utils import timezone

    from shield.kernel.retention.services.disposing import _erase_with_parts

    [pair] = findings.to_look_at(made, by)
    services.decide(comparison=pair, same=True, by=by, today=TODAY, expected_version=pair.version)
    theme = services.add_theme(chronology=made, title="Neglect", by=by)
    row = Entry.objects.get(pk=two[0].pk)
    services.mark_entry(entry=row, significance="missed", themes=[theme], by=by, expected_version=row.version)
    _erase_with_parts(type(made), made.kind, [made.pk], timezone.now())
    assert not Entry.objects.exists()


def test_agencies_are_reminded_three_working_days_before_and_once_when_late(made, by, officer, agencies):
    from datetime import date

    make.asked(made, [agencies["police"]], by, due_on=date(2019, 11, 15))
    told = Message.objects.exclude(template="chronology_asked")
    for day, count in (
        (date(2019, 11, 11), 0),
        (date(2019, 11, 12), 1),
        (date(2019, 11, 13), 1),
        (date(2019, 11, 16), 2),
        (date(2019, 11, 18), 2),
    ):
        services.remind_of_contributions(today=day)
        assert told.count() == count, day
    assert not any(made.title in message.body for message in told)


def test_a_large_chronology_is_compared_by_the_worker(made, parts, officer, nurse, by, monkeypatch):
    from shield.domain.chronologies.services import giving
    from shield.kernel.jobs import queries as jobs

    monkeypatch.setattr(giving, "AT_ONCE", 0)
    make.entry(parts[0], "22 May 2016", officer)
    make.handed_in(parts[0], officer)
    assert jobs.waiting() == 1


def test_three_entries_of_one_event_are_shown_together_with_the_first(made, parts, officer, by):
    entries = [make.entry(parts[0], f"{day} May 2016", officer, event=f"Event {day}") for day in (3, 1, 2)]
    make.handed_in(parts[0], officer)
    services.decide_pair(chronology=made, one=entries[0], other=entries[2], by=by, today=TODAY)
    services.decide_pair(chronology=made, one=entries[2], other=entries[1], by=by, today=TODAY)
    [event] = merged.whole(list(merged.events(made, Asked())))
    assert [entry.when.in_english() for entry in event.entries] == ["1 May 2016", "2 May 2016", "3 May 2016"]
    assert merged.events(made, Asked(text="event 3")).get() == event.head
