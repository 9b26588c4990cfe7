"""Years, statements and how a discrepancy is settled and opens again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shield.kernel.access.rules import Forbidden
from shield.kernel.records.rules import Refused
from shield.kernel.reporting import queries, rules, services
from shield.kernel.reporting.models import Statement, make_statement
from tests.cast import TODAY

YEAR = rules.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), date(2019, 10, 31))
REASON = "The signing-in sheet says so."


@pytest.fixture
def by(actor):
    return actor("business_manager")


def say(by, value, section, subject="workshop", attribute="attendance"):
    statement = make_statement(
        by.partnership_id,
        value,
        subject_kind="figure",
        subject_key=subject,
        subject_title="Neglect workshop",
        attribute=attribute,
        source="Annual report",
        section=section,
    )
    return services.record_statement(statement=statement, by=by)


@pytest.mark.parametrize("value", [0, -7, 2**62, date(2019, 7, 29), "Board", "Zoë 孩子"])
def test_a_value_is_kept_in_its_own_type(by, value):
    kept = Statement.objects.get(pk=say(by, value, "4").pk).value
    assert kept == value
    assert type(kept) is type(value)


def test_a_truth_is_no_value(by):
    with pytest.raises(TypeError):
        say(by, True, "4")


def test_a_discrepancy_is_settled_with_a_reason_and_opens_again_with_a_new_value(by):
    say(by, 34, "4")
    say(by, 43, "9")
    [found] = queries.discrepancies(by, YEAR)
    assert found.is_open
    assert found.line == "Neglect workshop, number attending: 34 (section 4) — 43 (section 9)"
    with pytest.raises(Refused):
        services.settle(discrepancy=found, value=35, reason=REASON, by=by, today=TODAY)
    services.settle(discrepancy=found, value=34, reason=REASON, by=by, today=TODAY)
    [settled] = queries.discrepancies(by, YEAR)
    assert not settled.is_open
    assert settled.settlement.value == 34
    say(by, 50, "12")
    [again] = queries.discrepancies(by, YEAR)
    assert again.is_open


def test_statements_of_another_partnership_are_not_compared(by, actor, otherton):
    say(by, 34, "4")
    stranger = actor("business_manager", partnership=otherton)
    say(stranger, 43, "9")
    assert queries.discrepancies(by, YEAR) == []
    assert queries.discrepancies(stranger, YEAR) == []


def test_an_import_is_all_or_nothing(by):
    def row(value):
        return make_statement(
            by.partnership_id,
            value,
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


def test_a_year_runs_forward_and_is_named_once(by):
    values = {
        "name": "2018-19",
        "starts_on": YEAR.starts_on,
        "ends_on": YEAR.ends_on,
        "as_at": YEAR.as_at,
        "edition": "WT2018",
        "by": by,
    }
    services.add_year(**values)
    with pytest.raises(ValidationError):
        services.add_year(**values)
    with pytest.raises(ValidationError):
        services.add_year(**{**values, "name": "1066", "ends_on": date(1066, 10, 14)})
    assert [year.period.name for year in queries.years(by)] == ["2018-19"]


def test_who_may_not_does_not(actor):
    partner = actor("safeguarding_partner")
    with pytest.raises(Forbidden):
        say(partner, 1, "1")
    with pytest.raises(Forbidden):
        services.settle(discrepancy=None, value=1, reason=REASON, by=partner, today=TODAY)
