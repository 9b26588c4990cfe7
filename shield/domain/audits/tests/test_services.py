"""An audit from its list to its findings, and who may do what to it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shield.domain.audits import doors, queries, rules, services
from shield.domain.audits.models import AgencyPart, AuditedRecord, ToolQuestion
from shield.domain.audits.tests import factories as make
from shield.improvement.models import Finding
from shield.improvement.tests import factories as chain
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY


def told_of(record):
    return [entry.sentence for entry in history.of_record(record.partnership_id, record.pk)]


# --- The list


def test_a_listed_record_is_known_by_a_pseudonym_and_its_reference_is_sealed(by):
    audit = make.audit(by, references=["LCS 104"], unit="family")
    record = AuditedRecord.objects.get(audit=audit)
    assert (record.pseudonym, record.own_reference) == ("Family 1", "LCS 104")
    assert "104" not in record.sealed_reference
    assert "104" not in " ".join(told_of(audit))
    assert (audit.status, audit.frame_size) == ("selecting", 1)


def test_a_sealed_reference_opens_on_its_own_record_only(by):
    one, two = AuditedRecord.objects.filter(audit=make.audit(by))[:2]
    one.sealed_reference = two.sealed_reference
    from shield.kernel.sealed.rules import Unreadable

    with pytest.raises(Unreadable):
        _ = one.own_reference


def test_a_later_list_takes_the_place_of_the_earlier_one_and_no_reference_of_it_is_left(by):
    audit = make.audit(by)
    services.put_list(audit=audit, entries=[rules.Entry("NEW 1")], by=by, expected_version=audit.version)
    rows = AuditedRecord.objects.filter(audit=audit).order_by("number")
    assert [row.own_reference for row in rows] == ["NEW 1", "", ""]
    assert [row.number for row in queries.records_of(audit)] == [1]


def test_the_list_can_no_longer_be_changed_once_the_agencies_were_asked(by, begun):
    with pytest.raises(Refused, match="With the agencies"):
        services.put_list(audit=begun, entries=[rules.Entry("X")], by=by, expected_version=begun.version)


def test_a_draw_can_be_made_again_from_the_list_on_record(by):
    audit = make.audit(by, references=[f"L{n}" for n in range(30)])
    audit = services.choose(audit=audit, method="random", wanted=5, by=by, expected_version=audit.version)
    assert len(queries.chosen_of(audit, by)) == 5
    assert audit.seed
    assert queries.drawn_again(audit)
    record = queries.chosen_of(audit, by).first()
    AuditedRecord.objects.filter(pk=record.pk).update(chosen=False)
    other = AuditedRecord.objects.filter(audit=audit, chosen=False).exclude(pk=record.pk).first()
    AuditedRecord.objects.filter(pk=other.pk).update(chosen=True)
    assert not queries.drawn_again(audit)


def test_a_draw_by_group_is_made_in_each_group_and_repeats(by):
    audit = services.plan_audit(title="By age", sort="dip_sample", starts_on=make.BEGAN, by=by)
    entries = [rules.Entry(f"L{n}", {"Age": "young" if n < 6 else "older"}) for n in range(12)]
    audit = services.put_list(
        audit=audit, entries=entries, columns=["Age"], by=by, expected_version=audit.version
    )
    audit = services.choose(
        audit=audit,
        method="stratified",
        wanted=4,
        seed="s1",
        group_by="Age",
        by=by,
        expected_version=audit.version,
    )
    ages = [row.groups["Age"] for row in queries.chosen_of(audit, by)]
    assert sorted(ages) == ["older", "older", "young", "young"]
    assert queries.drawn_again(audit)


def test_records_named_by_hand_need_a_reason_and_a_number_that_is_there(by):
    audit = make.audit(by)
    choose = {"audit": audit, "method": "purposive", "by": by, "expected_version": audit.version}
    with pytest.raises(Refused, match="why these records"):
        services.choose(**choose, numbers=[1])
    with pytest.raises(Refused, match="no number 9"):
        services.choose(**choose, numbers=[9], how="They show the gaps")


# --- The agencies


def test_each_agency_gets_a_part_on_each_chosen_record_and_the_tool_is_frozen(by, agencies):
    audit = make.begun(by, [agencies["police"], agencies["health"]], numbers=(1, 3))
    assert AgencyPart.objects.filter(record__audit=audit).count() == 4
    assert set(audit.team.all()) == {agencies["police"], agencies["health"]}
    with pytest.raises(Refused, match="frozen"):
        services.drop_question(question=audit.tool.questions.first(), by=by, expected_version=1)
    assert AuditedRecord.objects.get(audit=audit, number=2).sealed_reference == ""
    assert AuditedRecord.objects.get(audit=audit, number=1).own_reference == "LCS 1"


def test_a_draft_is_saved_by_several_without_overwriting(officer, actor, agencies, begun):
    part, colleague = make.part(begun, agencies["police"]), actor("agency_lead", agency=agencies["police"])
    given = make.answers(part)
    saved = services.save_part(
        part=part, answers=given, by=officer, today=TODAY, expected_version=part.version
    )
    assert saved.status == "draft"
    with pytest.raises(Stale):
        services.save_part(
            part=part, answers={}, by=colleague, today=TODAY, expected_version=part.version - 1
        )
    assert make.part(begun, agencies["police"]).answers == given


def test_what_an_agency_writes_is_sealed(officer, agencies, begun):
    part = make.submit(make.part(begun, agencies["police"]), officer, TODAY, words="She was seen alone")
    assert "alone" not in part.sealed_words
    assert "alone" not in " ".join(told_of(part))


def test_a_part_is_submitted_whole_changed_when_asked_and_accepted(by, officer, agencies, begun):
    part = make.part(begun, agencies["police"])
    with pytest.raises(Refused, match="Answer “Was the child heard"):
        services.save_part(
            part=part, answers={}, submit=True, by=officer, today=TODAY, expected_version=part.version
        )
    part = make.submit(part, officer, TODAY)
    with pytest.raises(Refused, match="submitted"):
        make.submit(part, officer, TODAY)
    part = services.ask_for_changes(
        part=part, reason="Say what she said", by=by, expected_version=part.version
    )
    assert (part.status, part.reason) == ("changes", "Say what she said")
    part = make.accept(make.submit(part, officer, TODAY), by)
    assert part.status == "accepted"


def test_nobody_answers_for_another_agency(nurse, agencies, begun):
    with pytest.raises(Forbidden, match="not your agency's"):
        make.submit(make.part(begun, agencies["police"]), nurse, TODAY)


def test_a_judgement_that_was_not_offered_is_refused(officer, agencies, begun):
    part = make.part(begun, agencies["police"])
    with pytest.raises(Refused, match="one of the answers offered"):
        make.submit(part, officer, TODAY, judgement="Superb")


def test_parts_wait_in_the_work_list_of_their_agency_until_they_are_in(
    by, officer, nurse, actor, agencies, begun
):
    [waiting] = doors.work(officer, TODAY)
    assert (waiting.act, waiting.act_page, waiting.is_late) == ("Answer it", "audit_part_answer", False)
    assert list(doors.work(actor("agency_lead", agency=agencies["school"]), TODAY)) == []
    make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    assert list(doors.work(officer, TODAY)) == []
    assert [item.sort for item in doors.work(by, TODAY)] == ["Audit part to read"]


# --- The panel


def test_the_panel_begins_when_every_part_is_accepted_or_excused(by, officer, agencies, begun):
    make.accept(make.submit(make.part(begun, agencies["police"]), officer, TODAY), by)
    begun.refresh_from_db()
    with pytest.raises(Refused, match="Still open: Child 1 of AUD-0001, Testbury Health Board"):
        services.begin_moderation(audit=begun, by=by, today=TODAY, expected_version=begun.version)
    part = make.part(begun, agencies["health"])
    services.excuse_part(part=part, reason="Never knew the child", by=by, expected_version=part.version)
    assert (
        services.begin_moderation(audit=begun, by=by, today=TODAY, expected_version=begun.version).status
        == "moderating"
    )


def test_answers_lie_beside_each_other_with_how_far_they_are_apart(by, compared):
    [record] = queries.chosen_of(compared, by)
    heard, shared = queries.comparisons(record, by)
    assert [(s.agency, s.word) for s in heard.said] == [
        ("Testbury Health Board", "Poor"),
        ("Testbury Police", "Good"),
    ]
    assert (heard.steps, shared.steps) == (2, 0)


def test_where_agencies_differ_the_panel_says_why_it_agreed_so(by, compared):
    [record] = queries.chosen_of(compared, by)
    heard = compared.tool.questions.order_by("position").first()
    agree = {"record": record, "by": by, "expected_version": record.version}
    with pytest.raises(Refused, match="Say why the panel agreed so"):
        services.agree(agreed={heard.key: rules.Answer("Fair")}, **agree)
    services.agree(agreed={heard.key: rules.Answer("Fair", "She was asked once")}, **agree)
    [first, _] = queries.comparisons(record, by)
    assert (first.agreed.judgement, first.agreed.reason) == ("Fair", "She was asked once")
    assert "asked once" not in first.agreed.sealed_reason


def test_an_audit_is_discussed_told_of_and_closed(by, agencies, compared):
    services.hold_discussion(
        audit=compared, held_on=TODAY, practitioners=17, agencies=[agencies["school"]], by=by, today=TODAY
    )
    compared.refresh_from_db()
    assert compared.status == "discussed"
    finding = services.tell_hub(
        audit=compared, text="Children are heard", sort="working_well", found_on=TODAY, by=by
    )
    assert (finding.origin_id, finding.evidence_from) == (compared.pk, "multi_agency_audit")
    closed = services.close_audit(audit=compared, by=by, today=TODAY, expected_version=compared.version)
    assert (closed.status, closed.considered) == ("closed", 1)
    assert list(doors.stuck(by, TODAY)) == []


def test_an_audit_without_findings_does_not_close_without_a_word_why(by, compared):
    with pytest.raises(Refused, match="why there is nothing to tell"):
        services.close_audit(audit=compared, by=by, today=TODAY, expected_version=compared.version)
    services.close_audit(
        audit=compared,
        nothing_found="The records were too old",
        by=by,
        today=TODAY,
        expected_version=compared.version,
    )
    assert queries.without_findings(by) == []


def test_an_audit_without_findings_is_a_break_in_the_chain_until_one_is_told(by):
    audit = services.record_audit(
        title="Neglect", sort="dip_sample", starts_on=date(2019, 6, 1), by=by, today=TODAY
    )
    assert [(i.title, i.sort) for i in doors.stuck(by, TODAY)] == [("Neglect", "Audit without findings")]
    services.tell_hub(audit=audit, text="Plans drift", sort="to_develop", found_on=TODAY, by=by)
    assert Finding.objects.get().evidence_from == "single_agency_audit"
    assert list(doors.stuck(by, TODAY)) == []


def test_a_stopped_audit_keeps_its_reason_and_goes_no_further(by, begun):
    stopped = services.stop_audit(
        audit=begun, reason="The frame was wrong", by=by, today=TODAY, expected_version=begun.version
    )
    assert stopped.stopped_why == "The frame was wrong"
    with pytest.raises(Refused):
        services.begin_moderation(audit=stopped, by=by, today=TODAY, expected_version=stopped.version)


def test_only_who_runs_audits_plans_chooses_accepts_and_moderates(officer, begun, agencies):
    part = make.part(begun, agencies["police"])
    for act in (
        lambda: make.audit(officer),
        lambda: services.accept_part(part=part, nobody_named=True, by=officer, expected_version=part.version),
        lambda: services.begin_moderation(
            audit=begun, by=officer, today=TODAY, expected_version=begun.version
        ),
        lambda: services.open_references(audit=begun, by=officer),
        lambda: services.stop_audit(
            audit=begun, reason="We are busy", by=officer, today=TODAY, expected_version=1
        ),
    ):
        with pytest.raises(Forbidden):
            act()


def test_opening_references_is_kept_without_what_they_are(by, begun):
    assert services.open_references(audit=begun, by=by) == [("Child 1", "LCS 1")]
    assert "opened the agencies' own references of 1 child's record" in told_of(begun)[0]
    assert "LCS" not in " ".join(told_of(begun))


# --- The tool


def test_a_copy_keeps_the_keys_of_its_questions_and_can_be_changed(by, begun):
    copy = services.copy_tool(tool=begun.tool, by=by)
    assert (copy.edition, copy.status) == (2, "draft")
    keys = [sorted(t.questions.values_list("key", flat=True)) for t in (begun.tool, copy)]
    assert keys[0] == keys[1]
    question = ToolQuestion.objects.filter(tool=copy).order_by("position").first()
    services.change_question(
        question=question,
        values={"text": "Was the child really heard?"},
        by=by,
        expected_version=question.version,
    )
    assert begun.tool.questions.order_by("position").first().text == "Was the child heard?"
    with pytest.raises(Refused, match="Version 2 is a draft already"):
        services.copy_tool(tool=begun.tool, by=by)


def test_only_some_sectors_are_asked_some_questions(by, agencies):
    tool = make.tool(by)
    values = {
        "section": "Police",
        "text": "Was the report complete?",
        "answer": "yes_no",
        "sectors": ["police"],
    }
    services.add_question(tool=tool, values=values, by=by)
    audit = make.begun(by, [agencies["police"], agencies["health"]], with_tool=tool)
    asked = {key: len(queries.questions_for(make.part(audit, agencies[key]))) for key in ("police", "health")}
    assert asked == {"police": 3, "health": 2}


def test_a_judgement_needs_a_scale_and_a_scale_its_points(by):
    tool = services.add_tool(title="Empty", by=by)
    with pytest.raises(Refused, match="Select the scale"):
        services.add_question(tool=tool, values={"section": "A", "text": "B", "answer": "scale"}, by=by)
    with pytest.raises(Refused, match="from two to seven"):
        services.add_scale(title="One", points=[("Good", "good")], by=by)


def test_an_audit_does_not_end_before_it_begins(by):
    with pytest.raises(ValidationError):
        make.audit(by, references=(), ends_on=date(2019, 1, 1))


def test_a_priority_and_its_meetings_show_their_audits(by, compared, officer):
    priority = chain.priority(by)
    made = make.audit(by, title="For it", priority=priority, references=())
    [panel] = doors.panels(priority.ref, by)
    assert (panel.act, panel.act_page, panel.act_about.id) == ("Plan an audit", "audit_plan", priority.pk)
    [theirs] = doors.panels(priority.ref, officer)
    assert theirs.act == ""
    assert [item.ref.id for item in panel.items] == [made.pk]
