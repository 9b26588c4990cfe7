"""Actions, evidence and impact reviews, as an agency lead and a business manager meet them."""

import html
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shield.improvement import services
from shield.improvement.models import Action, Evidence, ImpactReview
from shield.improvement.services import Owner
from shield.improvement.tests import factories as make
from shield.improvement.tests.pages import about, cells, day, hidden, send, text_of, to
from shield.kernel.files.models import StoredFile
from tests.cast import TODAY

# --- Actions


def test_a_manager_sees_all_actions_the_first_due_first_and_those_without_a_date_last(manager, by):
    make.action(by, text="No date")
    make.action(by, text="Later", due_on=date(2020, 1, 1))
    make.action(by, text="Late", due_on=date(2019, 10, 1), precision="month")
    rows = cells(manager.get(to("actions")), "Actions")
    assert [row[0] for row in rows] == ["Late", "Later", "No date"]
    assert rows[0][3:] == ["October 2019", "Planned, late"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("status=open", {"Late", "Own"}),
        ("status=done", {"Done"}),
        ("late=on", {"Late"}),
        ("nobody=on", {"Late"}),
        ("agency={police}", {"Own"}),
    ],
)
def test_actions_are_narrowed(manager, by, agencies, asked, found):
    make.action(by, text="Late", due_on=date(2019, 10, 1))
    make.action(by, text="Done", status="done", done_on=TODAY)
    make.action(by, text="Own", agency=agencies["police"])
    page = manager.get(f"{to('actions')}?{asked.format(police=agencies['police'].pk)}")
    assert {row[0] for row in cells(page, "Actions")} == found


def test_an_agency_lead_sees_only_what_is_asked_of_their_agency(police, by, agencies):
    own = make.action(by, text="Ours", agency=agencies["police"])
    other = make.action(by, text="Theirs", agency=agencies["health"])
    page = police.get(to("actions"))
    assert [row[0] for row in cells(page, "Actions")] == ["Ours"]
    text = text_of(page)
    assert "Actions of your agency" in text
    assert "Ours" in text
    assert "Theirs" not in text
    assert police.get(to("action", own)).status_code == 200
    for name in ("action", "action_update", "action_edit", "chain_of_action", "history_of_action"):
        assert police.get(to(name, other)).status_code == 404, name
    assert police.get(about("evidence_add", other)).status_code == 404


def test_an_agency_lead_cannot_look_at_breaks_or_give_actions(police, by, agencies):
    own = make.action(by, agency=agencies["police"])
    for address in (
        to("chain"),
        to("findings"),
        to("action_add"),
        to("action_edit", own),
        to("action_owner", own),
    ):
        answer = police.get(address)
        assert answer.status_code == 403, address
        assert "Your role here does not include" in answer.content.decode()


def test_an_agency_lead_updates_their_action_and_then_adds_evidence(police, by, agencies):
    own = make.action(by, agency=agencies["police"])
    page = police.get(to("action", own))
    assert to("action_update", own) in page.content.decode()
    assert to("action_edit", own) not in page.content.decode()
    send(
        police,
        to("action_update", own),
        status="done",
        note="Held with 14 young carers",
        **day("done_on", TODAY),
    )
    text = text_of(police.get(to("action", own)))
    assert "nothing shows it yet" in text
    assert "Held with 14 young carers" in text
    answer = send(
        police,
        about("evidence_add", own),
        answers="how_well",
        text="They felt heard",
        sort="feedback",
        precision="day",
        **day("found_on", TODAY),
    )
    made = Evidence.objects.get()
    assert answer["Location"] == to("evidence", made)
    assert "They felt heard" in text_of(police.get(to("evidence", made)))
    assert "nothing shows it yet" not in text_of(police.get(to("action", own)))


def test_a_partner_who_sees_an_action_of_another_agency_is_told_why_they_cannot_report_on_it(
    person, client_of, by, agencies
):
    partner = client_of(person("safeguarding_partner", agency=agencies["health"]))
    row = make.action(by, agency=agencies["police"])
    page = partner.get(to("action", row))
    assert to("action_update", row) not in page.content.decode()
    answer = partner.get(to("action_update", row))
    assert answer.status_code == 403
    assert "It is owned by Testbury Police" in html.unescape(answer.content.decode())


def test_done_without_a_day_is_refused_at_the_field_and_the_note_is_kept(police, by, agencies):
    own = make.action(by, agency=agencies["police"])
    answer = send(police, to("action_update", own), status="done", note="All done")
    content = answer.content.decode()
    assert "Say on which day the action was done." in content
    assert 'href="#id_done_on_day"' in content
    assert "All done" in content
    assert Action.objects.get().status == "planned"


def test_an_action_sent_twice_is_added_once(manager, by, agencies):
    row = make.recommendation(by, accepted=True)
    address = about("action_add", row)
    given = {**hidden(manager.get(address)), "text": "Ask each child", "precision": "day"}
    first, second = manager.post(address, given), manager.post(address, given)
    assert first["Location"] == second["Location"] == to("action", Action.objects.get())


def test_an_action_that_came_of_a_decision_mends_it(manager, by):
    decided = services.record_decision(text="Write a template", outcome="agreed", needs_action=True, by=by)
    assert "none has come of it yet" in text_of(manager.get(to("decision", decided)))
    send(manager, about("action_add", decided), text="Write a template", precision="day")
    assert Action.objects.get().decision == decided
    assert "none has come of it yet" not in text_of(manager.get(to("decision", decided)))


def test_an_owner_is_named_and_the_page_says_who(manager, by, agencies):
    row = make.action(by)
    refused = send(manager, to("action_owner", row))
    assert "Choose who answers for it" in text_of(refused)
    send(manager, to("action_owner", row), owner_agency=str(agencies["police"].pk), owner_outside="A charity")
    assert "Testbury Police, A charity" in text_of(manager.get(to("action", row)))


def test_an_edit_of_an_action_keeps_its_month(manager, by, agencies):
    row = make.action(by, due_on=date(2020, 3, 1), precision="month", agency=agencies["police"])
    opened = manager.get(to("action_edit", row)).content.decode()
    assert re.search(r'value="month"\s+checked', opened)
    send(
        manager,
        to("action_edit", row),
        text="Hold two forums",
        precision="month",
        owner_agency=str(agencies["police"].pk),
        **day("due_on", date(2020, 4, 9)),
    )
    row.refresh_from_db()
    assert (row.text, row.due_on) == ("Hold two forums", date(2020, 4, 1))


def test_two_people_who_change_an_action_see_both_versions_in_words(manager, by, agencies):
    row = make.action(by, agency=agencies["police"])
    address = to("action_edit", row)
    opened = hidden(manager.get(address))
    services.change_action(
        action=row,
        changes={"text": "Theirs"},
        owner=Owner(agency=agencies["health"]),
        by=by,
        expected_version=row.version,
    )
    given = {**opened, "text": "Mine", "owner_agency": str(agencies["police"].pk), "precision": "day"}
    answer = manager.post(address, given)
    text = text_of(answer)
    assert "Mine Theirs" in text
    assert "Testbury Police Testbury Health Board" in text
    assert str(agencies["health"].pk) not in text


def test_an_action_about_a_record_of_another_kind_is_not_found(manager, by):
    found = make.finding(by)
    assert manager.get(about("action_add", found)).status_code == 404
    assert manager.get(to("action_add") + "?about=nonsense").status_code == 404


# --- Evidence and impact


def test_evidence_with_a_file_shows_the_file_by_its_safe_name(manager, by):
    row = make.action(by)
    upload = SimpleUploadedFile("plan <script>.txt", b"An action plan.")
    address = about("evidence_add", row)
    answer = manager.post(
        address,
        {
            **hidden(manager.get(address)),
            "answers": "how_much",
            "text": "A plan",
            "sort": "document",
            "precision": "month",
            **day("found_on", date(2019, 10, 20)),
            "file": upload,
        },
    )
    made = Evidence.objects.get()
    assert answer["Location"] == to("evidence", made)
    assert (made.found_on, made.file_id) == (date(2019, 10, 1), StoredFile.objects.get().pk)
    text = text_of(manager.get(to("evidence", made)))
    assert "plan-script.txt" in text
    assert "October 2019" in text


def test_a_file_that_cannot_be_taken_is_refused_at_its_field_and_the_words_are_kept(manager, by):
    address = about("evidence_add", make.action(by))
    answer = manager.post(
        address,
        {
            **hidden(manager.get(address)),
            "answers": "how_much",
            "text": "A plan",
            "sort": "document",
            "precision": "day",
            **day("found_on", TODAY),
            "file": SimpleUploadedFile("x.exe", b"MZ\x00\x01\x02"),
        },
    )
    text = text_of(answer)
    assert "This kind of file cannot be attached" in text
    assert "A plan" in text
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_evidence_is_about_is_chosen_among_ones_own(police, by, agencies):
    own = make.action(by, text="Ours", agency=agencies["police"])
    make.action(by, text="Theirs", agency=agencies["health"])
    services.add_measure(title="A measure", by=by)
    page = police.get(to("evidence_add"))
    text = text_of(page)
    assert "Action: Ours" in text
    assert "Theirs" not in text
    assert "A measure" not in text
    send(
        police,
        to("evidence_add"),
        about=own.ref.as_text(),
        answers="how_much",
        text="Held",
        sort="data",
        precision="day",
        **day("found_on", TODAY),
    )
    assert Evidence.objects.get().about_id == own.pk


def test_progress_is_noted_about_a_priority(manager, by):
    of = make.priority(by)
    answer = send(manager, about("progress_add", of), text="The Board heard of it", **day("noted_on", TODAY))
    assert answer["Location"] == to("priority", of)
    assert "The Board heard of it" in text_of(manager.get(to("priority", of)))


ANSWERS = {
    "how_much": "Eleven recommendations",
    "how_well": "On time",
    "better_off": "Fewer are missing twice",
}


def test_a_review_without_evidence_cannot_say_yes_and_keeps_what_was_typed(manager, by):
    row = make.review(by, make.priority(by))
    address = to("impact_review_hold", row)
    assert "No evidence has been added" in text_of(manager.get(address))
    answer = send(manager, address, verdict="yes", **ANSWERS, **day("held_on", TODAY))
    text = text_of(answer)
    assert "name the evidence that shows it" in text
    assert "Fewer are missing twice" in text
    assert ImpactReview.objects.filter(held_on=None).count() == 2


def test_a_review_is_held_on_the_evidence_that_was_ticked_and_the_break_is_gone(manager, by):
    of = make.priority(by)
    shown = make.evidence(by, of, text="Median days missing fell")
    row = make.review(by, of)
    assert row.heading in text_of(manager.get(to("chain")))
    send(
        manager,
        to("impact_review_hold", row),
        verdict="yes",
        evidence=[str(shown.pk)],
        **ANSWERS,
        **day("held_on", TODAY),
    )
    text = text_of(manager.get(to("impact_review", row)))
    assert "Yes, with evidence" in text
    assert "Median days missing fell" in text
    assert "Eleven recommendations" in text
    assert row.heading not in text_of(manager.get(to("chain")))
    assert row.heading in text_of(manager.get(to("evidence", shown)))


def test_only_evidence_of_how_much_does_not_carry_a_yes(manager, by):
    of = make.priority(by)
    counted = make.evidence(by, of, answers="how_much")
    row = make.review(by, of)
    answer = send(
        manager,
        to("impact_review_hold", row),
        verdict="partly",
        evidence=[str(counted.pk)],
        **ANSWERS,
        **day("held_on", TODAY),
    )
    assert "name the evidence that shows it" in text_of(answer)


def test_a_scrutineer_reads_a_review_and_cannot_hold_it(scrutineer, by):
    row = make.review(by, make.priority(by))
    page = scrutineer.get(to("impact_review", row))
    assert "This review is late" in text_of(page)
    assert to("impact_review_hold", row) not in page.content.decode()
    assert scrutineer.get(to("impact_review_hold", row)).status_code == 403
