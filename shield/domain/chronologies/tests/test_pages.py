"""The pages of chronologies, as a reader and agency leads meet them: four messy files become one chronology."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Chronology, Comparison, Conflict, Contribution, Entry, Upload
from shield.domain.chronologies.tests import factories as make
from shield.improvement.tests.pages import about, cells, send, text_of, to
from shield.kernel.accounts.models import TeamMembership
from shield.kernel.history.models import Event
from shield.kernel.identities import services as identities
from tests.cast import SINCE, TODAY

SAID = "Neighbours reported shouting and breaking glass at the flat"


@pytest.fixture
def reader(person, client_of, team, partnership):
    someone = person("learning_manager", name="Rea Reader")
    TeamMembership(partnership=partnership, team=team, person=someone, starts_on=SINCE).store()
    return client_of(someone)


@pytest.fixture
def police(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["police"]))


@pytest.fixture
def health(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["health"]))


@pytest.fixture
def told(made, parts, officer, nurse):
    """The same event from both agencies a day apart, and one more."""
    mine, theirs = parts
    make.entry(
        mine,
        "22 May 2016 at 2pm",
        officer,
        event=f"{SAID}. Kay Reed hid in the wardrobe.",
        people="Kay Reed",
        voice="I hid",
    )
    make.entry(mine, "c. July 2016", officer, event="Bicycle stolen")
    make.entry(theirs, "23 May 2016", nurse, event=f"Heard that {SAID}. Dawn asleep.")
    make.handed_in(mine, officer)
    make.handed_in(theirs, nurse)
    return made


def upload(content, name="police.csv"):
    return SimpleUploadedFile(name, content, content_type="text/csv")


# Running it -------------------------------------------------------------------------------------------


def test_a_chronology_is_started_about_a_record_and_agencies_are_asked(reader, police, team, agencies):
    address = about("chronology_open", team)
    assert "Enter what it is called" in text_of(send(reader, address, gap_days="28", voice_months="3"))
    send(
        reader, address, title="Child K", asked_for="Kay Reed, all contacts", gap_days="28", voice_months="3"
    )
    made = Chronology.objects.get()
    send(reader, to("chronology_ask", made), agencies=[str(agencies["police"].pk)])
    part = Contribution.objects.get()
    assert to("contribution", part) in police.get(to("work")).content.decode()
    text = text_of(police.get(to("contribution", part)))
    assert "Kay Reed, all contacts" in text
    assert "Child K" not in text


def test_without_a_record_the_page_says_where_to_start(reader):
    assert "Open that record" in text_of(reader.get(to("chronology_open")))


def test_nobody_but_the_team_opens_it(told, person, client_of, police):
    other = client_of(person("business_manager"))
    for name in (
        "chronology",
        "chronology_merged",
        "chronology_export",
        "chronology_timeline",
        "chronology_gaps",
    ):
        assert other.get(to(name, told)).status_code == 404, name
        assert police.get(to(name, told)).status_code == 404, name


def test_an_agency_sees_its_own_entries_and_no_others(told, police, agencies):
    mine, theirs = (Entry.objects.filter(agency=agencies[key]).first() for key in ("police", "health"))
    assert "hid in the wardrobe" in text_of(police.get(to("chronology_entry", mine)))
    assert police.get(to("chronology_entry", theirs)).status_code == 404
    assert "Readers' notes" not in text_of(police.get(to("chronology_entry", mine)))
    assert police.get(to("chronology_entry_mark", mine)).status_code == 403


# Giving -----------------------------------------------------------------------------------------------


def test_a_table_is_uploaded_mapped_settled_and_taken_in(police, parts):
    mine, _ = parts
    content = b"Date,What happened,Where\n22/05/2016,Seen,Notes\n04/25/2016,Gone,Notes\n"
    answer = send(police, to("contribution_upload", mine), file=upload(content))
    row = Upload.objects.get()
    assert answer["Location"] == to("upload_columns", row)
    page = police.get(answer["Location"]).content.decode()
    assert '<option value="event" selected>' in page
    given = {
        "column_0": "date",
        "column_1": "event",
        "column_2": "source",
        "heading_row": "1",
        "order": "day",
        "clock": "ask",
    }
    assert "Select which column holds what happened" in text_of(
        send(police, answer["Location"], **{**given, "column_1": ""})
    )
    send(police, answer["Location"], **given)
    text = text_of(police.get(to("upload", row)))
    assert "cannot be taken in yet" in text
    assert "Row 3: “04/25/2016”. There is no month 25." in text
    dates = to("upload_dates", row)
    assert "This has no year" in text_of(send(police, dates, typed_3="25 April"))
    send(police, dates, row_3="25 April 2016")
    text = text_of(police.get(to("upload", row)))
    assert "The table gives 2 events. Nothing is wrong with it." in text
    send(police, to("upload_take", row))
    assert Entry.objects.count() == 2
    assert "2 events" in text_of(police.get(to("contribution", mine)))


def test_what_is_wrong_with_a_table_is_said_with_row_and_column(police, parts):
    mine, _ = parts
    text = text_of(send(police, to("contribution_upload", mine), file=upload(b"%PDF-1.7", "x.pdf")))
    assert "holds no table that can be read" in text
    send(police, to("contribution_paste", mine), text="Date | Event | Source\n22/05/2016 | | Notes")
    row = Upload.objects.get()
    given = {
        "column_0": "date",
        "column_1": "event",
        "column_2": "source",
        "heading_row": "1",
        "order": "day",
        "clock": "ask",
    }
    send(police, to("upload_columns", row), **given)
    assert "Row 2, column B: It does not say what happened." in text_of(police.get(to("upload", row)))
    send(police, to("upload_drop", row))
    row.refresh_from_db()
    assert row.status == "dropped"


def test_an_event_is_entered_corrected_and_handed_in(police, reader, parts):
    mine, _ = parts
    given = {"written": "next Tuesday", "source": "Notes", "event": "Seen"}
    assert "depends on the day on which it was written" in text_of(
        send(police, to("contribution_enter", mine), **given)
    )
    send(police, to("contribution_enter", mine), **{**given, "written": "?22 May 2016"})
    entry = Entry.objects.get()
    send(
        police,
        to("chronology_entry_correct", entry),
        written="22 May 2016",
        source="Notes",
        event="Seen alone",
    )
    assert "Seen alone" in text_of(police.get(to("chronology_entry", entry)))
    assert reader.get(to("chronology_entry", entry)).status_code == 404
    send(police, to("contribution_hand_in", mine))
    assert "Seen alone" in text_of(reader.get(to("chronology_entry", entry)))
    assert to("contribution", mine) in reader.get(to("work")).content.decode()
    send(reader, to("contribution_return", mine), reason="Say who was there")
    assert "Say who was there" in text_of(police.get(to("contribution", mine)))


def test_an_agency_downloads_what_it_gave_at_any_time(told, police, parts):
    answer = police.get(to("contribution_download", parts[0]))
    sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "hid in the wardrobe" in sheet
    assert "Dawn" not in sheet
    assert Event.objects.filter(kind="chronologies.downloaded").count() == 1


# Reading ----------------------------------------------------------------------------------------------


def test_events_stand_in_one_order_with_their_agencies(told, reader):
    text = text_of(reader.get(to("chronology_merged", told)))
    assert text.index("22 May 2016 at 2pm") < text.index("23 May 2016") < text.index("about July 2016")
    rows = cells(reader.get(to("chronology_beside", told)), "Events")
    assert [bool(cell) and cell != "–" for cell in rows[0]] == [True, False, True]


@pytest.mark.parametrize(("query", "found"), [
    ("certainty=approximate", ["Bicycle"]), ("text=WARDROBE", ["wardrobe"]), ("person=kay", ["wardrobe"]), ("text=nowhere", []),
    ("until_day=22&until_month=5&until_year=2016", ["wardrobe"]), ("since_day=1&since_month=7&since_year=2016", ["Bicycle"]),
])  # fmt: skip
def test_filters_leave_what_is_meant(told, reader, query, found):
    text = text_of(reader.get(f"{to('chronology_merged', told)}?{query}"))
    assert [word for word in ("wardrobe", "asleep", "Bicycle") if word in text] == found


def test_a_person_says_that_two_entries_are_one_event(told, reader):
    pair = Comparison.objects.get()
    assert "A day apart" in text_of(reader.get(to("chronology_same", told)))
    send(reader, to("chronology_comparison", pair), do="same")
    text = text_of(reader.get(to("chronology_merged", told)))
    assert "2 entries tell of the same event" in text
    assert "asleep" in text_of(reader.get(f"{to('chronology_merged', told)}?text=wardrobe"))
    conflict = Conflict.objects.get()
    assert "22 May 2016 at 2pm, and 23 May 2016" in text_of(reader.get(to("chronology_conflicts", told)))
    send(reader, to("chronology_conflict", conflict), reason="The police log has the time")
    assert "The police log has the time" in text_of(reader.get(to("chronology_conflicts", told)))
    send(reader, to("chronology_conflict_reopen", conflict))
    send(reader, to("chronology_comparison_undo", pair))
    assert "2 entries tell" not in text_of(reader.get(to("chronology_merged", told)))


def test_a_reader_marks_notes_and_compares(told, reader):
    send(reader, to("chronology_theme_add", told), title="Neglect")
    entry = Entry.objects.get(date_kind="time")
    theme = str(told.themes.get().pk)
    send(reader, to("chronology_entry_mark", entry), significance="missed", themes=[theme])
    send(reader, to("chronology_entry_note", entry), text="Nobody asked Kay")
    text = text_of(reader.get(f"{to('chronology_merged', told)}?theme={theme}&significance=missed"))
    assert "Nobody asked Kay" in text
    assert "Missed opportunity" in text
    other = Entry.objects.get(date_kind="month")
    address = to("chronology_entry_compare", entry)
    assert "what contradicts what" in text_of(
        send(reader, address, other=str(other.pk), what="contradict", words="")
    )
    send(reader, address, other=str(other.pk), what="contradict", words="Both days cannot be")
    assert "Both days cannot be" in text_of(reader.get(to("chronology_entry", entry)))


def test_gaps_are_listed_with_their_days(told, reader):
    rows = cells(reader.get(to("chronology_gaps", told)), "Gaps")
    assert ["No contact of any agency", "23 May 2016", "1 Jul 2016", "38"] in rows


def test_the_timeline_goes_from_years_to_days_by_links(told, reader):
    page = reader.get(to("chronology_timeline", told)).content.decode()
    assert "<svg" in page
    assert f"{to('chronology_timeline', told)}?at=2016" in page
    page = reader.get(f"{to('chronology_timeline', told)}?at=2016").content.decode()
    assert f"{to('chronology_timeline', told)}?at=201605" in page
    text = text_of(reader.get(f"{to('chronology_timeline', told)}?at=201605"))
    assert "hid in the wardrobe" in text
    assert reader.get(f"{to('chronology_timeline', told)}?at=nonsense").status_code == 200


# Taking it out ----------------------------------------------------------------------------------------


def export(client, told, form, names="names", query=""):
    return send(client, to("chronology_export", told) + query, form=form, names=names)


def test_it_is_exported_with_names_by_those_who_may_and_that_is_kept(told, reader):
    sheet = (
        zipfile.ZipFile(io.BytesIO(export(reader, told, "xlsx").content))
        .read("xl/worksheets/sheet1.xml")
        .decode()
    )
    assert "Kay Reed hid" in sheet
    assert (
        "Kay Reed hid"
        in zipfile.ZipFile(io.BytesIO(export(reader, told, "docx").content))
        .read("word/document.xml")
        .decode()
    )
    assert export(reader, told, "pdf").content.startswith(b"%PDF")
    kept = Event.objects.filter(kind="chronologies.exported")
    assert kept.count() == 3
    assert "with names" in kept.first().details


def test_with_pseudonyms_nothing_leaves_while_a_word_may_be_a_name(told, reader, by, team):
    identities.add(about=team.ref, team=team, pseudonym="Child K", names=["Kay Reed"], is_child=True, by=by)
    identities.add(about=team.ref, team=team, pseudonym="Mother", names=["Dawne Reed"], by=by)
    text = text_of(export(reader, told, "xlsx", "pseudonyms"))
    assert "may be names have no pseudonym yet: “Dawn”" in text
    assert not Event.objects.filter(kind="chronologies.exported").exists()
    identities.decide(about=team.ref, team=team, words={"dawn": "Mother"}, by=by)
    sheet = (
        zipfile.ZipFile(io.BytesIO(export(reader, told, "xlsx", "pseudonyms").content))
        .read("xl/worksheets/sheet1.xml")
        .decode()
    )
    assert "Child K hid" in sheet
    assert "Mother asleep" in sheet
    assert "Reed" not in sheet
    assert "Dawn" not in sheet


def test_only_what_is_shown_is_exported(told, reader):
    answer = export(reader, told, "xlsx", query="?certainty=approximate")
    sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "Bicycle" in sheet
    assert "wardrobe" not in sheet


def test_a_scrutineer_of_the_team_reads_and_exports_without_names(told, person, client_of, team, partnership):
    someone = person("scrutineer")
    TeamMembership(partnership=partnership, team=team, person=someone, starts_on=SINCE).store()
    client = client_of(someone)
    assert "wardrobe" in text_of(client.get(to("chronology_merged", told)))
    assert 'value="names"' not in client.get(to("chronology_export", told)).content.decode()
    assert "Choose one of the options" in text_of(export(client, told, "xlsx"))


# What pages cost --------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 50])
@pytest.mark.parametrize(("name", "query", "cost"), [
    ("chronology_merged", "", 15), ("chronology_merged", "?text=seen", 15), ("chronology_beside", "", 15),
    ("chronology_timeline", "", 15), ("chronology_timeline", "?at=201605", 15), ("chronology_same", "", 15), ("chronology_gaps", "", 15),
])  # fmt: skip
def test_a_page_costs_the_same_at_one_and_at_fifty_entries(
    reader, made, parts, officer, count_queries, many, name, query, cost
):
    for number in range(many):
        make.entry(parts[0], f"{number % 28 + 1} May 2016", officer)
    make.handed_in(parts[0], officer)
    address = to(name, made) + query
    reader.get(address)
    with count_queries() as sent:
        reader.get(address)
    assert len(sent) <= cost, "\n".join(sent)


def test_the_panel_on_a_record_offers_to_start_one(told, by, team):
    from shield.domain.chronologies import doors

    assert list(doors.panels(team.ref, by)) == []  # a team is no record with a team of its own
    assert [text for _, text in doors.texts(team.ref, by) if "wardrobe" in text]
    assert services.compare(chronology=told, by=by, today=TODAY)[0] == 0
