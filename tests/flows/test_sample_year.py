"""The sample year as loaded: what is on record, what the sources contradict each other about, what is broken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.databases import CommittedDatabase

pytestmark = pytest.mark.usefixtures("sample", "undone")

KNOWN_CONTRADICTIONS = [
    ("System learning event, January 2019, number attending", ("85", "115")),
    ("System learning event, April 2019, number attending", ("95", "115")),
    ("System learning event, April 2019, date", ("30 April 2019", "29 April 2019")),
    ("First annual partnership conference, number attending", ("78", "85")),
    ("Attendance at system learning events and conferences, total", ("315", "258")),
    ("Learning reviews event, number attending", ("51", "50")),
    ("Strategic MASE, 18 December 2018, date", ("18 December 2018", "18 December 2019")),
    ("Learning Hub workshops on Priority 3, number attending", ("41", "50", "39")),
    ("Learning Hub workshops on Priority 3, date", ("9 July 2019", "8 July 2019")),
    ("Executive, 4 June 2019, date", ("4 June 2019", "3 June 2019")),
    ("Partnership Board meetings held, total", ("5", "4")),
    ("progress table names priority", ("2", "3")),
    ("Training on reporting when a child is missing, in list of recommendations", ("yes", "no")),
    ("Briefings held, total", ("10", "8", "7")),
]


def _partnership() -> Any:
    from shield.kernel.accounts.models import Partnership

    return Partnership.objects.get(slug="bexley")


def _assembled() -> Any:
    from shield.annual_report import queries
    from shield.annual_report.models import Report
    from shield.kernel.accounts.queries import system_actor

    report = Report.objects.select_related("year").get(partnership=_partnership())
    return queries.assemble(report, system_actor(_partnership()))


@pytest.fixture(scope="module")
def as_loaded(sample: CommittedDatabase) -> Any:
    """The report of the sample year as it was loaded; every story undoes what it writes, so it is worked out once."""
    return _assembled()


@pytest.fixture(scope="module")
def formats(as_loaded: Any) -> dict[str, bytes]:
    """The same report in all its formats."""
    from shield.annual_report import render

    return render.formats(as_loaded)


@pytest.mark.parametrize(("what", "values"), KNOWN_CONTRADICTIONS)
def test_a_known_contradiction_of_the_report_is_found_with_both_places_on_one_line(
    as_loaded: Any, what: str, values: tuple[str, ...]
) -> None:
    lines = [d.line for d in as_loaded.discrepancies if what in d.line]
    assert len(lines) == 1, f"{what}: {lines}"
    for value in values:
        assert value in lines[0]
    assert "section" in lines[0]


def test_the_figures_of_the_year_are_counted_from_the_records(as_loaded: Any) -> None:
    found = as_loaded
    assert found.figure("accounts.relevant_agencies").value == 18
    assert found.figure("improvement.recommendations.priority-1").value == 11
    assert found.figure("improvement.recommendations.priority-2").value == 9
    assert found.figure("improvement.issues_to_fix.priority-3").value == 10
    assert found.figure("meetings.board_held").value == 5
    assert found.figure("meetings.executive_held").value == 6
    assert found.figure("meetings.conferences_held").value == 3


def test_an_attendance_on_which_sources_disagree_is_not_settled_and_says_by_whom(as_loaded: Any) -> None:
    figure = as_loaded.figure("meetings.conference_attendance")
    assert (figure.value, figure.text) == (None, "not settled")
    assert any("85" in line and "115" in line for line in figure.unsettled)


def test_settling_with_a_reason_gives_the_figure_a_value() -> None:
    from shield.kernel.accounts.queries import system_actor
    from shield.kernel.reporting import rules, services
    from tests.cast import TODAY

    by = system_actor(_partnership())
    for discrepancy in _assembled().discrepancies:
        if discrepancy.attribute == "attendance":
            services.settle(
                discrepancy=discrepancy,
                value=discrepancy.assertions[0].value,
                reason="Counted again from the sheets.",
                by=by,
                today=TODAY,
                seen=rules.seen(a.value for a in discrepancy.assertions),
            )
    figure = _assembled().figure("meetings.conference_attendance")
    assert figure.value is not None
    assert figure.unsettled == ()


def test_no_evidence_of_the_year_says_that_anyone_is_better_off(as_loaded: Any) -> None:
    found = as_loaded
    assert found.figure("improvement.measures_shown").text.startswith("0 of ")
    impact = next(c for c in found.coverage if c.item.code == "impact")
    assert impact.standing.value in {"missing", "thin"}
    assert any(gap.sort == "no_impact" for gap in found.gaps)


def test_the_report_of_the_sample_cannot_be_issued_and_says_why() -> None:
    from shield.annual_report import services
    from shield.kernel.accounts.queries import system_actor
    from shield.kernel.records.rules import Refused
    from tests.cast import TODAY

    found = _assembled()
    with pytest.raises(Refused, match="discrepancies are not settled"):
        services.issue_report(report=found.report, by=system_actor(_partnership()), today=TODAY)


def test_the_report_has_every_format_from_one_source(formats: dict[str, bytes]) -> None:
    from shield.annual_report import render

    assert set(formats) == set(render.FORMATS)
    assert formats["report.pdf"].startswith(b"%PDF-")
    assert formats["report.docx"].startswith(b"PK")
    facts = json.loads(formats["report.json"])
    assert {"sections", "figures", "tables", "gaps", "statutory_items", "discrepancies"} <= set(facts)
    board = next(f for f in facts["figures"] if f["key"] == "meetings.board_held")
    assert board["value"] == len(board["records"]) == 5
    text = formats["report.html"].decode()
    assert "Where there has been little or no progress" in text
    assert "Partnership Board, 28 October 2019" in text


def test_every_record_knows_the_section_it_was_taken_from() -> None:
    from shield.improvement.models import Action, Finding, Recommendation
    from shield.kernel.accounts.models import Provenance
    from shield.meetings.models import Body, Gathering

    known = set(Provenance.objects.filter(partnership=_partnership()).values_list("record_id", flat=True))
    for model in (Gathering, Body, Recommendation, Finding, Action):
        without = model.objects.filter(partnership=_partnership()).exclude(pk__in=known)
        assert list(without) == [], model.__name__


def test_the_history_of_the_loaded_year_verifies() -> None:
    from shield.kernel.history import queries

    verdict = queries.verify(_partnership().pk)
    assert verdict.sound, verdict.first_fault
    assert verdict.count > 500


def test_the_second_partnership_is_empty() -> None:
    from shield.improvement.models import Action
    from shield.kernel.accounts.models import Partnership
    from shield.meetings.models import Gathering

    other = Partnership.objects.get(slug="marlowe")
    assert not Gathering.objects.filter(partnership=other).exists()
    assert not Action.objects.filter(partnership=other).exists()


def test_everything_that_waits_is_one_list_in_date_order_and_only_ones_own_for_an_agency() -> None:
    from shield.kernel.accounts.models import Person
    from tests.cast import signed_in

    manager = signed_in(Person.objects.get(name="Marian Okoro"))
    home = manager.get("/bexley/").content.decode()
    assert 'href="/bexley/work"' in home
    rows = manager.get("/bexley/work?export=csv")
    assert rows.status_code == 200
    told = manager.get("/bexley/work?late=on").content.decode()
    assert "6-month impact review of Priority 1" in told
    assert "Second phase of the same operation" not in told
    assert "Second phase of the same operation" not in manager.get("/bexley/work").content.decode()
    assert "Second phase of the same operation" in manager.get("/bexley/awaited").content.decode()
    libraries = signed_in(Person.objects.get(name="Rosa Whitlock")).get("/bexley/work").content.decode()
    assert "6-month impact review" not in libraries


def test_a_discrepancy_is_found_by_a_word_and_settling_it_leads_back_to_the_words() -> None:
    from shield.kernel.accounts.models import Person
    from tests.cast import signed_in

    manager = signed_in(Person.objects.get(name="Marian Okoro"))
    found = manager.get("/bexley/figures/discrepancies?words=strategic+mase").content.decode()
    assert "Strategic MASE, 18 December 2018" in found
    assert "First annual partnership conference" not in found
    settle = re.search(r'href="(/bexley/figures/discrepancies/settle\?[^"]+)"', found)
    assert settle is not None
    page = manager.get(html.unescape(settle.group(1))).content.decode()
    assert 'href="/bexley/figures/discrepancies?words=strategic+mase"' in page


LED = {
    "Partnership Board, 29 October 2018": (31, {"London Borough of Bexley"}),
    "Learning Hub on Priority 1, first session": (18, {"Metropolitan Police Service", "operational team"}),
    "Strategic MASE, 18 December 2018": (20, set()),
    "Learning Hub on Priority 1, recommendations": (17, {"operational team"}),
    "Partnership Board, 28 January 2019": (31, {"Bexley Clinical Commissioning Group"}),
    "Learning Hub on Priority 2, first session": (
        20,
        {"Bexley Clinical Commissioning Group", "operational team"},
    ),
    "Learning Hub on Priority 2, recommendations": (
        20,
        {"Bexley Clinical Commissioning Group", "operational team"},
    ),
    "Partnership Board, 29 April 2019": (32, {"Metropolitan Police Service"}),
    "Learning Hub on Priority 3, first session": (20, {"London Borough of Bexley", "operational team"}),
    "Partnership Board, 8 July 2019": (28, {"London Borough of Bexley"}),
}
"""Section 4, meeting by meeting: how many came, and who chaired or led; offices chaired the Strategic MASE."""


def test_who_was_there_over_the_year_is_what_section_4_says() -> None:
    from datetime import date

    from shield.kernel.accounts.queries import system_actor
    from shield.meetings import queries

    found = queries.presence_by_agency(system_actor(_partnership()), date(2018, 10, 1), date(2019, 10, 31))
    counts = queries.head_counts(found.meetings, _partnership().pk)
    shown = {}
    for column, meeting in enumerate(found.meetings):
        there = {
            name for name, row in zip(found.agencies, found.cells, strict=True) if row[column] == "present"
        }
        shown[meeting.title] = (
            counts.get(meeting.pk, (None, ()))[0],
            {name.removeprefix("Bexley S.H.I.E.L.D. ") for name in there},
        )
    assert {title: shown[title] for title in LED} == LED


@pytest.mark.parametrize("name", ["Partnership Board", "Learning Hub"])
def test_a_search_finds_what_is_called_so_first_and_statements_last(name: str) -> None:
    from shield.kernel.accounts.models import Person
    from shield.kernel.search import queries, rules, services
    from tests.cast import actor_of

    services.rebuild(partnership_id=_partnership().pk)
    marian = actor_of(Person.objects.select_related("user").get(name="Marian Okoro"), _partnership())
    kinds = [hit.kind for hit in queries.find(rules.ask(name), marian).hits]
    assert kinds[0] == "meetings.body"
    assert "reporting.statement" in kinds
    assert set(kinds[kinds.index("reporting.statement") :]) == {"reporting.statement"}


def test_the_evidence_of_each_cycle_is_on_its_delivery_plan() -> None:
    """Section 5.4.2 names six sources for priority 3; 5.2.2 and 5.2.4 four for priority 1."""
    from shield.domain.learning_hub.models import Cycle

    plans = {cycle.priority.number: cycle for cycle in Cycle.objects.filter(partnership=_partnership())}
    assert {number: cycle.plan_items.count() for number, cycle in plans.items()} == {1: 4, 2: 0, 3: 6}
    assert {number: cycle.planned.count() for number, cycle in plans.items()} == {1: 2, 2: 2, 3: 0}
    assert "23 complaints" in plans[3].plan_items.get(source__contains="complaints").says


def test_the_years_auditing_is_told_with_every_count_and_its_contradictions_stay(
    as_loaded: Any, formats: dict[str, bytes]
) -> None:
    found = as_loaded
    counted = {
        f"{key} {number}": found.figure(f"audits.{key}.priority-{number}").value
        for key in ("cases", "practitioners", "audit_team_agencies", "discussion_agencies")
        for number in (1, 2, 3)
    }
    assert counted == {
        "cases 1": 4, "cases 2": 8, "cases 3": 4,
        "practitioners 1": 17, "practitioners 2": 20, "practitioners 3": None,
        "audit_team_agencies 1": 6, "audit_team_agencies 2": 6, "audit_team_agencies 3": None,
        "discussion_agencies 1": 8, "discussion_agencies 2": 5, "discussion_agencies 3": None,
    }  # fmt: skip
    assert found.figure("audits.sampling_frame.priority-2").value == 107
    lines = [d.line for d in found.discrepancies]
    assert any("Agencies in the audit team" in line and "5" in line and "6" in line for line in lines)
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", formats["report.html"].decode())))
    assert (
        "8 children's records, 4 of them as deep dives (the panel alone discussed four of the eight)" in text
    )
    assert "There is no audit team for this kind of audit" in text
    assert "107 to choose from, April 2018 to December 2018" in text
    for words in (
        "“children's records” (section 10.3) — “families” (section 5.3.4)",
        "“contacts and referrals” (section 10.3) — “individual children” (section 5.3.4)",
        "“weekly Operational MASE” (section 10.3) — “weekly multi-agency missing meeting” (section 5.2.4)",
        "“Practice Review and Learning Manager” (section 10.3) — “Operations team” (section 5.4.2)",
    ):
        assert any(words in line for line in lines), words


def test_everybody_who_was_heard_in_the_sample_year_is_on_record_with_how_many() -> None:
    """Sections 5.2.5 and 5.3.5; what meetings count is read from their register."""
    from shield.domain.voice import queries
    from shield.kernel.accounts.queries import system_actor

    by = system_actor(_partnership())
    rows = list(queries.activities(by))
    counts = queries.how_many(rows, by)
    found = sorted((row.priority.number, row.group, counts[row.pk].count or 0) for row in rows)
    assert found == [
        (1, "foster_carers", 12),
        (1, "parents", 2),
        (1, "practitioners", 13),
        (1, "young_people", 8),
        (2, "parents", 1),
        (2, "parents", 4),
        (2, "parents", 6),
        (2, "parents", 11),
        (2, "parents", 17),
        (2, "practitioners", 0),
        (2, "practitioners", 1),
        (2, "practitioners", 8),
    ]


def test_the_home_page_asks_the_database_little_once_its_work_is_worked_out(
    settings: Any, count_queries: Callable[[], Any]
) -> None:
    from shield.kernel.accounts.models import Person
    from tests.cast import signed_in

    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "home of the sample year"}
    settings.CACHES = {**settings.CACHES, "derived": kept}
    for name in ("Marian Okoro", "Theo Lindqvist", "Priya Nair", "Judith Amsel", "Owen Tadesse"):
        client = signed_in(Person.objects.get(name=name))
        for box in re.findall(r'"(/bexley/home/\w+)"', client.get("/bexley/").content.decode()):
            client.get(box)
        with count_queries() as sent:
            text = client.get("/bexley/").content.decode()
        assert len(sent) <= 15, (name, len(sent))
        stuck = ("People not told what came of it", "Feedback never answered", "Priority without children")
        assert [words in text for words in stuck] == [name != "Owen Tadesse"] * 3, name


def test_the_voice_of_the_sample_year_is_in_the_report_with_what_is_missing(
    as_loaded: Any, formats: dict[str, bytes]
) -> None:
    found = as_loaded
    assert found.figure("voice.promised_activities").value == 5
    assert found.figure("voice.told").text.startswith("0 of ")
    assert any(gap.sort == "unheard" and "Priority 2" in gap.text for gap in found.gaps)
    assert any("Survey of foster carers" in d.line and "month" in d.line for d in found.discrepancies)
    text = html.unescape(formats["report.html"].decode())
    for words in (
        "What children, families and practitioners said",
        "Film on missing children",
        "Who was heard",
    ):
        assert words in text
    for name, number in HEARD.items():
        row = text[text.index(name) :].partition("</tr>")[0]
        assert re.search(rf">\s*{number}\s*</td>\s*$", row), name
    assert found.figure("voice.people_heard").value == 75


HEARD = {
    "Film on missing children, commissioned": 8,
    "Parents who spoke to the Practice": 2,
    "Parent interviewed by the": 1,
    "Parents supported by Bexley Women": 4,
    "Practitioner interviewed by the": 1,
}
"""By the beginning of its title: how many took part in an activity, small numbers of adults among them."""
