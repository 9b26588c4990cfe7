"""What an audit takes on its way, and what it refuses: order, late answers, what the panel agreed."""

from datetime import date, timedelta

import pytest

from shield.domain.audits import doors, queries, rules, services
from shield.domain.audits.models import AgencyPart, AgreedJudgement, Audit, AuditedRecord
from shield.domain.audits.tests import factories as make
from shield.improvement.tests.pages import send, text_of, to
from shield.kernel.clocks import queries as clocks
from shield.kernel.records.models import RecordQuerySet
from shield.kernel.records.rules import Refused
from tests.cast import TODAY, make_person, signed_in

DUE = date(2019, 11, 15)


# --- The audit is held before its parts


def acts(by, officer, audit, part, record):
    """Every act that changes a part, or what the panel agreed, each as it is called."""
    held = {"by": by, "expected_version": part.version}
    return {
        "save": lambda: services.save_part(
            part=part, answers={}, by=officer, today=TODAY, expected_version=part.version
        ),
        "return": lambda: services.ask_for_changes(part=part, reason="Say more", **held),
        "accept": lambda: services.accept_part(part=part, nobody_named=True, **held),
        "excuse": lambda: services.excuse_part(part=part, reason="Never knew her", **held),
        "agree": lambda: services.agree(record=record, agreed={}, by=by, expected_version=record.version),
        "moderate": lambda: services.begin_moderation(
            audit=audit, by=by, today=TODAY, expected_version=audit.version
        ),
        "close": lambda: services.close_audit(
            audit=audit, by=by, today=TODAY, expected_version=audit.version
        ),
    }


@pytest.mark.parametrize("name", ["save", "return", "accept", "excuse", "agree", "moderate", "close"])
def test_the_audit_is_held_first_so_that_it_cannot_go_on_meanwhile(
    name, by, officer, begun, agencies, monkeypatch
):
    order, locked = [], RecordQuerySet.locked

    def noted(self, *given, **more):
        order.append(self.model)
        return locked(self, *given, **more)

    part = make.part(begun, agencies["police"])
    act = acts(by, officer, begun, part, part.record)[name]
    monkeypatch.setattr(RecordQuerySet, "locked", noted)
    try:
        act()
    except Refused:
        assert name != "save"
    assert order[0] is Audit


# --- What the panel agreed


def agree(record, by, agreed):
    record.refresh_from_db()
    return services.agree(record=record, agreed=agreed, by=by, expected_version=record.version)


def test_words_of_the_panel_without_a_judgement_are_refused_and_name_the_question(by, compared):
    [record] = queries.chosen_of(compared, by)
    heard = compared.tool.questions.order_by("position").first()
    with pytest.raises(Refused, match="“Was the child heard\\?” but no judgement") as refused:
        agree(record, by, {heard.key: rules.Answer("", "She was asked once")})
    assert refused.value.field == f"judgement_{heard.key}"


def test_a_judgement_can_be_taken_back_and_given_again(by, compared):
    [record] = queries.chosen_of(compared, by)
    heard = compared.tool.questions.order_by("position").first()
    given = {heard.key: rules.Answer("Fair", "She was asked once")}
    agree(record, by, given)
    with pytest.raises(Refused, match="Nothing was changed"):
        agree(record, by, given)
    agree(record, by, {heard.key: rules.NOTHING})
    assert queries.agreed_of(record) == {}
    assert [row.by_panel for row in queries.results(by) if row.by_panel] == []
    assert AgreedJudgement.objects.get().reason == ""
    agree(record, by, given)
    assert queries.agreed_of(record) == given


def test_the_page_takes_back_what_is_cleared(compared, by, cast):
    manager = signed_in(make_person("learning_manager", partnership=cast.testbury))
    [record] = queries.chosen_of(compared, by)
    heard = compared.tool.questions.order_by("position").first()
    address, judgement = to("audited_record_agree", record), f"judgement_{heard.key}"
    send(manager, address, **{judgement: "Fair", f"words_{heard.key}": "Asked once"})
    assert "but no judgement" in text_of(send(manager, address, **{f"words_{heard.key}": "Asked once"}))
    assert queries.agreed_of(record)
    send(manager, address, **{f"words_{heard.key}": ""})
    assert queries.agreed_of(record) == {}


# --- Asking, chasing, going on


def test_answers_are_not_asked_for_by_a_day_that_has_passed(by, agencies):
    audit = make.chosen(by)
    with pytest.raises(Refused, match="day that has passed"):
        services.begin_auditing(
            audit=audit, tool=make.tool(by), agencies=[agencies["police"]], by=by, today=TODAY,
            due_on=TODAY - timedelta(days=1), expected_version=audit.version,
        )  # fmt: skip


def test_an_agency_whom_the_tool_asks_nothing_is_not_asked(by, agencies):
    tool = services.add_tool(title="Police only", by=by)
    services.add_question(
        tool=tool, values={"section": "A", "text": "Seen?", "answer": "yes_no", "sectors": ["police"]}, by=by
    )
    with pytest.raises(Refused, match="no question for Testbury Health Board"):
        make.begun(by, [agencies["police"], agencies["health"]], with_tool=tool)


def test_an_agency_that_was_forgotten_is_asked_while_the_others_answer(by, begun, agencies):
    school = agencies["school"]
    services.ask_also(audit=begun, agencies=[school], by=by, expected_version=begun.version)
    assert make.part(begun, school).status == "asked"
    begun.refresh_from_db()
    assert school in begun.team.all()
    with pytest.raises(Refused, match="Asked already: Hillside School"):
        services.ask_also(audit=begun, agencies=[school], by=by, expected_version=begun.version)


def test_late_answers_are_awaited_stuck_chased_and_escalated(by, begun, agencies, cast):
    make_person("agency_lead", partnership=cast.testbury, agency=agencies["police"])
    day = DUE + timedelta(days=1)
    [item] = doors.awaited(by, day)
    assert (item.is_late, item.owner) == (True, "Testbury Health Board, Testbury Police")
    assert [i.sort for i in doors.stuck(by, DUE)] == []
    assert [i.sort for i in doors.stuck(by, day)] == ["Answers of an audit are late"]
    assert clocks.has_a_date(Audit.kind)
    assert clocks.due_of(begun.ref, by) == DUE
    assert services.chase_answers(audit=begun, by=by, today=day).told == 1
    with pytest.raises(Refused, match="chased today already"):
        services.chase_answers(audit=begun, by=by, today=day)


def test_an_audit_waits_for_whoever_runs_it_at_each_step(by, begun, officer, nurse, agencies):
    def waits():
        return [item.sort for item in doors.work(by, TODAY)]

    for agency, who in (("police", officer), ("health", nurse)):
        make.accept(make.submit(make.part(begun, agencies[agency]), who, TODAY), by)
    assert waits() == ["Audit ready for the panel"]
    begun.refresh_from_db()
    services.begin_moderation(audit=begun, by=by, today=TODAY, expected_version=begun.version)
    assert waits() == ["Audit to discuss"]
    services.hold_discussion(audit=begun, held_on=TODAY, by=by, today=TODAY)
    assert waits() == ["Audit to close"]


def test_a_part_is_accepted_by_who_saw_that_nobody_is_named(by, officer, begun, agencies):
    part = make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    with pytest.raises(Refused, match="nobody is named"):
        services.accept_part(part=part, nobody_named=False, by=by, expected_version=part.version)


# --- The discussion and the end


def test_a_discussion_is_not_before_its_audit(by, compared):
    with pytest.raises(Refused, match="The audit began on 1 October 2019"):
        services.hold_discussion(audit=compared, held_on=date(2018, 11, 2), by=by, today=TODAY)
    held = services.hold_discussion(
        audit=compared, held_on=date(2019, 10, 1), precision="month", by=by, today=TODAY
    )
    for day, why in (
        (date(2019, 9, 1), "cannot have been before"),
        (date(2020, 1, 1), "today or earlier|future"),
    ):
        with pytest.raises(Refused, match=why):
            services.change_discussion(
                discussion=held, changes={"held_on": day}, gatherings=[], agencies=[], by=by, today=TODAY,
                expected_version=held.version,
            )  # fmt: skip


def test_the_planned_end_stays_a_plan_and_the_last_day_is_said(by, compared):
    Audit.objects.filter(pk=compared.pk).update(planned_end=date(2019, 12, 31))
    close = {"audit": compared, "nothing_found": "Too few records", "by": by, "today": TODAY}
    for day, why in ((date(2019, 12, 31), "today or earlier"), (date(2019, 9, 1), "not be before the first")):
        with pytest.raises(Refused, match=why):
            services.close_audit(**close, ended_on=day, expected_version=compared.version)
    closed = services.close_audit(**close, expected_version=compared.version)
    assert (closed.ends_on, closed.planned_end) == (TODAY, date(2019, 12, 31))


@pytest.mark.parametrize("end", ["closed", "stopped"])
def test_whose_the_records_were_is_forgotten_at_the_end(end, by, compared):
    given = {"audit": compared, "by": by, "today": TODAY, "expected_version": compared.version}
    if end == "closed":
        services.close_audit(**given, nothing_found="Too few records")
    else:
        services.stop_audit(**given, reason="The frame was wrong")
    assert {row.sealed_reference for row in AuditedRecord.objects.all()} == {""}
    with pytest.raises(Refused, match="cannot have its references opened"):
        services.open_references(audit=compared, by=by)


def test_an_audit_closed_without_a_discussion_says_that_none_was_held(compared, by, cast):
    manager = signed_in(make_person("learning_manager", partnership=cast.testbury))
    services.close_audit(
        audit=compared, nothing_found="Too few", by=by, today=TODAY, expected_version=compared.version
    )
    assert "Discussed Not held" in text_of(manager.get(to("audit", compared)))


def test_questions_that_an_agency_is_not_asked_do_not_count_as_differing(by, compared, agencies):
    question = compared.tool.questions.order_by("position").first()
    question.sectors = ["police"]
    parts = list(AgencyPart.objects.filter(record__audit=compared).select_related(*AgencyPart.shown_with))
    assert list(queries.differing(parts, [question]).values()) == [0]


def test_what_happened_to_its_parts_happened_to_a_record(by, begun, officer, agencies, cast):
    manager = signed_in(make_person("learning_manager", partnership=cast.testbury))
    part = make.part(begun, agencies["police"])
    make.submit(part, officer, TODAY)
    assert "submitted Child 1" in text_of(manager.get(to("audited_record", part.record)))


@pytest.mark.parametrize("field", ["team_outside", "why"])
def test_somebody_is_found_in_lists_and_however_their_name_is_written(by, field, cast):
    zoe = make_person("practitioner", partnership=cast.testbury, name="Zoë Reyes")
    make.audit(
        by,
        title="Their own",
        references=(),
        **{field: ["ZOE  REYES"] if field == "team_outside" else "ZOE\nREYES"},
    )
    make.audit(
        by,
        title="Another",
        references=(),
        **{field: ["Zoë"] if field == "team_outside" else "Zoë Reyesworth"},
    )
    assert [found.relation for found in doors.subject_access(zoe, by)] == ["names you"]
