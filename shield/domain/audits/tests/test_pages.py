"""The pages of audits, as the learning manager and two agency leads meet them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shield.domain.audits import services
from shield.domain.audits.models import AgencyPart, Audit, AuditedRecord, AuditTool
from shield.domain.audits.tests import factories as make
from shield.improvement.models import Finding
from shield.improvement.tests import factories as chain
from shield.improvement.tests.pages import about, cells, day, hidden, send, text_of, to
from tests.cast import TODAY


@pytest.fixture
def manager(person, client_of):
    return client_of(person("learning_manager", name="Theo Learner"))


@pytest.fixture
def police(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["police"]))


@pytest.fixture
def health(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["health"]))


def upload(text, name="list.csv"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def test_an_empty_register_says_what_to_do_to_those_who_may(manager, police, cast):
    assert "Plan an audit" in text_of(manager.get(to("audits")))
    text = text_of(police.get(to("audits")))
    assert "No audit is on record yet" in text
    assert "Plan an audit" not in text


def test_an_audit_is_planned_for_a_priority_and_leads_to_its_list(manager, by):
    priority = chain.priority(by)
    address = about("audit_plan", priority)
    assert "Enter what is audited" in text_of(send(manager, address, sort="multi_agency"))
    send(
        manager, address, title="Missing children", sort="multi_agency", unit="child", priority=str(priority.pk),
        frame="Children discussed at the missing meeting", **day("starts_on", date(2019, 10, 1)),
    )  # fmt: skip
    made = Audit.objects.get()
    assert made.priority == priority
    assert "Upload the list of records" in text_of(manager.get(to("audit", made)))


def test_a_list_is_uploaded_chosen_from_by_a_draw_and_shown_to_be_the_same_again(manager, by):
    audit = make.audit(by, references=())
    rows = "\n".join(f"LCS {n},{'young' if n < 10 else 'older'}" for n in range(20))
    answer = send(manager, to("audit_list", audit), file=upload(f"Ref,Age\n{rows}\n"), kept="Age")
    assert answer["Location"] == to("audit_choose", audit)
    assert "Enter how many records to draw" in text_of(send(manager, answer["Location"], method="random"))
    send(manager, answer["Location"], method="stratified", wanted="4", seed="spring", group_by="Age")
    text = text_of(manager.get(to("audit_frame", audit)))
    assert "the same records come out" in text
    assert "LCS" not in text
    assert AuditedRecord.objects.filter(audit=audit, chosen=True).count() == 4


def test_a_list_that_names_children_is_refused_and_nothing_of_it_stays(manager, by):
    audit = make.audit(by, references=())
    text = text_of(send(manager, to("audit_list", audit), file=upload("Ref,Surname\n1,Smith\n")))
    assert "says who a child is: “Surname”" in text
    assert AuditedRecord.objects.count() == 0
    text = text_of(send(manager, to("audit_typed", audit), references="LCS 1\nAnna Smith"))
    assert "The reference of record 2 looks like a name" in text
    assert AuditedRecord.objects.count() == 0


def test_the_agencies_are_asked_and_each_finds_its_part_in_its_work(manager, police, by, agencies):
    audit = make.chosen(by)
    tool = make.tool(by)
    send(manager, to("audit_begin", audit), tool=str(tool.pk), agencies=[str(agencies["police"].pk)])
    part = AgencyPart.objects.get()
    assert to("audit_part_answer", part) in police.get(to("work")).content.decode()
    text = text_of(police.get(to("audit", audit)))
    assert "Your agency's part" in text
    assert "LCS" not in text


def fields(part, judgement="Good", words="Seen alone", shared="yes"):
    heard, share = part.audit.tool.questions.order_by("position")
    return {
        f"judgement_{heard.key}": judgement,
        f"words_{heard.key}": words,
        f"judgement_{share.key}": shared,
    }


def test_an_agency_saves_a_draft_and_submits_when_every_question_is_answered(police, agencies, begun):
    part = make.part(begun, agencies["police"])
    address = to("audit_part_answer", part)
    send(police, address, do="draft", **fields(part, words=""))
    part.refresh_from_db()
    assert part.status == "draft"
    text = text_of(send(police, address, do="submit", **fields(part, words="")))
    assert "Give the analysis behind “Was the child heard?”" in text
    send(police, address, do="submit", **fields(part))
    part.refresh_from_db()
    assert part.status == "submitted"
    assert "Seen alone" in text_of(police.get(to("audit_part", part)))


def test_two_people_of_an_agency_do_not_write_over_each_other(police, officer, agencies, begun):
    part = make.part(begun, agencies["police"])
    address = to("audit_part_answer", part)
    opened = hidden(police.get(address))
    services.save_part(
        part=part,
        answers=make.answers(part, words="From Ann"),
        by=officer,
        today=TODAY,
        expected_version=part.version,
    )
    text = text_of(police.post(address, {**opened, "do": "draft", **fields(part, words="From Bo")}))
    assert "Somebody changed this while you were editing" in text
    assert "From Ann" in text
    assert "From Bo" in text


def test_a_manager_sees_where_a_part_stands_and_its_answers_once_submitted(manager, officer, agencies, begun):
    part = make.part(begun, agencies["police"])
    services.save_part(
        part=part,
        answers=make.answers(part, words="A draft of ours"),
        by=officer,
        today=TODAY,
        expected_version=part.version,
    )
    text = text_of(manager.get(to("audit_part", part)))
    assert "its own until it submits it" in text
    assert "A draft of ours" not in text
    assert manager.get(to("audit_part_answer", part)).status_code == 403
    make.submit(part, officer, TODAY, words="Ready now")
    assert "Ready now" in text_of(manager.get(to("audit_part", part)))


def test_another_agency_does_not_find_a_part_before_the_panel_compares(health, officer, agencies, begun):
    part = make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    for name in ("audit_part", "audit_part_answer"):
        assert health.get(to(name, part)).status_code == 404
    assert "Testbury Police" not in text_of(health.get(to("audited_record", part.record)))


def test_changes_are_asked_for_in_words_that_the_agency_reads(manager, police, officer, agencies, begun):
    part = make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    send(manager, to("audit_part_return", part), reason="Say what she said herself")
    text = text_of(police.get(to("audit_part_answer", part)))
    assert "Changes asked for: Say what she said herself" in text


def test_the_panel_sees_the_difference_and_writes_what_it_agreed(manager, police, by, compared):
    record = AuditedRecord.objects.get(chosen=True)
    text = text_of(manager.get(to("audited_record", record)))
    assert "2 steps apart" in text
    heard = compared.tool.questions.order_by("position").first()
    address = to("audited_record_agree", record)
    given = {f"judgement_{heard.key}": "Fair"}
    assert "Say why the panel agreed so" in text_of(send(manager, address, **given))
    send(manager, address, **given, **{f"words_{heard.key}": "Asked once only"})
    assert "Asked once only" in text_of(police.get(to("audited_record", record)))


def test_an_audit_goes_on_to_its_discussion_its_findings_and_its_end(manager, by, agencies, compared):
    send(
        manager, to("audit_discussion_add", compared), precision="day", practitioners="17", points="Time is short",
        agencies=[str(agencies["school"].pk)], agencies_outside="A children's home", **day("held_on", TODAY),
    )  # fmt: skip
    send(
        manager,
        to("audit_finding_add", compared),
        text="Children are heard",
        sort="working_well",
        **day("found_on", TODAY),
    )
    assert Finding.objects.get().origin_id == compared.pk
    text = text_of(manager.get(to("audit", compared)))
    assert "A children's home" in text
    assert "Children are heard" in text
    page = text_of(manager.get(to("audit_close", compared)))
    assert "On 2 questions the panel agreed nothing" in page
    send(manager, to("audit_close", compared), **day("ended_on", TODAY))
    compared.refresh_from_db()
    assert compared.status == "closed"


def test_a_tool_is_made_from_the_usual_questions_changed_and_copied(manager, cast):
    send(manager, to("audit_tool_standard"))
    tool = AuditTool.objects.get()
    text = text_of(manager.get(to("audit_tool", tool)))
    assert "Is the child's voice heard" in text
    assert "Outstanding" in text
    question = tool.questions.order_by("position").first()
    address = to("audit_question_change", question)
    send(
        manager,
        address,
        section="The child",
        text="Was she heard?",
        answer="yes_no",
        needed="yes",
        position="1",
    )
    send(manager, to("audit_question_drop", tool.questions.order_by("position").last()))
    page = manager.get(to("audit_tool", tool)).content.decode()
    assert "Was she heard?</h3>" in page
    assert "What should be done differently?</h3>" not in page
    send(manager, to("audit_scale_add"), title="Two", points="Met\nNot met")
    assert "Not met" in text_of(manager.get(to("audit_tools")))


def test_results_show_each_agency_and_the_panel_and_a_chart_of_one_question(manager, by, compared):
    rows = cells(manager.get(to("audit_results")), "Judgements by question and agency")
    heard = [row for row in rows if "Was the child heard?" in row]
    assert sorted(row[3:5] for row in heard) == [
        ["Testbury Health Board", "Poor: 1"],
        ["Testbury Police", "Good: 1"],
    ]
    key = compared.tool.questions.order_by("position").first().key
    page = manager.get(f"{to('audit_results')}?question={key}").content.decode()
    assert "<svg" in page
    file = manager.get(f"{to('audit_results')}?export=csv").content.decode()
    assert "Testbury Police" in file


def test_references_are_opened_by_a_deliberate_act(manager, police, begun):
    address = to("audit_references", begun)
    assert "LCS" not in text_of(manager.get(address))
    assert "LCS 1" in text_of(send(manager, address))
    assert police.get(address).status_code == 403


def test_an_audit_done_before_is_recorded_with_its_numbers(manager, agencies):
    address = to("audit_record")
    given = {
        "title": "Reports of missing children", "sort": "single_agency", "unit": "report", "precision": "month",
        "considered": "43", "led_by": [str(agencies["police"].pk)], **day("starts_on", date(2018, 8, 9)),
    }  # fmt: skip
    assert "more than" not in text_of(manager.get(address)).lower()[:10]
    text = text_of(send(manager, address, **{**given, "in_depth": "44"}))
    assert "More records were looked at in depth" in text
    send(manager, address, **given)
    made = Audit.objects.get()
    assert (made.status, made.starts_on) == ("closed", date(2018, 8, 1))
    [row] = cells(manager.get(f"{to('audits')}?kind=single_agency"), "Audits")
    assert "August 2018" in row
    assert "43" in row


@pytest.mark.parametrize("many", [1, 50])
def test_the_register_costs_the_same_at_one_and_at_fifty_rows(manager, by, count_queries, many):
    for n in range(many):
        services.record_audit(title=f"Audit {n}", sort="dip_sample", starts_on=TODAY, by=by, today=TODAY)
    manager.get(to("audits"))
    with count_queries() as sent:
        manager.get(to("audits"))
    assert len(sent) == 8


def test_the_page_of_an_audit_costs_the_same_however_many_records_it_has(
    manager, by, agencies, count_queries
):
    made = []
    for numbers, title in (((1,), "One"), ((1, 2, 3), "Three")):
        tool = AuditTool.objects.first() or make.tool(by)
        audit = make.begun(
            by, [agencies["police"], agencies["health"]], numbers=numbers, title=title, with_tool=tool
        )
        manager.get(to("audit", audit))
        with count_queries() as sent:
            manager.get(to("audit", audit))
        made.append(len(sent))
    assert made[0] == made[1] <= 15, made
