"""How the chain holds together: from a decision to its action, from evidence to a measure, to who answers for it."""

from datetime import date

import pytest

from shield.improvement import contribution, queries, services
from shield.improvement.models import Action
from shield.improvement.services import Owner
from shield.improvement.tests import factories as make
from shield.improvement.tests.pages import about, hidden, send, text_of, to
from shield.kernel.history import queries as history
from shield.kernel.records.rules import RecordRef, Refused
from tests.cast import TODAY, make_person


def decide(by, *recommendations, **more):
    return services.record_decision(
        text="Do it", outcome="agreed", needs_action=True, recommendations=recommendations, by=by, **more
    )


@pytest.fixture
def elsewhere(actor, otherton):
    return actor("business_manager", partnership=otherton)


# --- An action out of a decision


def test_an_action_out_of_a_decision_takes_over_its_recommendation_and_priority(manager, by):
    row = make.recommendation(by, findings=[make.finding(by)], number=1)
    made = decide(by, row)
    send(manager, about("action_add", made), text="Hold the reviews", precision="day")
    action = Action.objects.get()
    assert (action.recommendation, action.priority) == (row, row.priority)
    evidence = make.evidence(by, action)
    path = queries.follow(evidence, by)
    assert [each.pk for each in path.at("Recommendations")] == [row.pk]
    assert len(path.at("Findings")) == 1
    assert "No action" not in text_of(manager.get(to("recommendation", row)))
    offered = queries.evidence_for_review(make.review(by, row.priority), by)
    assert [each.evidence for each in offered] == [evidence]


def test_an_action_out_of_a_decision_about_several_asks_which_and_belongs_to_all_otherwise(manager, by):
    of = make.priority(by)
    one, two = make.recommendation(by, of=of), make.recommendation(by, of=of, title="Two")
    made = decide(by, one, two)
    assert "Which recommendation does it carry out?" in text_of(manager.get(about("action_add", made)))
    send(
        manager,
        about("action_add", made),
        text="Only the second",
        precision="day",
        recommendation=str(two.pk),
    )
    assert Action.objects.get().recommendation == two
    send(manager, about("action_add", made), text="For both", precision="day")
    both = Action.objects.get(text="For both")
    assert (both.recommendation, both.priority) == (None, of)
    sorts = {(b.ref.id, b.sort.value) for b in queries.breaks(by, TODAY)}
    assert (one.pk, "no_action") not in sorts
    tally = {row.pk: row.actions_made for row in queries.recommendations(by)}
    assert tally == {one.pk: 1, two.pk: 2}
    assert "For both" in text_of(manager.get(to("recommendation", one)))
    evidence = make.evidence(by, both)
    found = queries.follow(evidence, by).at("Recommendations")
    assert {row.pk for row in found} == {one.pk, two.pk}


def test_an_action_from_before_reaches_its_priority_through_the_decision(by):
    row = make.recommendation(by, accepted=True)
    action = make.action(by, decision=decide(by, row))
    Action.objects.filter(pk=action.pk).update(recommendation=None, priority=None)
    evidence = make.evidence(by, action)
    facts = queries.facts_of(row.priority, by, TODAY)
    assert facts.actions_made == 1
    assert queries.priorities(by, TODAY).get().actions_made == 1
    assert [w.evidence for w in queries.evidence_for_review(make.review(by, row.priority), by)] == [evidence]
    owner = next(b for b in queries.breaks(by, TODAY) if b.sort.value == "action_no_owner")
    assert owner.place == "Priority 1"


# --- What a verdict rests on


def review_of(by, of, verdict, *evidence):
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "They say so"}
    return services.hold_review(
        review=make.review(by, of), held_on=TODAY, answers=answers, verdict=verdict, evidence=evidence, by=by, today=TODAY
    )  # fmt: skip


def test_yes_needs_evidence_about_a_success_measure_where_there_is_one(by):
    of = make.priority(by)
    services.add_measure(title="Fewer are missing", priority=of, by=by)
    general = make.evidence(by, of)
    with pytest.raises(Refused, match="about a success measure of this priority"):
        review_of(by, of, "yes", general)


def test_in_part_may_rest_on_other_evidence_and_yes_on_a_measure(by):
    of = make.priority(by)
    measure = services.add_measure(title="Fewer are missing", priority=of, by=by)
    assert review_of(by, of, "partly", make.evidence(by, of)).verdict == "partly"
    other = make.priority(by, title="Two", number=2)
    own = services.add_measure(title="More are heard", priority=other, by=by)
    assert review_of(by, other, "yes", make.evidence(by, own)).verdict == "yes"
    assert measure.pk != own.pk


def test_a_review_rests_on_evidence_about_its_own_priority_only(by):
    of, other = make.priority(by), make.priority(by, title="Two", number=2)
    with pytest.raises(Refused, match="about its own priority"):
        review_of(by, of, "partly", make.evidence(by, other))


def test_evidence_about_a_priority_may_be_about_one_of_its_measures(manager, by):
    of = make.priority(by)
    services.add_measure(title="Elsewhere", priority=make.priority(by, title="Two", number=2), by=by)
    measure = services.add_measure(title="Fewer are missing", priority=of, by=by)
    page = manager.get(about("evidence_add", of)).content.decode()
    choices = page.split('name="about"', 1)[1].split("</select>", 1)[0]
    assert choices.index("Success measure: Fewer") < choices.index("Priority: Priority 1")
    assert "Elsewhere" not in choices
    assert f'value="{of.ref.as_text()}" selected' in choices
    assert measure.ref.as_text() in choices


def test_a_review_to_come_is_not_told_as_missed(by):
    of = make.priority(by)
    make.review(by, of)
    words = repr(contribution.reviews_of(of, by, TODAY))
    assert "6-month review of impact was due on 28 July 2019 and is not recorded" in words
    assert "12-month review of impact is due on 28 January 2020." in words


# --- Days that cannot be


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2090, 1, 1)])
def test_no_act_takes_a_day_in_the_future_or_of_another_century(by, day):
    of = make.priority(by)
    action = make.action(by)
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "No"}
    review = make.review(by, of)
    acts = {
        "note": lambda: services.note_progress(about=of.ref, text="So far", noted_on=day, by=by),
        "evidence": lambda: make.evidence(by, of, found_on=day),
        "finding": lambda: make.finding(by, found_on=day),
        "decision": lambda: services.record_decision(text="No", outcome="noted", decided_on=day, by=by),
        "plan": lambda: services.plan_reviews(priority=of, decided_on=day, by=by),
        "done": lambda: services.update_action(
            action=action, status="done", note="", done_on=day, by=by, today=TODAY
        ),
        "review": lambda: services.hold_review(
            review=review, held_on=day, answers=answers, verdict="no", evidence=[], by=by, today=TODAY
        ),
    }
    for act in acts.values():
        with pytest.raises(Refused):
            act()


def test_a_review_is_not_held_before_the_decision_it_looks_back_on(by):
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "No"}
    with pytest.raises(Refused, match="before the decision"):
        services.hold_review(
            review=make.review(by, make.priority(by)), held_on=date(2019, 1, 1), answers=answers, verdict="no",
            evidence=[], by=by, today=TODAY,
        )  # fmt: skip


# --- Who answers


def test_an_open_action_without_an_owner_is_a_break(by, agencies):
    row = make.action(by)
    make.action(by, text="Stopped", status="stopped")
    assert [(b.sort.value, b.ref.id) for b in queries.breaks(by, TODAY)] == [("action_no_owner", row.pk)]
    services.give_owner(record=row, owner=Owner(agency=agencies["police"]), by=by)
    assert queries.breaks(by, TODAY) == []


def test_one_owner_is_named_for_several_actions_with_an_event_for_each_and_once(manager, by, agencies):
    rows = [make.action(by, text=text) for text in ("One", "Two", "Three")]
    page = manager.get(to("actions_owners"))
    sent = {
        **hidden(page), "actions": [str(row.pk) for row in rows[:2]], "owner_agency": str(agencies["police"].pk),
    }  # fmt: skip
    for _ in range(2):
        assert manager.post(to("actions_owners"), sent).status_code == 302
    owners = {row.text: row.owner_agency for row in Action.objects.all()}
    assert owners == {"One": agencies["police"], "Two": agencies["police"], "Three": None}
    for row in rows[:2]:
        told = [
            e.sentence for e in history.of_record(row.partnership_id, row.pk) if "the owner of" in e.sentence
        ]
        assert len(told) == 1


def test_an_action_that_got_an_owner_meanwhile_keeps_it(by, agencies):
    row, other = make.action(by), make.action(by, text="Other")
    services.give_owner(record=row, owner=Owner(agency=agencies["health"]), by=by)
    with pytest.raises(Refused, match="has an owner by now: Testbury Health Board"):
        services.name_owners(actions=[other, row], owner=Owner(agency=agencies["police"]), by=by)


def test_a_person_answers_for_the_agency_they_work_for_and_for_no_other(manager, by, cast, agencies):
    owen = make_person(
        "agency_lead", partnership=cast.testbury, agency=agencies["police"], name="Owen Officer"
    )
    row = make.action(by)
    given = {"owner_person": str(owen.pk), "owner_agency": str(agencies["health"].pk)}
    answer = send(manager, to("action_owner", row), **given)
    assert "Owen Officer does not work for Testbury Health Board" in text_of(answer)
    send(manager, to("action_owner", row), **{**given, "owner_agency": str(agencies["police"].pk)})
    assert Action.objects.get().owner_person == owen


def test_the_form_says_that_one_of_the_five_is_needed(manager, by):
    page = text_of(manager.get(to("action_owner", make.action(by))))
    assert "at least one of these five" in page
    assert "(optional)" not in page


# --- What an agency sees counted


def test_an_agency_lead_is_told_what_is_counted(police, by, agencies):
    of = make.priority(by)
    make.finding(by, priority=of)
    make.action(by, text="Ours", agency=agencies["police"], priority=of)
    make.action(by, text="Theirs", agency=agencies["health"], priority=of)
    page = text_of(police.get(to("priority", of)))
    assert "0 of 1" in page
    assert "of your agency's actions done" in page
    assert "findings: working well" not in page


# --- Links to other partnerships


def test_no_service_ties_a_record_to_one_of_another_partnership(by, elsewhere, otherton):
    theirs = make.priority(elsewhere)
    theme = services.add_theme(title="Theirs", by=elsewhere)
    recommendation = make.recommendation(elsewhere, of=theirs)
    evidence = make.evidence(elsewhere, theirs)
    review = make.review(by, make.priority(by))
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "Yes"}
    for act in (
        lambda: make.finding(by, themes=[theme]),
        lambda: make.recommendation(by, themes=[theme]),
        lambda: decide(by, recommendation),
        lambda: decide(by, priorities=[theirs]),
        lambda: make.finding(by, origin=RecordRef(theirs.kind, theirs.pk)),
        lambda: services.hold_review(
            review=review,
            held_on=TODAY,
            answers=answers,
            verdict="yes",
            evidence=[evidence],
            by=by,
            today=TODAY,
        ),
    ):
        with pytest.raises(Refused):
            act()
