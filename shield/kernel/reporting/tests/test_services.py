"""Years, statements and how a discrepancy is settled and opens again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shield.kernel.access.rules import Forbidden
from shield.kernel.records.rules import Refused
from shield.kernel.reporting import permissions, queries, rules, services
from shield.kernel.reporting.models import ReportingYear, Settlement, Statement, make_statement
from tests.cast import TODAY

YEAR = rules.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), date(2019, 10, 31))
REASON = "The signing-in sheet says so."


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def year(by):
    return make_year(by)


def make_year(by, name="2018-19", starts_on=YEAR.starts_on, ends_on=YEAR.ends_on):
    """The year of this name, set up if it is not there yet."""
    found = ReportingYear.objects.filter(partnership_id=by.partnership_id, name=name).first()
    edition = {"edition": "WT2018", "as_at": ends_on, "by": by}
    return found or services.add_year(name=name, starts_on=starts_on, ends_on=ends_on, **edition)


def say(by, value, section, subject="workshop", attribute="attendance", year=None):
    statement = make_statement(
        by.partnership_id,
        value,
        year=year or make_year(by),
        subject_kind="figure",
        subject_key=subject,
        subject_title="Neglect workshop",
        attribute=attribute,
        source="Annual report",
        section=section,
    )
    return services.record_statement(statement=statement, by=by)


def settle(found, value, by, seen=None):
    return services.settle(
        discrepancy=found,
        value=value,
        reason=REASON,
        by=by,
        today=TODAY,
        seen=rules.seen(a.value for a in found.assertions) if seen is None else seen,
    )


@pytest.mark.parametrize("value", [0, -7, 2**62, date(2019, 7, 29), "Board", "Zoë 孩子"])
def test_a_value_is_kept_in_its_own_type(by, value):
    kept = Statement.objects.get(pk=say(by, value, "4").pk).value
    assert kept == value
    assert type(kept) is type(value)


def test_a_truth_is_no_value(by):
    with pytest.raises(TypeError):
        say(by, True, "4")


def test_a_discrepancy_is_settled_with_a_reason_and_opens_again_with_a_new_value(by, year):
    say(by, 34, "4")
    say(by, 43, "9")
    [found] = queries.discrepancies(by, year)
    assert found.is_open
    assert found.line == "Neglect workshop, number attending: 34 (section 4) — 43 (section 9)"
    with pytest.raises(Refused):
        settle(found, 35, by)
    settle(found, 34, by)
    [settled] = queries.discrepancies(by, year)
    assert not settled.is_open
    assert settled.settlement.value == 34
    say(by, 50, "12")
    [again] = queries.discrepancies(by, year)
    assert again.is_open


def test_statements_of_another_partnership_are_not_compared(by, year, actor, otherton):
    say(by, 34, "4")
    stranger = actor("business_manager", partnership=otherton)
    say(stranger, 43, "9")
    assert queries.discrepancies(by, year) == []
    assert queries.discrepancies(stranger, make_year(stranger)) == []


def test_what_is_said_of_a_figure_is_compared_within_its_year(by, year):
    later = make_year(by, "2019-20", date(2019, 11, 1), date(2020, 10, 31))
    say(by, 34, "4")
    say(by, 43, "9")
    say(by, 50, "2", year=later)
    [found] = queries.discrepancies(by, year)
    assert "50" not in found.line
    assert queries.discrepancies(by, later) == []
    settle(found, 34, by)
    assert [d.is_open for d in queries.discrepancies(by, year)] == [False]


def test_nothing_is_settled_that_was_not_seen(by, year):
    say(by, 34, "4")
    say(by, 43, "9")
    [opened] = queries.discrepancies(by, year)
    on_the_page = rules.seen(a.value for a in opened.assertions)
    say(by, 3, "1")
    [now] = queries.discrepancies(by, year)
    with pytest.raises(Refused, match="has changed since"):
        settle(now, 34, by, seen=on_the_page)
    assert not Settlement.objects.exists()


def test_a_settled_figure_is_printed_as_settled_with_what_was_counted(by, year):
    counted = rules.compute("meetings.board_held", year.period, by)
    assert counted.value == 0
    say(by, 3, "2", subject="meetings.board_held", attribute="value")
    [found] = queries.discrepancies(by, year)
    settle(found, 3, by)
    figure = rules.compute("meetings.board_held", year.period, by)
    assert (figure.value, figure.text) == (3, "3")
    assert "Counted from the records: 0. Settled as 3" in figure.note
    assert REASON in figure.note
    say(by, 4, "9", subject="meetings.board_held", attribute="value")
    assert rules.compute("meetings.board_held", year.period, by).value == 0


def test_an_outdated_settlement_settles_nothing(by, year):
    kind, record = "accounts.partnership", by.partnership_id

    def said(value, section):
        row = make_statement(
            record, value, year=year, subject_kind=kind, subject_id=record, subject_title="Conference",
            attribute="attendance", source="s", section=section,
        )  # fmt: skip
        services.record_statement(statement=row, by=by)

    said(78, "4")
    said(85, "A1")
    [found] = queries.discrepancies(by, year)
    settle(found, 85, by)
    assert queries.settled_values(record, kind, "attendance", [record]) == {record: (85, ())}
    said(999, "9")
    assert queries.settled_values(record, kind, "attendance", [record])[record][0] is None


def test_a_statement_recorded_by_mistake_is_taken_back_and_stays_on_record(by, year):
    say(by, 34, "4")
    wrong = say(by, 44, "9")
    with pytest.raises(Refused, match="why"):
        services.withdraw_statement(statement=wrong, reason="", by=by)
    services.withdraw_statement(statement=wrong, reason="It was typed into the wrong box.", by=by)
    assert queries.discrepancies(by, year) == []
    assert Statement.objects.filter(withdrawn=True).count() == 1
    with pytest.raises(Refused, match="already"):
        services.withdraw_statement(statement=wrong, reason="It was typed into the wrong box.", by=by)


def test_nobody_says_anything_in_or_about_another_partnership(by, actor, otherton):
    stranger = actor("business_manager", partnership=otherton)
    row = make_statement(
        by.partnership_id, 3, year=make_year(by), subject_kind="figure", subject_key="k", subject_title="t", attribute="count",
        source="s", section="1",
    )  # fmt: skip
    with pytest.raises(Refused, match="another partnership"):
        services.record_statement(statement=row, by=stranger)
    about = make_statement(
        stranger.partnership_id, 3, subject_kind="accounts.partnership", subject_id=by.partnership_id, subject_title="t",
        attribute="count", source="s", section="1",
    )  # fmt: skip
    with pytest.raises(Refused, match="not in your partnership"):
        services.record_statement(statement=about, by=stranger)
    assert not Statement.objects.exists()


def test_an_import_is_all_or_nothing(by, year):
    def row(value):
        return make_statement(
            by.partnership_id,
            value,
            year=year,
            subject_kind="figure",
            subject_key="k",
            subject_title="t",
            attribute="count",
            source="s",
            section="1",
        )

    with pytest.raises(ValidationError):
        services.import_statements(statements=[row(1), row("a\x00")], source="s", by=by)
    assert not Statement.objects.exists()
    assert services.import_statements(statements=[row(1), row(2)], source="s", by=by) == 2


VALUES = {
    "name": "2018-19",
    "starts_on": YEAR.starts_on,
    "ends_on": YEAR.ends_on,
    "as_at": YEAR.as_at,
    "edition": "WT2018",
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "2019/20"}, "name"),
        ({"name": "2019-20 “x”"}, "name"),
        ({"ends_on": date(2018, 10, 1)}, "ends_on"),
        ({"starts_on": date(1066, 10, 14), "ends_on": date(1067, 1, 1)}, "starts_on"),
        ({"ends_on": date(2099, 10, 31)}, "ends_on"),
        ({"as_at": date(1900, 1, 1)}, "as_at"),
        ({"edition": "WT2023"}, "edition"),
        ({"edition": "WT1066"}, "edition"),
    ],
)
def test_a_year_that_cannot_be_is_refused(by, changes, field):
    with pytest.raises(Refused) as refused:
        services.add_year(**{**VALUES, **changes}, by=by)
    assert refused.value.field == field
    assert not ReportingYear.objects.exists()


def test_years_do_not_overlap_and_are_named_once(by):
    services.add_year(**VALUES, by=by)
    later = {"name": "2019", "starts_on": date(2019, 10, 31), "ends_on": date(2020, 9, 30)}
    with pytest.raises(Refused, match="overlaps with the reporting year 2018-19"):
        services.add_year(**{**VALUES, **later, "as_at": date(2020, 9, 30)}, by=by)
    assert [year.period.name for year in queries.years(by)] == ["2018-19"]


def test_a_year_is_corrected_until_its_report_is_issued(by):
    year = services.add_year(**VALUES, by=by)
    year = services.change_year(
        year=year, changes={"as_at": date(2019, 12, 31)}, by=by, expected_version=year.version
    )
    assert year.as_at == date(2019, 12, 31)
    services.close_year(year=year, closed=True, by=by, permission=permissions.EDIT_YEARS)
    with pytest.raises(Refused, match="issued"):
        services.change_year(year=year, changes={"name": "2018"}, by=by, expected_version=year.version + 1)


def test_people_work_on_the_latest_year_that_has_begun(by):
    assert queries.current_year(by, TODAY) is None
    make_year(by, "2030-31", date(2023, 11, 1), date(2023, 12, 1))
    assert queries.current_year(by, TODAY).name == "2030-31"
    make_year(by)
    assert queries.current_year(by, TODAY).name == "2018-19"


def test_who_may_not_does_not(actor):
    partner = actor("safeguarding_partner")
    year = make_year(actor("business_manager"))
    with pytest.raises(Forbidden):
        say(partner, 1, "1", year=year)
    with pytest.raises(Forbidden):
        services.settle(discrepancy=None, value=1, reason=REASON, by=partner, today=TODAY, seen=[])
