"""The acts along the chain: who may, what is refused, what follows."""

from datetime import date

import pytest

from shield.improvement import queries, services
from shield.improvement.models import Action, Decision, Evidence, ImpactReview, ProgressNote
from shield.improvement.services import Owner, Upload
from shield.improvement.tests import factories as make
from shield.kernel.access.rules import Forbidden
from shield.kernel.files.models import StoredFile
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY


@pytest.fixture
def police_lead(actor, agencies):
    return actor("agency_lead", agency=agencies["police"])


def sorts(by, of=None):
    return [b.sort.value for b in queries.breaks(by, TODAY) if of is None or b.ref.id == of.pk]


# --- Breaks appear and are mended


def test_an_accepted_recommendation_without_owner_and_action_is_two_breaks_until_it_has_both(by, agencies):
    row = make.recommendation(by, accepted=True)
    assert sorts(by, row) == ["no_owner", "no_action"]
    services.give_owner(record=row, owner=Owner(agency=agencies["police"]), by=by)
    assert sorts(by, row) == ["no_action"]
    make.action(by, recommendation=row)
    assert sorts(by, row) == []


def test_an_owner_of_a_part_or_of_an_action_is_owner_enough(by, agencies):
    row = make.recommendation(by, accepted=True)
    services.add_part(recommendation=row, text="Ask the child", owner=Owner(outside="A charity"), by=by)
    assert "no_owner" not in sorts(by, row)
    other = make.recommendation(by, of=row.priority, title="Another", accepted=True)
    make.action(by, recommendation=other, agency=agencies["health"])
    assert sorts(by, other) == []


def test_a_draft_is_a_break_until_somebody_decides(by):
    row = make.recommendation(by)
    assert sorts(by, row) == ["not_decided"]
    services.record_decision(text="Later", outcome="deferred", by=by, recommendations=[row])
    assert sorts(by, row) == []


def test_a_late_action_is_a_break_since_the_last_day_of_its_month(by, agencies):
    row = make.action(by, due_on=date(2019, 10, 1), precision="month", agency=agencies["police"])
    found = [b for b in queries.breaks(by, TODAY) if b.ref.id == row.pk]
    assert [(b.sort.value, b.since, b.mended_by) for b in found] == [
        ("overdue", date(2019, 10, 31), "Testbury Police")
    ]
    assert found[0].is_late


def test_a_done_action_without_evidence_is_a_break_until_evidence_is_added(by):
    row = make.action(by)
    services.update_action(action=row, status="done", note="", done_on=TODAY, by=by, today=TODAY)
    assert sorts(by, row) == ["no_evidence"]
    make.evidence(by, row, answers="how_much")
    assert sorts(by, row) == []


def test_a_decision_that_calls_for_an_action_is_a_break_until_one_comes_of_it(by):
    decided = services.record_decision(text="Write a template", outcome="agreed", needs_action=True, by=by)
    assert sorts(by, decided) == ["not_acted_upon"]
    make.action(by, decision=decided)
    assert sorts(by, decided) == []


def test_an_unheeded_decision_is_shown_under_the_priority_it_is_about(by):
    of = make.priority(by)
    services.record_decision(
        text="Write a template", outcome="agreed", needs_action=True, by=by, priorities=[of]
    )
    assert [b.place for b in queries.breaks(by, TODAY)] == ["Priority 1"]


def test_an_unheeded_decision_about_several_priorities_is_shown_under_each(by):
    of = [make.priority(by), make.priority(by, number=2, title="Strong safeguarding plans")]
    services.record_decision(
        text="Write a template", outcome="agreed", needs_action=True, by=by, priorities=of
    )
    [found] = queries.breaks(by, TODAY)
    assert (found.place, [place.key for place in found.places]) == (
        "Priority 1, Priority 2",
        [str(row.pk) for row in of],
    )


def test_a_decision_names_the_recommendation_that_it_cannot_move(by):
    row = make.recommendation(by, title="Review the interviews", accepted=True)
    services.move_recommendation(recommendation=row, status="closed", by=by, today=TODAY)
    with pytest.raises(Refused, match=r"Review the interviews.* is closed and cannot become"):
        services.record_decision(text="No after all", outcome="declined", recommendations=[row], by=by)
    assert Decision.objects.count() == 1


def test_a_measure_is_a_break_until_evidence_says_that_anyone_is_better_off(by):
    measure = services.add_measure(title="Fewer children are missing", priority=make.priority(by), by=by)
    make.evidence(by, measure, answers="how_well")
    assert sorts(by, measure) == ["no_impact"]
    make.evidence(by, measure, answers="better_off")
    assert sorts(by, measure) == []


def test_a_review_that_was_not_held_in_time_is_a_break_until_it_is(by):
    row = make.review(by, make.priority(by))
    assert sorts(by, row) == ["review_overdue"]
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "Nobody can say"}
    services.hold_review(
        review=row, held_on=TODAY, answers=answers, verdict="not_known", evidence=[], by=by, today=TODAY
    )
    assert sorts(by, row) == []


def test_the_oldest_break_comes_first_and_those_without_a_date_last(by, agencies):
    whose = {"by": by, "agency": agencies["police"]}
    make.action(text="Newer", due_on=date(2019, 10, 20), **whose)
    services.add_measure(title="Measure", by=by)
    make.action(text="Older", due_on=date(2019, 3, 1), **whose)
    assert [b.text for b in queries.breaks(by, TODAY)] == ["Older", "Newer", "Measure"]


def test_breaks_elsewhere_are_not_ours(by, actor, otherton):
    make.recommendation(actor("business_manager", partnership=otherton), accepted=True)
    assert queries.breaks(by, TODAY) == []


# --- Acting


def test_a_part_brings_its_recommendation_and_priority_to_the_action(by):
    row = make.recommendation(by, accepted=True)
    part = services.add_part(recommendation=row, text="Ask the child", by=by)
    made = make.action(by, part=part)
    assert (made.recommendation, made.priority) == (row, row.priority)


def test_an_owner_reports_on_their_own_action(by, police_lead, agencies):
    row = make.action(by, agency=agencies["police"])
    services.update_action(action=row, status="in_progress", note="Begun", by=police_lead, today=TODAY)
    assert Action.objects.get().status == "in_progress"
    assert ProgressNote.objects.get().text == "Begun"
    assert next(e.sentence for e in history.of_record(by.partnership_id, row.pk)).endswith("as In progress")


def test_nobody_reports_on_the_action_of_another_agency(by, actor, agencies):
    row = make.action(by, agency=agencies["police"])
    partner = actor("safeguarding_partner", agency=agencies["health"])
    with pytest.raises(Forbidden, match="It is owned by Testbury Police"):
        services.update_action(action=row, status="done", note="", done_on=TODAY, by=partner, today=TODAY)
    assert Action.objects.get().status == "planned"


def test_an_action_of_an_office_or_of_a_person_is_their_own_too(by, agencies, actor):
    from shield.kernel.accounts import services as accounts
    from shield.kernel.accounts.models import Person

    office = accounts.add_office(title="Borough commander", agency=agencies["police"], by=by)
    lead = actor("agency_lead", agency=agencies["police"])
    charity = actor("agency_lead", agency=agencies["charity"])
    of_office = services.add_action(text="By the office", owner=Owner(office=office), by=by)
    person = Person.objects.get(pk=charity.person_id)
    of_person = services.add_action(text="By the person", owner=Owner(person=person), by=by)
    assert list(queries.my_actions(lead)) == [of_office]
    assert list(queries.my_actions(charity)) == [of_person]
    assert of_office.is_owned_by(lead)
    assert not of_office.is_owned_by(charity)
    assert of_person.is_owned_by(charity)
    assert not of_person.is_owned_by(lead)


def test_an_update_that_says_nothing_is_refused(by):
    row = make.action(by)
    with pytest.raises(Refused, match="Say what has happened"):
        services.update_action(action=row, status="planned", note=" ", by=by, today=TODAY)


def test_an_action_opened_again_forgets_when_it_was_done(by):
    row = make.action(by)
    services.update_action(action=row, status="done", note="", done_on=TODAY, by=by, today=TODAY)
    services.update_action(action=row, status="in_progress", note="Not quite", by=by, today=TODAY)
    assert Action.objects.get().done_on is None


def test_a_change_over_a_newer_change_is_stale(by):
    row = make.action(by)
    services.change_action(
        action=row, changes={"text": "New"}, owner=services.NOBODY, by=by, expected_version=1
    )
    with pytest.raises(Stale):
        services.change_action(
            action=row, changes={"text": "Newer"}, owner=services.NOBODY, by=by, expected_version=1
        )
    assert Action.objects.get().text == "New"


def test_naming_nobody_is_not_naming_an_owner(by):
    with pytest.raises(Refused, match="Choose who answers"):
        services.give_owner(record=make.action(by), owner=services.NOBODY, by=by)


def test_an_agency_lead_gives_no_actions(police_lead):
    with pytest.raises(Forbidden):
        make.action(police_lead)


# --- Recommendations


def test_presenting_notes_the_day_and_taking_back_keeps_it_a_draft(by):
    row = make.recommendation(by)
    shown = services.move_recommendation(recommendation=row, status="presented", by=by, today=TODAY)
    assert (shown.status, shown.presented_on) == ("presented", TODAY)
    back = services.move_recommendation(recommendation=row, status="draft", by=by, today=TODAY)
    assert back.status == "draft"


def test_a_recommendation_with_an_open_action_is_not_closed(by):
    row = make.recommendation(by, accepted=True)
    work = make.action(by, recommendation=row)
    with pytest.raises(Refused, match="1 action is still open"):
        services.move_recommendation(recommendation=row, status="closed", by=by, today=TODAY)
    services.update_action(action=work, status="stopped", note="Not needed", by=by, today=TODAY)
    assert (
        services.move_recommendation(recommendation=row, status="closed", by=by, today=TODAY).status
        == "closed"
    )


def test_refining_a_recommendation_can_name_other_findings(by):
    of = make.priority(by)
    old, new = make.finding(by, priority=of), make.finding(by, text="Another", priority=of)
    row = make.recommendation(by, of=of, findings=[old])
    services.change_recommendation(
        recommendation=row, changes={"title": "Sharper"}, findings=[new], by=by, expected_version=row.version
    )
    row.refresh_from_db()
    assert row.title == "Sharper"
    assert list(row.findings.all()) == [new]
    services.change_recommendation(
        recommendation=row, changes={"title": "Sharpest"}, by=by, expected_version=row.version
    )
    assert list(row.findings.all()) == [new]


@pytest.mark.parametrize(
    ("outcome", "status"), [("agreed", "accepted"), ("declined", "declined"), ("noted", "draft")]
)
def test_a_decision_moves_what_it_is_about(by, outcome, status):
    row = make.recommendation(by)
    services.record_decision(text="So decided", outcome=outcome, by=by, recommendations=[row])
    row.refresh_from_db()
    assert row.status == status


# --- Evidence and reviews


def test_evidence_is_not_from_the_future(by):
    with pytest.raises(Refused, match="in the future"):
        make.evidence(by, make.action(by), found_on=date(2019, 11, 5))


def test_evidence_may_bring_a_file_which_is_tied_to_it(by):
    upload = Upload("../../plan <b>.exe", b"An action plan.")
    row = make.evidence(by, make.action(by), upload=upload)
    stored = StoredFile.objects.get()
    assert row.file_id == stored.pk
    assert stored.about_id == row.pk
    assert stored.name == "plan-b.txt"


def test_a_refused_file_leaves_no_evidence_behind(by):
    with pytest.raises(Refused, match="cannot be attached"):
        make.evidence(by, make.action(by), upload=Upload("x.exe", b"MZ\x00\x01"))
    assert not Evidence.objects.exists()


def test_an_agency_adds_evidence_to_its_own_action_and_to_no_other(by, police_lead, agencies):
    own, other = make.action(by, agency=agencies["police"]), make.action(by, agency=agencies["health"])
    assert make.evidence(police_lead, own).about_id == own.pk
    with pytest.raises(Refused, match="cannot be found"):
        make.evidence(police_lead, other)


def test_an_agency_that_only_has_a_part_does_not_speak_for_the_recommendation(by, police_lead, agencies):
    row = make.recommendation(by, accepted=True)
    services.add_part(recommendation=row, text="Ask", owner=Owner(agency=agencies["police"]), by=by)
    with pytest.raises(Forbidden, match="your own agency"):
        make.evidence(police_lead, row)
    with pytest.raises(Forbidden, match="your own agency"):
        services.note_progress(about=row.ref, text="Fine", noted_on=TODAY, by=police_lead)


def test_evidence_about_a_record_elsewhere_is_refused(by, actor, otherton):
    there = make.action(actor("business_manager", partnership=otherton))
    with pytest.raises(Refused, match="cannot be found"):
        make.evidence(by, there)


def test_reviews_are_planned_once(by):
    of = make.priority(by)
    assert [r.due_on for r in services.plan_reviews(priority=of, decided_on=make.DECIDED, by=by)] == [
        date(2019, 7, 28),
        date(2020, 1, 28),
    ]
    assert services.plan_reviews(priority=of, decided_on=TODAY, by=by) == []
    assert ImpactReview.objects.count() == 2


def test_a_review_rests_on_the_evidence_that_was_named(by):
    of = make.priority(by)
    shown = make.evidence(by, of)
    row = make.review(by, of)
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "Fewer are missing twice"}
    services.hold_review(
        review=row, held_on=TODAY, answers=answers, verdict="yes", evidence=[shown], by=by, today=TODAY
    )
    row.refresh_from_db()
    assert (row.verdict, list(row.evidence.all())) == ("yes", [shown])


def test_what_may_be_weighed_in_a_review_is_what_is_about_its_priority(by):
    of, other = make.priority(by), make.priority(by, title="Other", number=2)
    measure = services.add_measure(title="Fewer are missing", priority=of, by=by)
    whole = services.add_measure(title="Of the partnership", by=by)
    recommended = make.recommendation(by, of=of, accepted=True)
    work = make.action(by, recommendation=recommended)
    for about, text in (
        (of, "a"),
        (measure, "b"),
        (recommended, "c"),
        (work, "d"),
        (other, "x"),
        (whole, "y"),
    ):
        make.evidence(by, about, text=text, answers="better_off" if text == "d" else "how_much")
    offered = queries.evidence_for_review(make.review(by, of), by)
    assert next(w.evidence.text for w in offered) == "d"
    assert {w.evidence.text for w in offered} == {"a", "b", "c", "d"}


# --- Following


def test_a_chain_is_followed_from_finding_to_impact_and_back(by, agencies):
    of = make.priority(by)
    theme = services.add_theme(title="Listening", priority=of, by=by)
    found = make.finding(by, priority=of, themes=[theme])
    asked = make.recommendation(by, of=of, findings=[found], accepted=True)
    decided = asked.decisions.get()
    work = make.action(by, recommendation=asked, agency=agencies["police"])
    proof = make.evidence(by, work)
    review = make.review(by, of)
    answers = {"how_much": "Some", "how_well": "Well", "better_off": "Some"}
    services.hold_review(
        review=review, held_on=TODAY, answers=answers, verdict="yes", evidence=[proof], by=by, today=TODAY
    )
    review.refresh_from_db()
    links = {(found.pk, theme.pk), (theme.pk, asked.pk), (asked.pk, decided.pk), (decided.pk, work.pk),
             (work.pk, proof.pk), (proof.pk, review.pk)}  # fmt: skip
    for record in (found, theme, asked, decided, work, proof, review):
        path = queries.follow(record, by)
        assert links <= path.edges, record.label
        assert queries.breaks_of(path, by, TODAY) == []


def test_what_is_missing_on_a_path_is_named_beside_what_is_there(by):
    asked = make.recommendation(by, accepted=True)
    path = queries.follow(asked, by)
    missing = queries.missing(queries.breaks_of(path, by, TODAY))
    assert [(m.stage, m.text, m.beside) for m in missing] == [("Actions", "No action yet", asked.pk)]


def test_a_break_of_one_recommendation_is_the_same_on_its_path_and_in_the_list(by, agencies):
    asked = make.recommendation(by, accepted=True)
    services.add_part(recommendation=asked, text="Ask", owner=Owner(agency=agencies["police"]), by=by)
    assert {b.sort for b in queries.breaks_of(queries.follow(asked, by), by, TODAY)} == {
        b.sort for b in queries.breaks(by, TODAY)
    }


def test_an_agency_follows_only_what_is_asked_of_it(by, police_lead, agencies):
    of = make.priority(by)
    found = make.finding(by, priority=of)
    asked = make.recommendation(by, of=of, findings=[found], accepted=True)
    own = make.action(by, recommendation=asked, agency=agencies["police"])
    make.action(by, text="Of another", recommendation=asked, agency=agencies["health"])
    path = queries.follow(own, police_lead)
    assert path.at("Actions") == [own]
    assert path.at("Recommendations") == [asked]
    assert path.at("Findings") == []
    assert queries.breaks_of(path, police_lead, TODAY) == []


@pytest.mark.parametrize("precision", ["day", "month", "year"])
def test_the_database_and_the_rule_agree_on_what_is_late(by, precision):
    from shield.improvement import rules

    days = [date(2018, 1, 1), date(2019, 1, 1), date(2019, 10, 1), date(2019, 11, 1), date(2019, 11, 3),
            date(2019, 11, 4), date(2019, 12, 1), None]  # fmt: skip
    for due_on in days:
        for status in ("planned", "in_progress", "done", "stopped"):
            done_on = TODAY if status == "done" else None
            make.action(by, due_on=due_on, precision=precision, status=status, done_on=done_on)
    by_rule = {
        a.pk
        for a in Action.objects.all()
        if rules.is_overdue(status=a.status, due_on=a.due_on, today=TODAY, precision=a.precision)
    }
    assert set(Action.objects.filter(queries.overdue(TODAY)).values_list("pk", flat=True)) == by_rule
    assert by_rule
