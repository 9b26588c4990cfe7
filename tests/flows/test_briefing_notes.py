"""What an audit or a case taught becomes one page that everybody may read, and nobody in it can be recognised."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest

from shield.domain.audits.models import Audit
from shield.domain.audits.tests import factories as audits
from shield.domain.lessons import exchange, queries, services
from shield.domain.lessons.models import BriefingNote
from shield.domain.reviews import services as reviews
from shield.domain.reviews.tests import factories as cases
from shield.improvement.tests.pages import day, send, text_of, to
from shield.kernel.access.rules import Forbidden
from shield.kernel.history.models import Event
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused, Stale
from shield.kernel.search import services as index
from shield.kernel.search.models import Entry
from shield.meetings.services import record_gathering
from tests.cast import TODAY, Cast, actor_of, make_person, queries_counted, signed_in, system

VALUES = {
    "title": "Missing",
    "looked_at": "One record",
    "working_well": "- Heard\n- Seen",
    "questions": "Who asks?",
}


@pytest.fixture
def theo(cast: Any) -> Any:
    return make_person("learning_manager", partnership=cast.testbury, name="Theo")


@pytest.fixture
def by(theo: Any, cast: Any) -> Any:
    return actor_of(theo, cast.testbury)


@pytest.fixture
def manager(theo: Any) -> Any:
    return signed_in(theo)


@pytest.fixture
def nia(cast: Any) -> Any:
    return signed_in(make_person("practitioner", partnership=cast.testbury))


@pytest.fixture
def audit(by: Any, agencies: Any, actor: Any) -> Audit:
    officer = actor("agency_lead", agency=agencies["police"])
    return audits.before_the_panel(by, {agencies["police"]: (officer, "Good")}, TODAY)


@pytest.fixture
def case(theo: Any, cast: Any) -> Any:
    """An incident with Jordan Tarrant in it, whose team is Theo."""
    return cases.referred(actor_of(theo, cast.testbury))


def written(about: Any, by: Any, **values: str) -> BriefingNote:
    return services.write_note(about=about.ref, values={**VALUES, **values}, by=by)


def issued(about: Any, by: Any, **values: str) -> BriefingNote:
    note = written(about, by, **values)
    return services.issue_note(
        note=note, nobody_named=True, by=by, today=TODAY, expected_version=note.version
    )


def withdraw(note: BriefingNote, by: Any, reason: str = "A child was named") -> BriefingNote:
    return services.withdraw_note(note=note, reason=reason, by=by, today=TODAY, expected_version=note.version)


def indexed(note: BriefingNote) -> bool:
    index.follow(partnership_id=note.partnership_id)
    return Entry.objects.filter(record_id=note.pk).exists()


def column(note: BriefingNote) -> str:
    """What the database holds of a note."""
    return str(
        BriefingNote.objects.filter(pk=note.pk).values_list("title", "looked_at", "sealed_words").get()
    )


# --- On an audit


def test_the_page_of_an_audit_leads_to_a_note_that_begins_with_what_is_on_record(
    manager: Any, audit: Audit
) -> None:
    page = manager.get(to("audit", audit)).content.decode()
    assert "Write a briefing note" in page
    address = f"{to('briefing_note_write')}?about={audit.ref.as_text()}"
    assert "We looked at 1 child" in manager.get(address).content.decode()
    send(manager, address, **VALUES)
    note = BriefingNote.objects.get()
    assert (note.about.id, note.about_words, note.team) == (audit.pk, f"Audit: {audit.title}", None)
    page = manager.get(to("audit", audit)).content.decode()
    assert note.reference in page
    assert "Write a briefing note" not in page


def test_no_note_is_written_before_the_panel_has_compared(by: Any, manager: Any) -> None:
    planned = audits.audit(by)
    assert "Write a briefing note" not in text_of(manager.get(to("audit", planned)))
    with pytest.raises(Refused, match="once the panel compares"):
        written(planned, by)


def test_a_note_is_issued_after_a_last_look_and_then_stands(
    manager: Any, nia: Any, by: Any, audit: Audit
) -> None:
    note = written(audit, by)
    pdf = f"{to('briefing_note', note)}/briefing-note.pdf"
    assert [nia.get(at).status_code for at in (pdf, to("briefing_note", note))] == [404, 404]
    assert "Confirm that no child can be recognised" in text_of(
        send(manager, to("briefing_note_issue", note))
    )
    send(manager, to("briefing_note_issue", note), nobody_named="on")
    assert BriefingNote.objects.get().ask_on == date(2020, 11, 4)
    assert nia.get(pdf).content.startswith(b"%PDF")
    held = zipfile.ZipFile(io.BytesIO(nia.get(pdf.replace(".pdf", ".docx")).content))
    assert "Who asks?" in held.read("word/document.xml").decode()
    assert manager.get(to("briefing_note_change", note)).status_code == 302


def test_what_a_draft_says_is_sealed_and_only_what_was_issued_is_found(by: Any, audit: Audit) -> None:
    note = written(audit, by, title="About Anna", looked_at="Anna Smith of Elm Road")
    assert "Anna" not in column(note)
    assert not indexed(note)
    assert not Event.objects.filter(record_title__contains="Anna").exists()
    note = services.issue_note(
        note=note, nobody_named=True, by=by, today=TODAY, expected_version=note.version
    )
    assert "Anna" in column(note)
    assert indexed(note)


def test_a_note_that_is_withdrawn_leaves_page_files_and_search_and_stays_on_record(
    manager: Any, nia: Any, by: Any, audit: Audit
) -> None:
    note = issued(audit, by, looked_at="Child Anna Smith said so")
    pdf = f"{to('briefing_note', note)}/briefing-note.pdf"
    with pytest.raises(Refused, match="why the note is withdrawn"):
        withdraw(note, by, " ")
    withdraw(note, by)
    assert not indexed(note)
    assert [nia.get(address).status_code for address in (pdf, to("briefing_note", note))] == [404, 404]
    assert manager.get(pdf).status_code == 404
    page = text_of(manager.get(to("briefing_note", note)))
    assert "Anna" not in page
    assert "A child was named" in page
    assert "Anna" not in column(note)
    row = BriefingNote.objects.get()
    assert (row.status, row.issued_on, row.withdrawn_on, row.ask_on) == ("withdrawn", TODAY, TODAY, None)
    assert exchange.note_document(row, "Testbury").blocks == ()


def test_why_a_note_is_withdrawn_names_nobody(theo: Any, cast: Any, case: Any) -> None:
    by = actor_of(theo, cast.testbury)
    note = issued(case, by)
    with pytest.raises(Refused, match="could be the name"):
        withdraw(note, by, "It named Jordan Tarrant")
    assert BriefingNote.objects.get().status == "issued"


def test_a_second_one_who_says_where_it_was_shared_is_told_of_the_first(
    cast: Cast, by: Any, audit: Audit
) -> None:
    note = issued(audit, by)
    gathering = record_gathering(
        title="Learning event", sort="conference", held_on=TODAY, by=system(cast.testbury), today=TODAY
    )
    services.share_note(note=note, gatherings=[gathering], by=by, expected_version=note.version)
    with pytest.raises(Stale):
        services.share_note(note=note, gatherings=[], by=by, expected_version=note.version)
    assert list(note.gatherings.all()) == [gathering]


def test_a_corrected_note_follows_one_that_was_withdrawn(by: Any, audit: Audit) -> None:
    note = issued(audit, by)
    with pytest.raises(Refused, match="a briefing note about this already"):
        written(audit, by)
    withdraw(note, by)
    written(audit, by)
    assert [row.status for row in BriefingNote.objects.order_by("recorded_at")] == ["withdrawn", "draft"]


def test_two_who_change_a_draft_at_once_see_each_others_words(manager: Any, by: Any, audit: Audit) -> None:
    note = written(audit, by)
    services.change_note(
        note=note, values={**VALUES, "title": "Runaways"}, by=by, expected_version=note.version
    )
    answer = send(
        manager, to("briefing_note_change", note), **{**VALUES, "title": "Lost"}, version=note.version
    )
    assert "Runaways" in text_of(answer)
    with pytest.raises(Stale):
        services.change_note(note=note, values=VALUES, by=by, expected_version=note.version)


# --- On a case


def test_a_draft_about_a_case_is_its_teams_alone(case: Any, theo: Any, cast: Any, actor: Any) -> None:
    by = actor_of(theo, cast.testbury)
    outsider = actor("business_manager")
    with pytest.raises(Refused, match="No briefing note"):
        written(case, outsider)
    note = written(case, by)
    assert note.team_id == case.team_id
    assert not BriefingNote.objects.visible_to(outsider).exists()
    with pytest.raises(Forbidden):
        services.change_note(note=note, values=VALUES, by=outsider, expected_version=note.version)
    services.issue_note(note=note, nobody_named=True, by=by, today=TODAY, expected_version=note.version)
    assert BriefingNote.objects.visible_to(actor("practitioner")).get() == note


def test_a_note_with_the_childs_name_is_refused_and_the_word_is_named(
    case: Any, theo: Any, cast: Any, manager: Any
) -> None:
    by = actor_of(theo, cast.testbury)
    note = written(case, by, questions="Would Jordan have been heard?")
    page = text_of(send(manager, to("briefing_note_issue", note), nobody_named="on"))
    assert "Questions for your team holds “Jordan”" in page
    assert BriefingNote.objects.get().status == "draft"
    assert "Would Jordan have been heard?" in dict(records.texts(case.ref, by)).values()


def test_the_themes_of_a_case_come_with_its_note_and_lead_to_everything_on_them(
    case: Any, theo: Any, cast: Any, manager: Any, nia: Any
) -> None:
    by = actor_of(theo, cast.testbury)
    reviews.name_themes(case=case, themes=[], new=["Neglect", "Think family"], by=by)
    address = f"{to('briefing_note_write')}?about={case.ref.as_text()}"
    assert manager.get(address).content.decode().count("checked") == 2
    theme = case.themes.get(title="Neglect")
    send(manager, address, **VALUES, themes=[str(theme.pk)])
    note = BriefingNote.objects.get()
    services.issue_note(note=note, nobody_named=True, by=by, today=TODAY, expected_version=note.version)
    page = nia.get(to("briefing_note", note)).content.decode()
    assert f"themes/{theme.reference}" in page
    there = text_of(nia.get(f"{to('learnt')}themes/{theme.reference}"))
    assert "Missing" in there
    assert nia.get(f"{to('learnt')}themes/THE-9999").status_code == 404
    assert [(t.title, n) for t, n in queries.counts(queries.learnt(by), queries.themes(by))] == [
        ("Neglect", 1)
    ]


def test_practitioners_read_the_notes_that_were_issued_and_nothing_else_of_audits(
    nia: Any, by: Any, audit: Audit
) -> None:
    note = issued(audit, by)
    assert "Missing" in text_of(nia.get(to("learnt")))
    with queries_counted() as asked:
        page = nia.get(to("briefing_note", note)).content.decode()
    assert len(asked) <= 15
    assert "What we looked at" in page
    assert str(audit.pk) not in page
    assert (nia.get(to("audits")).status_code, nia.get(to("audit", audit)).status_code) == (403, 404)
    withdraw(note, by)
    assert "Nothing has been published here yet" in text_of(nia.get(to("learnt")))


# --- A year later


def test_a_year_later_it_is_asked_what_changed_and_nothing_yet_is_an_answer(
    manager: Any, nia: Any, by: Any, audit: Audit
) -> None:
    note = issued(audit, by)
    later = date(2020, 11, 4)
    asked = [item.sort for item in records.work(by, later)]
    assert "What has the briefing note changed?" in asked
    assert "What has the briefing note changed?" not in [item.sort for item in records.work(by, TODAY)]
    send(manager, to("briefing_note_changed", note), changed="no", text="The training begins in May.")
    assert "Enter the day on which to ask again" in text_of(
        send(manager, to("briefing_note_changed", note), changed="no", text="The training begins in May.")
    )
    again = date(2021, 3, 1)
    send(
        manager, to("briefing_note_changed", note), changed="no", text="The training begins in May.", **day("again_on", again)
    )  # fmt: skip
    note.refresh_from_db()
    assert note.ask_on == again
    told = services.tell_change(
        note=note, changed=True, text="Children are asked at every visit.", by=by, today=again
    )
    note.refresh_from_db()
    assert note.ask_on is None
    page = text_of(nia.get(to("briefing_note", note)))
    assert "The training begins in May." in page
    send(
        manager,
        to("what_changed_correct", told),
        text="Children are asked at most visits.",
        version=told.version,
    )
    page = text_of(nia.get(to("briefing_note", note)))
    assert "at most visits" in page
    assert "at every visit" in page


def test_an_answer_names_nobody_and_only_an_issued_note_has_one(case: Any, theo: Any, cast: Any) -> None:
    by = actor_of(theo, cast.testbury)
    draft = written(case, by)
    with pytest.raises(Refused, match="Only of a note that was issued"):
        services.tell_change(note=draft, changed=True, text="We ask children now.", by=by, today=TODAY)
    note = services.issue_note(
        note=draft, nobody_named=True, by=by, today=TODAY, expected_version=draft.version
    )
    with pytest.raises(Refused, match="“Jordan”"):
        services.tell_change(note=note, changed=True, text="Jordan is asked now.", by=by, today=TODAY)


# --- Everything that was learnt


def test_the_page_of_everything_costs_the_same_at_one_and_at_many(nia: Any, by: Any, audit: Audit) -> None:
    issued(audit, by)

    def brought(number: int) -> None:
        row = services.bring_practice(
            values={"title": f"Heard {number}", "done": "They listened", "why": "There was time"}, seen_on=TODAY, by=by,
            today=TODAY,
        )  # fmt: skip
        services.accept_practice(
            practice=row, nobody_named=True, by=by, today=TODAY, expected_version=row.version
        )

    brought(0)
    nia.get(to("learnt"))
    with queries_counted() as few:
        nia.get(to("learnt"))
    for number in range(1, 31):
        brought(number)
    with queries_counted() as many:
        page = text_of(nia.get(to("learnt")))
    assert len(few) == len(many) <= 15
    assert "Showing 1 to 25 of 32" in page
    csv = nia.get(f"{to('learnt')}?export=csv&words=heard+30").content.decode()
    assert "Heard 30" in csv
    assert "Heard 29" not in csv
