"""From an open report to a published one, and back: what is refused, what is frozen, which clocks run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shield.annual_report import issue, queries, services
from shield.annual_report.models import Build, Narrative, Report, Status
from shield.kernel.accounts import services as accounts
from shield.kernel.clocks.models import Clock
from shield.kernel.records.rules import Refused, Stale
from shield.kernel.reporting import services as reporting
from shield.kernel.reporting.models import make_statement
from tests.cast import TODAY

WHY = "Nothing of this kind happened in the year."


@pytest.fixture
def manager(actor: Any) -> Any:
    """The business manager of Testbury."""
    return actor("business_manager", name="Mia Manager")


@pytest.fixture
def report(manager: Any, actor: Any) -> Report:
    """The open report of Testbury's first year."""
    system = actor("system")
    year = reporting.add_year(
        name="2018-19", starts_on=date(2018, 10, 1), ends_on=date(2019, 10, 31), as_at=TODAY, edition="WT2018", by=system
    )  # fmt: skip
    return services.open_report(year=year, by=manager)


def _excuse_everything(report: Report, by: Any) -> None:
    for covered in queries.assemble(report, by).coverage:
        if covered.standing.value == "missing":
            services.excuse_item(report=report, item=covered.item.code, reason=WHY, by=by)


def test_opening_a_report_starts_its_statutory_clock(report: Report) -> None:
    clock = Clock.objects.get(about_id=report.pk)
    assert (clock.code, clock.started_on, clock.due_on) == (
        "report.publication",
        date(2019, 10, 31),
        date(2020, 10, 31),
    )


def test_a_year_has_one_report(report: Report, manager: Any) -> None:
    with pytest.raises(Refused, match="already open"):
        services.open_report(year=report.year, by=manager)


def test_a_report_with_missing_items_is_not_issued(report: Report, manager: Any) -> None:
    with pytest.raises(Refused, match="statutory items are missing"):
        services.issue_report(report=report, by=manager, today=TODAY)


def test_an_open_discrepancy_a_typed_number_and_an_unknown_figure_each_stand_in_the_way(
    report: Report, manager: Any
) -> None:
    _excuse_everything(report, manager)
    assert queries.assemble(report, manager).obstacles == []
    statement = make_statement(
        manager.partnership_id, 3, subject_kind="figure", subject_key="meetings.board_held", subject_title="Board meetings",
        attribute="value", source="A draft", section="2", year=report.year,
    )  # fmt: skip
    reporting.record_statement(statement=statement, by=manager)
    services.write(
        report=report, section="2.3", title="Working together", text="We met 12 times.", by=manager
    )
    with pytest.raises(Refused, match="no figure called"):
        services.write(
            report=report,
            section="5.1",
            title="The hub",
            text="It met {{ no.such_figure }} times.",
            by=manager,
        )
    # A figure may cease to exist after it was named.
    services.write(report=report, section="5.1", title="The hub", text="It met often.", by=manager)
    Narrative.objects.filter(section="5.1").update(text="It met {{ no.such_figure }} times.")
    told = " ".join(queries.assemble(report, manager).obstacles)
    for words in (
        "1 discrepancy is not settled",
        "1 number typed by hand is not confirmed",
        "1 figure named in the narrative does not exist (The hub)",
    ):
        assert words in told


def test_issuing_freezes_the_report_whatever_happens_to_the_records(report: Report, manager: Any) -> None:
    _excuse_everything(report, manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    before = services.render_report(report=issued, reader=manager)["report.html"]
    accounts.add_agency(by=manager, name="A later agency", sector="other", relevant_from=date(2018, 10, 1))
    assert services.render_report(report=issued, reader=manager)["report.html"] == before
    assert b"A later agency" not in before
    assert b"Open before this report can be issued" not in before
    with pytest.raises(Refused, match="can no longer be changed"):
        services.write(report=issued, section="2.3", title="Late", text="Late", by=manager)


def test_publishing_meets_the_clock_and_starts_the_one_for_copies(report: Report, manager: Any) -> None:
    _excuse_everything(report, manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    published = services.publish(report=issued, by=manager, today=TODAY)
    clocks = {c.code: c for c in Clock.objects.filter(about_id=report.pk)}
    assert clocks["report.publication"].state == "met"
    assert clocks["report.copies"].due_on == date(2019, 11, 11)
    services.note_copies_sent(report=published, on=TODAY, by=manager, today=TODAY)
    assert Clock.objects.get(code="report.copies").state == "met"
    with pytest.raises(Refused):
        services.note_copies_sent(report=published, on=TODAY, by=manager, today=TODAY)


def test_withdrawing_needs_a_reason_and_a_withdrawn_report_can_be_drafted_anew(
    report: Report, manager: Any
) -> None:
    _excuse_everything(report, manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    with pytest.raises(Refused, match="why"):
        services.withdraw(report=issued, reason="no", by=manager, today=TODAY)
    withdrawn = services.withdraw(
        report=issued, reason="A figure was wrong in chapter 4.", by=manager, today=TODAY
    )
    assert withdrawn.status == Status.WITHDRAWN
    again = services.reopen(report=withdrawn, by=manager)
    assert (again.status, again.frozen) == (Status.DRAFT, "")
    assert issue.digest(again) == ""


def test_what_was_issued_and_withdrawn_can_be_read_for_ever(
    report: Report, manager: Any, client: Any
) -> None:
    _excuse_everything(report, manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    digest, before = issue.digest(issued), issue.thaw(issued)[0]
    published = services.publish(report=issued, by=manager, today=TODAY)
    withdrawn = services.withdraw(
        report=published, reason="A figure was wrong in chapter 4.", by=manager, today=TODAY
    )
    services.reopen(report=withdrawn, by=manager)
    [earlier] = report.earlier.all()
    assert earlier.digest == digest
    assert issue.thaw(earlier)[0] == before
    address = f"/{report.partnership.slug}/report/published/2018-19"
    gone = client.get(address)
    assert gone.status_code == 410
    assert "A figure was wrong in chapter 4." in gone.content.decode()
    report.refresh_from_db()
    services.publish(
        report=services.issue_report(report=report, by=manager, today=TODAY), by=manager, today=TODAY
    )
    assert "This replaces the report" in client.get(address).content.decode()


def test_copies_are_owed_of_the_corrected_report_not_of_the_withdrawn_one(
    report: Report, manager: Any
) -> None:
    _excuse_everything(report, manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    published = services.publish(report=issued, by=manager, today=TODAY)
    withdrawn = services.withdraw(report=published, reason="A figure was wrong.", by=manager, today=TODAY)
    assert Clock.objects.get(code="report.copies").state == "stopped"
    again = services.reopen(report=withdrawn, by=manager)
    services.publish(
        report=services.issue_report(report=again, by=manager, today=TODAY), by=manager, today=TODAY
    )
    assert [c.state for c in Clock.objects.filter(code="report.copies").order_by("occasion")] == [
        "stopped",
        "running",
    ]


def test_a_year_stays_as_it_is_while_its_report_is_issued(report: Report, manager: Any) -> None:
    _excuse_everything(report, manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    issued.year.refresh_from_db()
    assert issued.year.closed
    withdrawn = services.withdraw(report=issued, reason="A figure was wrong.", by=manager, today=TODAY)
    services.reopen(report=withdrawn, by=manager)
    issued.year.refresh_from_db()
    assert not issued.year.closed


def test_a_build_of_the_draft_is_not_taken_for_one_of_what_was_issued(report: Report, manager: Any) -> None:
    _excuse_everything(report, manager)
    draft = services.ask_for_build(report=report, by=manager)
    issued = services.issue_report(report=report, by=manager, today=TODAY)
    made = services.ask_for_build(report=issued, by=manager)
    assert made.pk != draft.pk
    assert made.of_digest == issue.digest(issued)


def test_a_confirmed_number_is_no_longer_flagged_until_its_words_change(report: Report, manager: Any) -> None:
    written = services.write(
        report=report, section="2.3", title="Working together", text="We met 12 times.", by=manager
    )
    row, typed = queries.assemble(report, manager).typed[0]
    assert row.pk == written.pk
    services.confirm_number(
        written=row, typed=typed, reason="Counted from the diary of the year.", by=manager
    )
    assert queries.assemble(report, manager).typed == []
    services.write(
        report=report, section="2.3", title="Working together", text="We lost 12 members.", by=manager
    )
    assert [t.number for _, t in queries.assemble(report, manager).typed] == ["12"]


def test_two_people_writing_the_same_section_do_not_overwrite_each_other(
    report: Report, manager: Any
) -> None:
    written = services.write(report=report, section="2.3", title="One", text="First.", by=manager)
    services.write(
        report=report,
        section="2.3",
        title="One",
        text="Second.",
        by=manager,
        expected_version=written.version,
    )
    with pytest.raises(Stale):
        services.write(
            report=report,
            section="2.3",
            title="One",
            text="Third.",
            by=manager,
            expected_version=written.version,
        )


def test_a_build_is_asked_for_once_and_finishing_it_twice_changes_nothing(
    report: Report, manager: Any, actor: Any
) -> None:
    build = services.ask_for_build(report=report, by=manager)
    assert services.ask_for_build(report=report, by=manager).pk == build.pk
    done = services.perform_build(build_id=build.pk, by=actor("system"))
    again = services.perform_build(build_id=build.pk, by=actor("system"))
    assert (done.status, again.version) == ("done", done.version)
    assert Build.objects.count() == 1
