"""Asking, recording, answering, telling; and words that nobody may hear."""

import json
from datetime import date

import pytest

from shield.domain.voice import queries, services
from shield.domain.voice.models import Quotation, Said
from shield.domain.voice.tests import factories
from shield.improvement.models import Finding
from shield.improvement.tests import factories as chain
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.history.models import Event
from shield.kernel.records.rules import RecordRef, Refused, Stale
from shield.meetings import services as meetings
from tests.cast import TODAY


def test_an_activity_at_a_meeting_takes_day_and_head_count_from_the_register(by, priority):
    meeting = meetings.record_gathering(
        title="Focus group",
        sort="focus_group",
        held_on=date(2019, 3, 12),
        attendance_count=8,
        by=by,
        today=TODAY,
    )
    made = factories.activity(by, group="practitioners", gathering=meeting, people_count=None, held_on=None)
    assert (made.when, queries.how_many([made], by)[made.pk].text) == ("12 March 2019", "8")
    with pytest.raises(Refused, match="holds its own day"):
        factories.activity(by, gathering=meeting)


def test_an_agency_lead_reads_but_records_nothing(actor, agencies, activity):
    lead = actor("agency_lead", agency=agencies["police"])
    assert list(queries.activities(lead)) == [activity]
    with pytest.raises(Forbidden):
        factories.point(lead, activity)


def test_a_point_belongs_to_its_activity_and_its_priority(by, activity, priority):
    made = factories.point(by, activity)
    assert (made.group, made.priority, made.state) == ("parents", priority, "open")
    with pytest.raises(Refused, match="in which activity"):
        services.add_point(text="Adrift", sort="to_develop", group="parents", by=by)


def test_a_point_becomes_a_finding_in_one_act_and_once(by, activity):
    made = factories.point(by, activity)
    finding = services.make_finding(said=made, by=by)
    assert (finding.text, finding.evidence_from, finding.origin_id) == (
        made.text,
        "feedback_parents",
        activity.pk,
    )
    assert finding.found_on == factories.ASKED
    with pytest.raises(Refused, match="a finding already"):
        services.make_finding(said=made, by=by)
    assert Finding.objects.count() == 1


def test_an_answer_names_what_came_of_it_and_what_the_finding_led_to(by, activity, priority):
    point = factories.point(by, activity)
    finding = services.make_finding(said=point, by=by)
    led = chain.recommendation(by, of=priority, title="Make it known", findings=[finding])
    action = chain.action(by, text="Print a leaflet")
    services.answer(said=point, we_did="We printed a leaflet", came=[action.ref], by=by, today=TODAY)
    row = queries.points(by).get()
    assert row.state == "answered"
    assert {ref.id for ref in queries.came_of([row], by)[row.pk]} == {action.pk, led.pk}


def test_what_came_of_a_point_is_of_this_partnership(by, activity, actor, otherton):
    theirs = chain.action(actor("learning_manager", partnership=otherton))
    point = factories.point(by, activity)
    with pytest.raises(Refused, match="not on record here"):
        services.answer(said=point, we_did="We did it well", came=[theirs.ref], by=by, today=TODAY)
    point.refresh_from_db()
    assert point.state == "open"


def test_a_point_is_answered_once_and_its_answer_can_be_taken_back(by, activity):
    row = factories.answered(by, activity, published=True)
    with pytest.raises(Refused, match="answered already"):
        services.decline(said=row, why_not="We have no money", by=by, today=TODAY)
    services.note_told(said=[row], on=TODAY, how="By letter to all", told_by="The centre", by=by, today=TODAY)
    services.reopen(said=row, reason="The page was never made", by=by)
    row.refresh_from_db()
    assert (row.state, row.we_did, row.told_on, row.published) == ("open", "", None, False)


def test_nothing_can_be_done_is_an_answer_with_a_reason(by, activity):
    point = factories.point(by, activity)
    with pytest.raises(Refused, match="why nothing can be done"):
        services.decline(said=point, why_not="No", by=by, today=TODAY)
    row = services.decline(said=point, why_not="The law forbids it", by=by, today=TODAY)
    assert (row.state, row.answer) == ("nothing", "The law forbids it")


def test_people_are_told_together_or_not_at_all(by, activity):
    done, waits = factories.answered(by, activity), factories.point(by, activity, text="Still open")
    with pytest.raises(Refused, match="nothing to tell"):
        services.note_told(said=[done, waits], on=TODAY, how="By letter", told_by="Us", by=by, today=TODAY)
    assert list(queries.not_told(by)) == [done]
    services.note_told(said=[done], on=TODAY, how="By letter", told_by="Us", by=by, today=TODAY)
    assert list(queries.not_told(by)) == []


def test_a_point_that_counts_few_people_is_not_published(by, activity):
    row = factories.answered(by, activity, text="Two mothers were sent away")
    with pytest.raises(Refused, match="could be found"):
        services.publish(said=row, published=True, nobody_named=True, by=by)
    assert list(queries.published(by.partnership_id)) == []


def test_somebody_elses_newer_edit_is_not_lost(by, activity):
    row = factories.point(by, activity)
    given = {"said": row, "sort": "to_develop", "group": "parents", "by": by, "expected_version": row.version}
    services.correct_point(text="We do not know whom to ask", **given)
    with pytest.raises(Stale):
        services.correct_point(text="Mine", **given)


def test_words_without_a_consent_are_heard_by_nobody(by, activity, actor):
    made = factories.quotation(by, activity)
    assert made.words == ""
    assert list(queries.quotable(by.partnership_id)) == []
    assert list(queries.quotations(actor("scrutineer"))) == []
    assert "alone" not in json.dumps(list(Quotation.objects.values()), default=str)


@pytest.mark.parametrize(
    ("scope", "heard_by"),
    [
        ("hub", {"learning_manager"}),
        ("board", {"learning_manager", "scrutineer"}),
        ("published", {"learning_manager", "scrutineer", "agency_lead"}),
    ],
)
def test_words_travel_as_far_as_was_agreed(by, activity, actor, scope, heard_by):
    factories.quotation(by, activity, scope=scope)
    heard = {
        role
        for role in ("learning_manager", "scrutineer", "agency_lead")
        if [row.words for row in queries.quotations(actor(role))] == ["You are not alone any more"]
    }
    assert heard == heard_by
    assert queries.quotable(by.partnership_id).count() == (scope == "published")


def test_a_withdrawn_consent_wipes_the_words_at_once_and_for_good(by, activity):
    made = factories.quotation(by, activity, scope="published")
    services.withdraw_consent(quotation=made, how="By telephone", by=by, today=TODAY)
    made.refresh_from_db()
    assert (made.words, made.sealed_words) == ("", "")
    assert list(queries.quotable(by.partnership_id)) == []
    with pytest.raises(Refused, match="words are gone"):
        services.record_consent(
            quotation=made, consent_by="Us", how="By letter", on=TODAY, scope="hub", by=by, today=TODAY
        )


def test_the_history_holds_nobodys_words(by, activity):
    made = factories.quotation(by, activity, scope="hub")
    services.withdraw_consent(quotation=made, how="By telephone", by=by, today=TODAY)
    told = " ".join(f"{e.record_title} {e.details}" for e in Event.objects.all())
    assert "alone" not in told
    assert len(history.of_record(by.partnership_id, made.pk)) == 3


def test_words_open_in_their_own_row_only(by, activity):
    one, other = (
        factories.quotation(by, activity, scope="hub"),
        factories.quotation(by, activity, scope="hub"),
    )
    other.sealed_words = one.sealed_words
    with pytest.raises(Exception, match="sealed for another place"):
        _ = other.words


def test_breaks_are_a_priority_without_children_and_points_that_wait(by, priority, activity):
    assert queries.unheard_priorities(by, TODAY) == [priority]
    point = factories.point(by, activity)
    well = factories.point(by, activity, text="It works", sort="working_well")
    assert queries.never_answered(by, TODAY) == [point]
    assert queries.never_answered(by, date(2019, 9, 3)) == []
    factories.activity(by, group="young_people", method="film", priority=priority)
    assert queries.unheard_priorities(by, TODAY) == []
    assert Said.objects.get(pk=well.pk).state == "open"


def test_a_promise_says_where_it_stands(by):
    made = services.make_promise(text="Ask agencies how they hear children", made_on=date(2018, 10, 1), by=by)
    services.report_promise(promise=made, progress="Asked in April", by=by, expected_version=made.version)
    with pytest.raises(Refused, match="since"):
        services.report_promise(
            promise=made, progress="Asked in April", by=by, expected_version=made.version + 1
        )


def test_what_is_of_another_kind_altogether_cannot_have_come_of_it(by, activity):
    point = factories.point(by, activity)
    with pytest.raises(Refused, match="not on record here"):
        services.answer(
            said=point,
            we_did="We did something",
            came=[RecordRef("no.kind", activity.pk)],
            by=by,
            today=TODAY,
        )
