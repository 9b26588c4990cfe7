"""What people told us as the report, the home page and a priority's page tell it."""

from datetime import date

from shield.domain.voice import contribution, doors, queries, services
from shield.domain.voice.tests import factories
from shield.improvement.tests import factories as chain
from shield.kernel.reporting import rules as reporting
from tests.cast import TODAY

YEAR = reporting.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), TODAY)


def said_of(by):
    return repr(next(g for g in contribution.section(YEAR, by).groups if g.key == "said").blocks)


def test_people_heard_in_the_year_are_added_up_and_the_unknown_is_told(by, activity):
    factories.activity(by, people_count=12)
    factories.activity(by, people_count=None)
    factories.activity(by, people_count=99, held_on=TODAY)
    figure = reporting.compute("voice.people_heard", YEAR, by)
    assert (figure.value, len(figure.records)) == (29, 3)
    assert "In 1 of them" in figure.note


def test_points_answered_and_told_are_counted_of_those_before(by, activity):
    one = factories.answered(by, activity)
    factories.answered(by, activity)
    factories.point(by, activity)
    services.note_told(said=[one], on=TODAY, how="By letter", told_by="Us", by=by, today=TODAY)
    assert reporting.compute("voice.answered", YEAR, by).text == "2 of 3"
    assert reporting.compute("voice.told", YEAR, by).text == "1 of 2"


def test_each_priority_tells_who_was_heard_and_what_they_said(by, activity, priority):
    factories.point(by, activity, text="We do not know where to turn")
    told = said_of(by)
    assert priority.heading in told
    assert activity.title in told
    assert "We do not know where to turn" in told


def test_only_words_given_for_publication_are_in_the_report_and_a_withdrawn_one_is_out_of_the_next(
    by, activity
):
    factories.quotation(by, activity, words="Only for the Board", scope="board")
    shown = factories.quotation(by, activity, words="Meant for everybody", scope="published")
    assert "Meant for everybody" in said_of(by)
    assert "Only for the Board" not in said_of(by)
    services.withdraw_consent(quotation=shown, how="", by=by, today=TODAY)
    assert "Meant for everybody" not in said_of(by)


def test_promises_and_the_circle_from_said_to_told_are_the_section_on_voice(by, activity):
    services.make_promise(
        text="Ask every agency", made_on=date(2018, 10, 1), progress="Asked in April", by=by
    )
    factories.answered(by, activity, we_did="We made a page")
    told = repr(next(g for g in contribution.section(YEAR, by).groups if g.key == "engagement").blocks)
    for words in ("Ask every agency", "Asked in April", "We made a page", "Answered and told"):
        assert words in told


def test_gaps_are_the_breaks(by, activity, priority):
    factories.point(by, activity)
    factories.answered(by, activity)
    assert [g.sort for g in contribution.section(YEAR, by).gaps] == ["unheard", "unanswered", "untold"]
    assert [i.sort for i in doors.stuck(by, TODAY)] == [
        "Priority without children's voice", "Feedback never answered", "People not told what came of it",
    ]  # fmt: skip


def test_what_waits_is_work_of_those_who_record(by, activity, actor, agencies):
    point, done = factories.point(by, activity), factories.answered(by, activity)
    items = list(doors.work(by, TODAY))
    assert [(i.id, i.sort, i.is_late) for i in items] == [
        (point.pk, "Point to answer", True), (done.pk, "People to tell", True),
    ]  # fmt: skip
    assert list(doors.work(actor("agency_lead", agency=agencies["police"]), TODAY)) == []


def test_pages_elsewhere_show_who_was_heard_and_what_was_said(by, activity, priority):
    action = chain.action(by)
    row = factories.answered(by, activity, came=[action.ref])
    finding = services.make_finding(said=row, by=by)
    shown = {
        of.kind: [item.ref.id for panel in doors.panels(of.ref, by) for item in panel.items]
        for of in (priority, action, finding)
    }
    assert shown == {priority.kind: [activity.pk], action.kind: [row.pk], finding.kind: [row.pk]}


def test_activities_are_moments_of_the_year(by, activity):
    assert [m.ref.id for m in doors.moments(by, date(2019, 6, 1), date(2019, 6, 30))] == [activity.pk]


def test_who_is_heard_after_the_year_or_where_nobody_came_is_not_heard_in_it(by, priority):
    def gaps():
        return [g.ref.id for g in contribution.section(YEAR, by).gaps if g.ref.kind == priority.kind]

    year = reporting.Period("2018-19", YEAR.starts_on, YEAR.ends_on, YEAR.ends_on)
    assert gaps() == [priority.pk]
    factories.activity(by, group="children", priority=priority, people_count=0)
    assert gaps() == [priority.pk]
    factories.activity(by, group="children", priority=priority, people_count=9, held_on=TODAY)
    late = contribution.section(year, by).gaps
    assert [g.ref.id for g in late if g.ref.kind == priority.kind] == [priority.pk]
    assert gaps() == []


def test_praise_waits_for_nothing(by, activity):
    factories.point(by, activity, sort="working_well")
    factories.point(by, activity)
    assert queries.standing(by)[0][2] == 1
    assert len([i for i in doors.work(by, TODAY) if i.sort == "Point to answer"]) == 1
