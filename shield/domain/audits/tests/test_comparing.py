"""The page on which the panel compares, two who write at once, and the results with their pictures."""

import pytest

from shield.domain.audits import queries, rules, services
from shield.domain.audits.models import AgencyPart
from shield.domain.audits.tests import factories as make
from shield.improvement.tests import factories as chain
from shield.improvement.tests.pages import about, hidden, text_of, to
from tests.cast import TODAY


@pytest.fixture
def manager(person, client_of):
    return client_of(person("learning_manager", name="Theo Learner"))


@pytest.fixture
def police(person, client_of, agencies):
    return client_of(person("agency_lead", agency=agencies["police"]))


def asked(audit):
    return list(audit.tool.questions.order_by("position"))


def test_a_priority_leads_to_a_plan_in_which_it_is_chosen(manager, police, by):
    priority = chain.priority(by)
    page = manager.get(to("priority", priority)).content.decode()
    assert f'href="{about("audit_plan", priority).replace(":", "%3A")}"' in page
    form = manager.get(about("audit_plan", priority)).content.decode()
    assert f'<option value="{priority.pk}" selected' in form
    assert "Plan an audit" not in text_of(police.get(to("priority", priority)))


def test_the_panel_sees_every_judgement_at_a_glance_and_the_questions_that_differ(manager, by, compared):
    [record] = queries.chosen_of(compared, by)
    page = manager.get(to("audited_record", record)).content.decode()
    assert "What each agency judged" in page
    assert "<svg" in page
    differ = page.split("Where the agencies differ", 1)[1].split("</ul>", 1)[0]
    assert "Was the child heard?" in differ
    assert "Did you share?" not in differ
    words = text_of(manager.get(to("audited_record", record)))
    assert "Good Testbury Police Poor Testbury Health Board" in words
    assert "Agencies differ on 1 question" in text_of(manager.get(to("audit", compared)))


def test_a_question_that_not_all_answered_says_who_did_not(manager, by, agencies, officer, nurse):
    tool = make.tool(by)
    services.add_question(
        tool=tool, values={"section": "More", "text": "Was there a plan?", "answer": "yes_no", "needed": False}, by=by
    )  # fmt: skip
    audit = make.begun(by, [agencies["police"], agencies["health"]], with_tool=tool)
    heard, shared, plan = asked(audit)
    for who, key, said in ((officer, "police", "yes"), (nurse, "health", "")):
        part = make.part(audit, agencies[key])
        given = {heard.key: rules.Answer("Good", "Seen"), shared.key: rules.Answer("na")}
        services.save_part(
            part=part, answers={**given, plan.key: rules.Answer(said)}, submit=True, by=who, today=TODAY,
            expected_version=part.version,
        )  # fmt: skip
        make.accept(part, by)
    audit.refresh_from_db()
    services.begin_moderation(audit=audit, by=by, today=TODAY, expected_version=audit.version)
    [record] = queries.chosen_of(audit, by)
    text = text_of(manager.get(to("audited_record", record)))
    assert "The agencies judged alike wherever more than one judged" in text
    assert (
        "Was there a plan? Nothing to compare Yes Testbury Police Not answered Testbury Health Board" in text
    )


def test_the_comparison_costs_the_same_however_many_agencies(manager, by, agencies, count_queries):
    made = []
    tool = make.tool(by)
    for keys in (["police", "health"], ["police", "health", "school", "charity", "council"]):
        audit = make.begun(by, [agencies[key] for key in keys], with_tool=tool)
        AgencyPart.objects.filter(record__audit=audit).update(
            status="accepted", judgements={asked(audit)[0].key: "Good"}
        )
        audit.refresh_from_db()
        services.begin_moderation(audit=audit, by=by, today=TODAY, expected_version=audit.version)
        [record] = queries.chosen_of(audit, by)
        manager.get(to("audited_record", record))
        with count_queries() as sent:
            manager.get(to("audited_record", record))
        made.append(len(sent))
    assert made[0] == made[1] <= 15, made


def test_what_a_colleague_wrote_meanwhile_is_taken_over_where_the_second_wrote_nothing(
    police, officer, agencies, begun
):
    part, (heard, shared) = make.part(begun, agencies["police"]), asked(begun)
    address = to("audit_part_answer", part)
    opened = hidden(police.get(address))
    first = {heard.key: rules.Answer("Good", "From Ann"), shared.key: rules.Answer("yes")}
    services.save_part(part=part, answers=first, by=officer, today=TODAY, expected_version=part.version)
    typed = {"do": "draft", f"judgement_{heard.key}": "Poor"}
    answer = police.post(address, {**opened, **typed})
    assert "is in the form now" in text_of(answer)
    page = answer.content.decode()
    assert "From Ann</textarea>" in page
    again = {**hidden(answer), **typed, f"words_{heard.key}": "From Ann", f"judgement_{shared.key}": "yes"}
    assert police.post(address, again).status_code == 302
    part.refresh_from_db()
    assert part.answers == {heard.key: rules.Answer("Poor", "From Ann"), shared.key: rules.Answer("yes")}


def test_two_who_write_what_the_panel_agreed_see_each_others_words(manager, by, compared):
    [record], (heard, shared) = queries.chosen_of(compared, by), asked(compared)
    address = to("audited_record_agree", record)
    opened = hidden(manager.get(address))
    agreed = {heard.key: rules.Answer("Fair", "Asked once only"), shared.key: rules.Answer("partly")}
    services.agree(record=record, agreed=agreed, by=by, expected_version=record.version)
    given = {f"judgement_{heard.key}": "Poor", f"words_{heard.key}": "Never asked"}
    answer = manager.post(address, {**opened, **given})
    text = text_of(answer)
    assert "Never asked" in text
    assert "Asked once only" in text
    assert 'value="partly" checked' in answer.content.decode()
    assert queries.agreed_of(record) == agreed


def test_a_part_that_was_submitted_is_read_and_not_written(police, officer, agencies, begun):
    part = make.submit(make.part(begun, agencies["police"]), officer, TODAY)
    address = to("audit_part_answer", part)
    assert police.get(address)["Location"] == to("audit_part", part)
    typed = {"do": "draft", "version": part.version, f"words_{asked(begun)[0].key}": "Too late, but kept"}
    text = text_of(police.post(address, typed))
    assert "This part is submitted. Whoever runs the audit can ask for changes" in text
    assert "Too late, but kept" in text


def test_who_asks_sees_which_agency_has_nobody_to_answer(manager, police, by):
    text = text_of(manager.get(to("audit_begin", make.chosen(by))))
    assert "Testbury Police T" in text
    assert "Hillside School (nobody there can answer in Shield yet)" in text


def test_results_have_pictures_of_all_questions_and_of_one(manager, compared):
    text = text_of(manager.get(to("audit_results")))
    assert "Over the audits: all questions" in text
    assert "Judged in between" in text
    assert "Share judged well, by who judged: all questions" in text
    assert "Testbury Police (2 judged)" in text
    assert "100%" not in text
    assert "Testbury Health Board (2 judged)" in text
    one = text_of(manager.get(f"{to('audit_results')}?question={asked(compared)[0].key}"))
    assert "Over the audits: Was the child heard?" in one
    assert "Judged in between" not in one


def test_results_before_any_comparison_say_what_will_stand_there(manager, cast):
    assert "No audit has been compared by its panel yet" in text_of(manager.get(to("audit_results")))
