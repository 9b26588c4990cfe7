"""Mending what is on record: corrected with the old wording kept, taken back with a reason, counted no more."""

from datetime import date

import pytest

from shield.improvement import queries, services
from shield.improvement.models import Decision, Evidence, Finding, Recommendation
from shield.improvement.tests import factories as make
from shield.improvement.tests.pages import send, text_of, to
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY

LATER = date(2019, 6, 1)


def correct(record, by, **more):
    return services.correct(record=record, by=by, expected_version=record.version, **more)


def take_back(record, by, reason="Recorded twice"):
    return services.take_back(
        record=record, reason=reason, by=by, today=TODAY, expected_version=record.version
    )


def told(record):
    return history.of_record(record.partnership_id, record.pk)[0].sentence


def decide(by, outcome, *about, day=make.DECIDED, **more):
    return services.record_decision(
        text=f"It is {outcome}", outcome=outcome, recommendations=about, decided_on=day, by=by, **more
    )


def status(row):
    return Recommendation.objects.get(pk=row.pk).status


# --- Correcting


def test_a_correction_keeps_the_old_wording_in_the_history_and_raises_the_version(by):
    row = make.finding(by, text="Trends are hard to spott")
    mended = correct(row, by, changes={"text": "Trends are hard to spot", "sort": "working_well"})
    assert mended.version == row.version + 1
    assert "“Trends are hard to spott” → “Trends are hard to spot”" in told(row)
    assert "kind: “To develop” → “Working well”" in told(row)


def test_a_correction_over_somebody_elses_is_caught_and_one_of_nothing_refused(by):
    row = make.finding(by)
    correct(row, by, changes={"text": "First"})
    with pytest.raises(Stale):
        correct(row, by, changes={"text": "Second"})
    with pytest.raises(Refused, match="Nothing was changed"):
        correct(Finding.objects.get(pk=row.pk), by, changes={"text": "First"})


def test_evidence_is_turned_to_what_it_is_about(by):
    of = make.priority(by)
    measure = services.add_measure(title="Fewer are missing", priority=of, by=by)
    row = make.evidence(by, of)
    correct(row, by, changes={}, about=measure.ref)
    assert Evidence.objects.get(pk=row.pk).about_id == measure.pk
    assert "“Priority 1: Children missing from home” → “Fewer are missing”" in told(row)


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2090, 1, 1)])
def test_a_correction_to_an_impossible_day_is_refused(by, day):
    with pytest.raises(Refused):
        correct(make.finding(by), by, changes={"found_on": day})


def test_who_recorded_evidence_corrects_it_and_so_does_its_agency_but_no_other(by, actor, agencies):
    action = make.action(by, agency=agencies["police"])
    police = actor("agency_lead", agency=agencies["police"])
    partner = actor("safeguarding_partner", agency=agencies["health"])
    row = make.evidence(police, action)
    correct(row, police, changes={"text": "Fewer were missing"})
    with pytest.raises(Forbidden, match="Whoever recorded this"):
        correct(Evidence.objects.get(pk=row.pk), partner, changes={"text": "Mine"})
    own = make.evidence(partner, action, text="Seen by health")
    correct(own, partner, changes={"text": "Seen by the hospital"})


# --- Taking back


def test_what_is_taken_back_leaves_lists_counts_and_breaks_and_keeps_its_page(manager, by):
    of = make.priority(by)
    theme = services.add_theme(title="Listening", priority=of, by=by)
    finding = make.finding(by, priority=of, themes=[theme])
    action = make.action(by, status="done", done_on=TODAY, priority=of)
    evidence = make.evidence(by, action)
    note = services.note_progress(about=action.ref, text="Under way", noted_on=TODAY, by=by)
    for row in (theme, finding, evidence, note):
        take_back(row, by)
        page = text_of(manager.get(to(row.url_name, row)))
        assert "counts no more" in page
        assert "Recorded twice" in page
        assert "Correct it" not in page
        assert manager.get(to(f"history_of_{row._meta.model_name}", row)).status_code == 200
        assert "took back" in told(row)
    assert not queries.findings(by).exists()
    assert not queries.themes(by).exists()
    assert queries.facts_of(of, by, TODAY).to_develop == 0
    assert queries.progress([action.pk], by) == []
    assert [b.sort.value for b in queries.breaks(by, TODAY) if b.ref.id == action.pk] == ["no_evidence"]
    assert not queries.follow(finding, by).at("Themes")


def test_nothing_is_taken_back_without_a_reason_or_twice(by):
    row = make.finding(by)
    with pytest.raises(Refused, match="Say in a sentence why"):
        take_back(row, by, reason=" ")
    take_back(row, by)
    again = Finding.objects.get(pk=row.pk)
    for act in (lambda: take_back(again, by), lambda: correct(again, by, changes={"text": "Other"})):
        with pytest.raises(Refused, match="was taken back: Recorded twice"):
            act()


def test_evidence_on_which_a_review_rests_goes_only_after_the_review_is_corrected(by):
    of = make.priority(by)
    evidence = make.evidence(by, of)
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "Yes"}
    held = {"review": make.review(by, of), "held_on": TODAY, "answers": answers, "by": by, "today": TODAY}
    services.hold_review(**held, verdict="yes", evidence=[evidence])
    with pytest.raises(Refused, match=r"says “Yes, with evidence” and rests on this"):
        take_back(evidence, by)
    with pytest.raises(Refused, match="Correct the review first"):
        correct(evidence, by, changes={"answers": "how_much"})
    services.hold_review(**held, verdict="not_known", evidence=[])
    take_back(evidence, by)


def test_a_measure_to_which_evidence_speaks_is_not_taken_back(by):
    row = services.add_measure(title="Fewer are missing", priority=make.priority(by), by=by)
    evidence = make.evidence(by, row)
    with pytest.raises(Refused, match="1 piece of evidence is about this measure"):
        take_back(row, by)
    take_back(evidence, by)
    take_back(row, by)
    assert [b for b in queries.breaks(by, TODAY) if b.ref.id == row.pk] == []


def test_a_draft_recommendation_is_dropped_and_one_that_was_decided_is_not(by):
    draft, decided = make.recommendation(by), make.recommendation(by, title="Other", accepted=True)
    with pytest.raises(Refused, match="Only a draft"):
        take_back(decided, by)
    take_back(draft, by)
    assert draft not in queries.recommendations(by)


# --- Decisions


def test_a_body_reverses_what_it_decided_by_a_later_decision(by):
    row = make.recommendation(by, accepted=True)
    decide(by, "declined", row, day=LATER)
    assert status(row) == "declined"
    decide(by, "agreed", row, day=TODAY)
    assert status(row) == "accepted"


def test_an_earlier_decision_recorded_late_moves_nothing(by):
    row = make.recommendation(by)
    decide(by, "agreed", row, day=LATER)
    decide(by, "declined", row, day=make.DECIDED)
    assert status(row) == "accepted"


def test_a_corrected_outcome_moves_the_recommendations_it_moved(by):
    row = make.recommendation(by)
    made = decide(by, "agreed", row)
    services.correct_decision(decision=made, changes={"outcome": "declined"}, why="The minutes say so", by=by)
    assert status(row) == "declined"
    assert "Because: The minutes say so" in told(made)
    assert "outcome: “Agreed” → “Declined”" in told(made)


def test_a_recommendation_put_on_the_wrong_decision_goes_back_to_where_it_was(by):
    wrong, right = make.recommendation(by), make.recommendation(by, title="The right one")
    services.move_recommendation(recommendation=wrong, status="presented", by=by, today=TODAY)
    made = decide(by, "agreed", wrong)
    services.correct_decision(
        decision=made, changes={"recommendations": [right]}, why="Two were mixed up", by=by
    )
    assert (status(wrong), status(right)) == ("presented", "accepted")


def test_a_correction_of_the_wording_moves_nothing(by):
    row = make.recommendation(by, accepted=True)
    made = Decision.objects.get()
    services.move_recommendation(recommendation=row, status="closed", by=by, today=TODAY)
    services.correct_decision(
        decision=made, changes={"text": "Accept it, please"}, why="Typed wrongly", by=by
    )
    assert status(row) == "closed"
    with pytest.raises(Refused, match="was closed since"):
        services.correct_decision(
            decision=made, changes={"outcome": "declined"}, why="It was declined", by=by
        )
    with pytest.raises(Refused, match="Say in a sentence why it is corrected"):
        services.correct_decision(decision=made, changes={"text": "Accepted"}, why="", by=by)


def test_a_decision_taken_back_gives_the_word_to_the_one_before_it(by):
    row = make.recommendation(by)
    decide(by, "declined", row)
    made = decide(by, "agreed", row, day=LATER, needs_action=True)
    assert "not_acted_upon" in [b.sort.value for b in queries.breaks(by, TODAY)]
    services.withdraw_decision(decision=made, reason="Never taken", by=by, today=TODAY)
    assert status(row) == "declined"
    assert queries.breaks(by, TODAY) == []
    assert made not in Decision.objects.visible_to(by)


def test_a_decision_redated_before_another_gives_way_to_it(by):
    row = make.recommendation(by)
    decide(by, "declined", row, day=LATER)
    made = decide(by, "agreed", row, day=TODAY)
    services.redate_decision(decision=made, decided_on=make.DECIDED, precision="day", by=by)
    assert status(row) == "declined"


# --- Pages


def test_a_finding_is_corrected_and_taken_back_on_its_pages(manager, by):
    row = make.finding(by)
    page = manager.get(to("finding", row)).content.decode()
    assert to("finding_correct", row) in page
    assert to("finding_withdraw", row) in page
    given = {"text": "Trends cannot be seen", "sort": "to_develop", "evidence_from": "data"}
    send(manager, to("finding_correct", row), **given)
    assert "Trends cannot be seen" in text_of(manager.get(to("finding", row)))
    refused = send(manager, to("finding_withdraw", row), reason="")
    assert "Enter why it is taken back" in refused.content.decode()
    send(manager, to("finding_withdraw", row), reason="Found nowhere")
    assert "Found nowhere" in text_of(manager.get(to("finding", row)))
    answer = manager.get(to("finding_correct", row))
    assert answer.status_code == 403
    assert "taken back already" in answer.content.decode()


def test_a_decision_is_corrected_and_taken_back_on_its_pages(manager, by):
    row = make.recommendation(by, accepted=True)
    made = Decision.objects.get()
    given = {
        "text": "Accept it",
        "outcome": "declined",
        "why": "The minutes",
        "recommendations": [str(row.pk)],
    }
    send(manager, to("decision_correct", made), **given)
    assert status(row) == "declined"
    send(manager, to("decision_withdraw", made), reason="Never taken")
    assert status(row) == "draft"
    assert "Never taken" in text_of(manager.get(to("decision", made)))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("theme", {"title": "Being heard"}),
        ("successmeasure", {"title": "Being heard", "points": "One\nTwo"}),
        ("evidence", {"text": "Being heard", "sort": "data", "answers": "how_well", "precision": "day"}),
        ("progressnote", {"text": "Being heard"}),
    ],
)
def test_the_other_records_are_corrected_on_a_page_too(manager, by, kind, given):
    of = make.priority(by)
    row = {
        "theme": lambda: services.add_theme(title="Listening", priority=of, by=by),
        "successmeasure": lambda: services.add_measure(title="Fewer", priority=of, by=by),
        "evidence": lambda: make.evidence(by, of),
        "progressnote": lambda: services.note_progress(about=of.ref, text="So far", noted_on=TODAY, by=by),
    }[kind]()
    days = {f"{name}_{part}": value for name in ("found_on", "noted_on")
            for part, value in (("day", 4), ("month", 10), ("year", 2019))}  # fmt: skip
    answer = send(manager, to(f"{kind}_correct", row), about=of.ref.as_text(), **days, **given)
    assert answer.status_code == 302, answer.content.decode()
    assert "Being heard" in text_of(manager.get(to(row.url_name, row)))


def test_a_draft_is_taken_back_on_its_page(manager, by):
    row = make.recommendation(by)
    assert to("recommendation_withdraw", row) in manager.get(to("recommendation", row)).content.decode()
    send(manager, to("recommendation_withdraw", row), reason="Drafted by mistake")
    assert "Drafted by mistake" in text_of(manager.get(to("recommendation", row)))
