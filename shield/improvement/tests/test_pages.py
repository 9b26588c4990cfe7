"""The pages of the chain: its breaks, its priorities, findings and recommendations."""

import csv
import html
import io
import re
from datetime import date

import pytest

from shield.improvement import services
from shield.improvement.models import Action, Finding, Priority, Recommendation
from shield.improvement.services import Owner
from shield.improvement.tests import factories as make
from shield.improvement.tests.pages import about, cells, day, hidden, send, text_of, to
from shield.kernel.records import queries as records
from tests.cast import TODAY

BREAKS = "What is broken, and who can mend it"


# --- Breaks in the chain


def test_an_unbroken_chain_says_so_and_where_the_report_takes_its_section_from(manager, cast):
    text = text_of(manager.get(to("chain")))
    assert "No break in the chain." in text
    assert "little or no progress" in text


def test_each_break_says_what_since_when_who_mends_it_and_leads_there(manager, by, agencies):
    late = make.action(by, due_on=date(2019, 10, 1), agency=agencies["police"])
    page = manager.get(to("chain"))
    assert cells(page, BREAKS) == [
        [
            "Hold a young carers forum",
            "Action overdue",
            "–",
            "1 Oct 2019",
            "Testbury Police",
            "Update the action",
        ]
    ]
    content = html.unescape(page.content.decode())
    assert f'href="{to("action", late)}"' in content
    assert f'href="{to("action_update", late)}?next=' in content


def test_the_list_holds_what_the_home_page_counts_of_every_module(manager, by):
    make.priority(by, status="active", starts_on=date(2019, 1, 1))
    make.action(by, due_on=date(2019, 10, 1))
    every = records.stuck(by, TODAY)
    page = manager.get(to("chain"))
    assert f"{len(every)} breaks in all" in text_of(page)
    assert len(cells(page, BREAKS)) == len(every)
    assert "Priority without children's voice" in {row[1] for row in cells(page, BREAKS)}
    only = cells(manager.get(to("chain") + "?kind=Priority+without+children%27s+voice"), BREAKS)
    assert len(only) == 1


def test_an_overdue_action_without_an_owner_is_mended_by_naming_one(manager, by):
    make.action(by, due_on=date(2019, 10, 1))
    rows = cells(manager.get(to("chain")), BREAKS)
    assert [(row[1], *row[-2:]) for row in rows] == [
        (sort, "The business manager names an owner", "Name an owner")
        for sort in ("Action overdue", "Action without an owner")
    ]


def test_a_scrutineer_sees_every_break_and_is_offered_no_act(scrutineer, by):
    row = make.recommendation(by, accepted=True)
    page = scrutineer.get(to("chain"))
    assert {line[-1] for line in cells(page, BREAKS)} == {"Open it"}
    assert to("recommendation_owner", row) not in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Late work", "Done work", "Measure"}),
        ("?kind=no_evidence", {"Done work"}),
        ("?late=on", {"Late work"}),
        ("?kind=nonsense&priority=evil&page=x&sort=drop", {"Late work", "Done work", "Measure"}),
    ],
)
def test_breaks_are_narrowed_by_kind_and_lateness(manager, by, asked, found):
    make.action(by, text="Late work", due_on=date(2019, 3, 1))
    make.action(by, text="Done work", status="done", done_on=TODAY)
    services.add_measure(title="Measure", by=by)
    assert {row[0] for row in cells(manager.get(to("chain") + asked), BREAKS)} == found


def test_breaks_are_narrowed_by_priority_and_the_choice_stays(manager, by):
    one, two = make.priority(by), make.priority(by, title="Two", number=2)
    make.recommendation(by, of=one, title="First")
    make.recommendation(by, of=two, title="Second")
    page = manager.get(to("chain") + f"?priority={two.pk}")
    assert [row[0] for row in cells(page, BREAKS)] == ["Second"]
    assert re.search(rf'value="{two.pk}"\s+selected', page.content.decode())


def test_the_breaks_as_a_file_are_all_of_those_shown(manager, by, agencies):
    for number in range(30):
        make.action(by, text=f"=Work {number}", due_on=date(2019, 3, 1), agency=agencies["police"])
    answer = manager.get(to("chain") + "?export=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["What", "Break", "Priority", "Since", "Who can mend it"]
    assert len(rows) == 31
    assert rows[1][0].startswith("'=Work")


def test_adding_evidence_from_the_list_leads_back_to_it_and_the_break_is_gone(manager, by):
    row = make.action(by, status="done", done_on=TODAY)
    listed = manager.get(to("chain"))
    href = html.unescape(re.search(r'href="([^"]*evidence/add[^"]*)"', listed.content.decode())[1])
    answer = send(
        manager,
        href,
        answers="how_much",
        text="Fourteen came",
        sort="observation",
        precision="day",
        **day("found_on", TODAY),
    )
    assert (answer.status_code, answer["Location"]) == (302, to("chain"))
    assert row.heading not in text_of(manager.get(to("chain")))


def test_nobody_is_led_off_the_site_after_an_act(manager, by):
    row = make.action(by)
    for elsewhere in ("https://evil.example/", "//evil.example/x", "/" + "x" * 600):
        address = f"{to('action_update', row)}?next={elsewhere}"
        answer = send(manager, address, status="planned", note="Something")
        assert answer["Location"] == to("action", row)


# --- Following the chain


def test_a_record_is_followed_up_and_down_with_what_is_missing(manager, by):
    of = make.priority(by)
    found = make.finding(by, priority=of)
    row = make.recommendation(by, of=of, findings=[found], accepted=True)
    page = manager.get(to("chain_of_recommendation", row))
    text = text_of(page)
    assert "You are here" in text
    assert f"No action yet: {row.heading}" in text
    assert "No owner" in text
    assert to("finding", found) in page.content.decode()
    assert "stroke-dasharray" in page.content.decode()
    assert "Actions" in text
    assert "(link missing)" in text


def test_a_long_chain_is_drawn_in_part_and_told_in_full(manager, by):
    row = make.recommendation(by, accepted=True)
    for number in range(30):
        make.action(by, text=f"Work number {number}", recommendation=row)
    text = text_of(manager.get(to("chain_of_recommendation", row)))
    assert "and 23 more, listed below" in text
    assert "Work number 29" in text


def test_a_record_that_stands_alone_can_be_followed_too(manager, by):
    assert "Measure" in text_of(
        manager.get(to("chain_of_successmeasure", services.add_measure(title="Measure", by=by)))
    )
    assert "Theme" in text_of(manager.get(to("chain_of_theme", services.add_theme(title="Theme", by=by))))


def test_what_happened_to_a_record_is_told(manager, by, agencies):
    row = make.action(by)
    services.give_owner(record=row, owner=Owner(agency=agencies["police"]), by=by)
    text = text_of(manager.get(to("history_of_action", row)))
    assert f"{by.person_name} made Testbury Police the owner of Hold a young carers forum" in text


# --- Priorities and measures


def test_a_priority_says_of_each_measure_whether_anyone_is_better_off(scrutineer, by):
    of = make.priority(by)
    titles = ("Nothing known", "Only counted", "Shown")
    measures = [services.add_measure(title=title, priority=of, by=by) for title in titles]
    make.evidence(by, measures[1], answers="how_much")
    shown = make.evidence(by, measures[2], answers="better_off", text="Fewer were missing twice")
    text = text_of(scrutineer.get(to("priority", of)))
    for words in ("No evidence yet", "No evidence of change yet", "Evidence of change"):
        assert words in text
    page = scrutineer.get(to("measure", measures[2]))
    assert to("evidence", shown) in page.content.decode()
    assert "Fewer were missing twice" in text_of(scrutineer.get(to("evidence", shown)))


def test_a_priority_counts_what_stands_in_it_and_links_there(manager, by):
    of = make.priority(by)
    make.finding(by, priority=of)
    make.finding(by, text="Good", sort="working_well", priority=of)
    row = make.recommendation(by, of=of, accepted=True)
    make.action(by, recommendation=row, due_on=date(2019, 3, 1))
    make.action(by, recommendation=row, status="done", done_on=TODAY)
    page = manager.get(to("priority", of))
    text = text_of(page)
    for words in ("1 of 2", "actions late", "1 of 2 actions done", "No impact review is planned"):
        assert words in text
    assert f"{to('actions')}?late=on&amp;priority={of.pk}" in page.content.decode()


def test_a_priority_is_added_as_a_candidate_with_its_lead(manager, agencies):
    answer = send(
        manager,
        to("priority_add"),
        title="Adolescent vulnerability",
        status="candidate",
        number="4",
        leads=[str(agencies["police"].pk)],
    )
    made = Priority.objects.get()
    assert answer["Location"] == to("priority", made)
    assert list(made.leads.all()) == [agencies["police"]]


def test_a_priority_keeps_a_lead_that_is_no_safeguarding_partner(manager, by, agencies):
    of = make.priority(by, leads=[agencies["charity"]])
    assert "Testbury Young Voices" in text_of(manager.get(to("priority_edit", of)))


def test_an_edit_over_a_newer_edit_shows_both_versions_and_keeps_what_was_typed(manager, by, agencies):
    of = make.priority(by, leads=[agencies["police"]])
    address = to("priority_edit", of)
    opened = hidden(manager.get(address))
    services.change_priority(
        priority=of,
        changes={"title": "Theirs"},
        leads=[agencies["health"]],
        by=by,
        expected_version=of.version,
    )
    given = {**opened, "title": "Mine", "status": "active", "leads": [str(agencies["police"].pk)]}
    answer = manager.post(address, given)
    text = text_of(answer)
    assert "Somebody changed this while you were editing" in text
    assert "Mine Theirs" in text
    assert "Testbury Police Testbury Health Board" in text
    assert Priority.objects.get().title == "Theirs"
    again = manager.post(address, {**given, **hidden(answer)})
    assert again.status_code == 302
    assert Priority.objects.get().title == "Mine"


def test_a_measure_is_added_with_its_points(manager, by):
    of = make.priority(by)
    send(manager, to("measure_add", of), title="Fewer are missing", points="At night\n\n From school ")
    assert of.measures.get().points == ["At night", "From school"]


def test_reviews_are_planned_from_the_day_of_the_decision(manager, by):
    of = make.priority(by)
    send(manager, to("impact_reviews_plan", of), **day("decided_on", make.DECIDED))
    assert [r.due_on for r in of.impact_reviews.all()] == [date(2019, 7, 28), date(2020, 1, 28)]
    assert "Late" in text_of(manager.get(to("priority", of)))


# --- Findings, themes, recommendations


def test_findings_are_narrowed_by_what_they_say_and_where_they_come_from(manager, by):
    of = make.priority(by)
    theme = services.add_theme(title="Listening", priority=of, by=by)
    make.finding(by, text="To develop from a session", priority=of, themes=[theme])
    make.finding(by, text="Working well from data", sort="working_well", evidence_from="data")
    for asked, words in (
        ("found=working_well", "Working well from data"),
        ("source=hub_session", "To develop from a session"),
        (f"theme={theme.pk}", "To develop from a session"),
        (f"priority={of.pk}", "To develop from a session"),
    ):
        page = manager.get(f"{to('findings')}?{asked}")
        assert [row[0] for row in cells(page, "Findings")] == [words]


def test_a_finding_becomes_a_recommendation_without_retyping_where_it_came_from(manager, by):
    of = make.priority(by)
    found = make.finding(by, priority=of)
    address = about("recommendation_add", found)
    opened = manager.get(address)
    assert re.search(rf'value="{found.pk}"\s+checked', opened.content.decode())
    send(manager, address, title="Spot trends", sort="recommendation", findings=[str(found.pk)])
    made = Recommendation.objects.get()
    assert (made.priority, list(made.findings.all())) == (of, [found])
    assert made.heading in text_of(manager.get(to("finding", found)))


def test_a_finding_is_recorded_under_the_theme_it_was_begun_from(manager, by):
    theme = services.add_theme(title="Listening", priority=make.priority(by), by=by)
    address = about("finding_add", theme)
    assert re.search(rf'value="{theme.pk}"\s+checked', manager.get(address).content.decode())
    answer = send(
        manager,
        address,
        text="Children were heard",
        sort="working_well",
        evidence_from="data",
        themes=[str(theme.pk)],
        **day("found_on", TODAY),
    )
    assert answer["Location"] == to("finding", Finding.objects.get())
    assert "Children were heard" in text_of(manager.get(to("theme", theme)))


def test_a_finding_from_the_future_is_refused_and_what_was_typed_stays(manager, cast):
    text = text_of(
        send(manager, to("finding_add"), text="Seen tomorrow", **day("found_on", date(2019, 11, 5)))
    )
    assert "There is a problem" in text
    assert "must be today or earlier" in text
    assert "Select whether it is working well or to develop" in text
    assert "Seen tomorrow" in text


def test_a_recommendation_is_presented_to_the_board(manager, by):
    row = make.recommendation(by)
    page = manager.get(to("recommendation_move", row))
    assert "Accept" not in text_of(page)
    send(manager, to("recommendation_move", row), status="presented")
    row.refresh_from_db()
    assert (row.status, row.presented_on) == ("presented", TODAY)


def test_closing_what_is_still_acted_upon_is_refused_in_words(manager, by):
    row = make.recommendation(by, accepted=True)
    make.action(by, recommendation=row)
    assert "1 action is still open." in text_of(
        send(manager, to("recommendation_move", row), status="closed")
    )


def test_a_part_asks_one_thing_of_one_agency_and_becomes_its_action(manager, by, agencies):
    row = make.recommendation(by, accepted=True)
    send(
        manager,
        to("part_add", row),
        text="Ask each child",
        owner_agency=str(agencies["police"].pk),
        precision="month",
        **day("due_on", date(2019, 12, 24)),
    )
    part = row.parts.get()
    assert (part.owner_agency, part.due_on) == (agencies["police"], date(2019, 12, 1))
    assert "Testbury Police, by December 2019" in text_of(manager.get(to("recommendation", row)))
    opened = manager.get(about("action_add", part))
    assert "Ask each child" in opened.content.decode()
    assert re.search(rf'value="{agencies["police"].pk}"\s+selected', opened.content.decode())
    send(manager, about("action_add", part), text="Ask each child in May", precision="day")
    assert Action.objects.get().part == part


def test_the_owner_of_a_part_is_named(manager, by, agencies):
    row = make.recommendation(by, accepted=True)
    part = services.add_part(recommendation=row, text="Ask each child", by=by)
    answer = send(manager, to("part_owner", part), owner_agency=str(agencies["health"].pk))
    assert answer["Location"] == to("recommendation", row)
    part.refresh_from_db()
    assert part.owner_agency == agencies["health"]


def test_refining_the_wording_keeps_the_findings_that_are_ticked(manager, by):
    of = make.priority(by)
    old, new = make.finding(by, priority=of), make.finding(by, text="Another", priority=of)
    row = make.recommendation(by, of=of, findings=[old])
    send(manager, to("recommendation_edit", row), title="Sharper", text="Do it", findings=[str(new.pk)])
    row.refresh_from_db()
    assert (row.title, list(row.findings.all())) == ("Sharper", [new])


# --- Cost


def _grow(by, agencies, of, count):
    """`count` of everything under one priority."""
    for number in range(count):
        theme = services.add_theme(title=f"Theme {number} {count}", priority=of, by=by)
        found = make.finding(by, text=f"Finding {number}", priority=of, themes=[theme])
        measure = services.add_measure(title=f"Measure {number}", priority=of, by=by)
        row = make.recommendation(
            by, of=of, title=f"Rec {number}", findings=[found], themes=[theme], accepted=True
        )
        part = services.add_part(
            recommendation=row, text="Ask", owner=Owner(agency=agencies["police"]), by=by
        )
        work = make.action(by, text=f"Work {number}", part=part, agency=agencies["police"])
        make.evidence(by, work, text=f"Shown {number}")
        make.evidence(by, measure, text=f"Counted {number}", answers="how_much")
        services.note_progress(about=of.ref, text=f"Note {number}", noted_on=TODAY, by=by)


def test_no_page_costs_more_with_many_rows_than_with_one(manager, by, agencies, count_queries):
    of = make.priority(by, leads=[agencies["police"]])
    _grow(by, agencies, of, 1)
    review = make.review(by, of)
    row, work = Recommendation.objects.get(), Action.objects.get()
    addresses = [
        to("chain"),
        to("priorities"),
        to("priority", of),
        to("findings"),
        to("themes"),
        to("recommendations"),
        to("actions"),
        to("recommendation", row),
        to("action", work),
        to("chain_of_priority", of),
        to("chain_of_recommendation", row),
        to("impact_review_hold", review),
        to("evidence_add"),
        to("theme", row.themes.get()),
        about("recommendation_add", of),
    ]
    manager.get(to("chain"))
    before = {}
    for address in addresses:
        with count_queries() as sent:
            assert manager.get(address).status_code == 200
        before[address] = len(sent)
    _grow(by, agencies, of, 12)
    for number in range(12):
        make.action(by, text=f"More {number}", recommendation=row, agency=agencies["police"])
        make.finding(by, text=f"More {number}", priority=of, themes=[row.themes.get()])
    for address in addresses:
        with count_queries() as sent:
            manager.get(address)
        assert len(sent) == before[address], address
        assert len(sent) <= 15, address
