"""What the chain gives to the report, and what it gives to other pages."""

from datetime import date

from shield.improvement import contribution, doors, services
from shield.improvement.tests import factories as make
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import rules as reporting
from tests.cast import TODAY

YEAR = reporting.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), TODAY)


def value(key, by):
    return reporting.compute(key, YEAR, by)


def words(blocks):
    """All the text of some blocks."""
    return repr(blocks)


def test_decided_recommendations_are_counted_by_priority_and_drafts_are_not(by):
    one, two = make.priority(by), make.priority(by, title="Two", number=2)
    make.recommendation(by, of=one, number=1, accepted=True)
    make.recommendation(by, of=one, number=2)
    make.recommendation(by, of=one, title="Not numbered", accepted=True)
    make.recommendation(by, of=two, number=1, accepted=True)
    make.recommendation(by, of=two, number=1, sort="issue_to_fix", accepted=True)
    assert value("improvement.recommendations", by).value == 2
    assert value("improvement.recommendations.priority-1", by).value == 1
    assert value("improvement.issues_to_fix.priority-2", by).value == 1
    assert value("improvement.issues_to_fix.priority-1", by).value == 0


def test_actions_done_are_counted_of_all_actions_at_the_day_of_the_figures(by):
    make.action(by, status="done", done_on=date(2019, 10, 31))
    make.action(by)
    figure = value("improvement.actions_done", by)
    assert (figure.value, figure.denominator) == (1, 2)
    assert len(figure.records) == 1


def test_a_measure_counts_as_shown_only_with_evidence_that_anyone_is_better_off(by):
    shown, other = (services.add_measure(title=title, by=by) for title in ("Shown", "Other"))
    make.evidence(by, shown)
    make.evidence(by, other, answers="how_well")
    figure = value("improvement.measures_shown", by)
    assert (figure.value, figure.denominator) == (1, 2)
    assert [ref.id for ref in figure.records] == [shown.pk]


def test_the_section_on_little_progress_names_every_break_and_who_mends_it(by, agencies):
    late = make.action(by, due_on=date(2019, 3, 1), agency=agencies["police"])
    section = contribution.section(YEAR, by)
    gap = next(g for g in section.gaps if g.ref.id == late.pk)
    assert gap.mended_by == "Testbury Police"
    group = next(g for g in section.groups if g.key == "little_progress")
    assert "Hold a young carers forum" in words(group.blocks)
    assert "Action overdue" in words(group.blocks)
    assert any(isinstance(block, b.ChartBlock) for block in group.blocks)


def test_an_unbroken_chain_says_so_in_the_report(by):
    group = next(g for g in contribution.section(YEAR, by).groups if g.key == "little_progress")
    assert "no break in the chain" in words(group.blocks)


def test_an_impact_review_that_was_not_held_is_told_as_not_recorded(by):
    of = make.priority(by)
    make.review(by, of)
    assert "is not recorded" in words(contribution.reviews_of(of, by, TODAY))


# --- Doors


def test_what_waits_for_an_agency_are_its_own_open_actions(by, actor, agencies):
    make.action(by, text="Ours", due_on=date(2019, 10, 1), agency=agencies["police"])
    make.action(by, text="Done", status="done", done_on=TODAY, agency=agencies["police"])
    make.action(by, text="Theirs", agency=agencies["health"])
    waiting = list(doors.work(actor("agency_lead", agency=agencies["police"]), TODAY))
    assert [(item.title, item.is_late) for item in waiting] == [("Ours", True)]


def test_a_manager_names_owners_and_waits_for_the_actions_of_others(by, agencies):
    make.action(by, text="Nobody's", due_on=date(2019, 12, 1))
    make.action(by, text="Theirs", due_on=date(2019, 10, 1), agency=agencies["health"])
    make.action(by, text="Done", status="done", done_on=TODAY, agency=agencies["health"])
    assert [(i.title, i.act) for i in doors.work(by, TODAY) if i.sort == "Action"] == [
        ("Nobody's", "Name an owner")
    ]
    [waited] = doors.awaited(by, TODAY)
    assert (waited.title, waited.owner, waited.is_late) == ("Theirs", "Testbury Health Board", True)


def test_who_names_no_owners_waits_for_nobodys_actions(by, actor, agencies):
    make.action(by, text="Theirs", agency=agencies["health"])
    assert not list(doors.awaited(actor("scrutineer"), TODAY))
    assert not list(doors.awaited(actor("agency_lead", agency=agencies["police"]), TODAY))


def test_a_review_waits_for_the_partner_who_leads_on_its_priority(by, actor, agencies):
    make.review(by, make.priority(by, leads=[agencies["police"]]))
    lead = list(doors.work(actor("safeguarding_partner", agency=agencies["police"]), TODAY))
    assert [item.is_late for item in lead] == [True, False]
    assert list(doors.work(actor("safeguarding_partner", agency=agencies["health"]), TODAY)) == []


def test_what_is_stuck_is_shown_to_who_sees_the_whole_chain_only(by, actor, agencies):
    make.action(by, due_on=date(2019, 3, 1), agency=agencies["police"])
    stuck = list(doors.stuck(actor("scrutineer"), TODAY))
    assert [(item.sort, item.is_late, item.frees) for item in stuck] == [
        ("Action overdue", True, "Testbury Police")
    ]
    assert list(doors.stuck(actor("agency_lead", agency=agencies["police"]), TODAY)) == []


def test_an_agency_page_shows_its_open_actions(by, agencies):
    row = make.action(by, agency=agencies["police"])
    panels = list(doors.panels(agencies["police"].ref, by))
    assert [item.ref.id for panel in panels for item in panel.items] == [row.pk]


def test_reviews_are_moments_of_the_year(by):
    row = make.review(by, make.priority(by))
    moments = list(doors.moments(by, date(2019, 7, 1), date(2019, 7, 31)))
    assert [(m.ref.id, m.starts_on) for m in moments] == [(row.pk, date(2019, 7, 28))]
