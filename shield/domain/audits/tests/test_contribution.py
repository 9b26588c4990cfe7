"""What audits give to the report."""

from datetime import date

from shield.domain.audits import contribution, services
from shield.domain.audits.tests import factories as make
from shield.improvement.tests import factories as chain
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import rules as reporting
from tests.cast import TODAY

YEAR = reporting.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), TODAY)


def past(by, **more):
    given = {"title": "Four cases", "sort": "multi_agency", "starts_on": date(2018, 11, 13), **more}
    return services.record_audit(by=by, today=TODAY, **given)


def table(by, number=0):
    block = contribution.section(YEAR, by).groups[0].blocks[number]
    return [[b.plain(cell) for cell in row] for row in block.rows]


def test_the_table_tells_each_multi_agency_audit_with_its_discussion(by, agencies):
    priority = chain.priority(by)
    audit = past(
        by, priority=priority, considered=8, in_depth=4, frame="Referrals to the hub.", frame_size=107,
        frame_from=date(2018, 4, 1), frame_to=date(2018, 12, 31),
        team=[agencies["police"], agencies["health"]], team_outside=["CAMHS"],
    )  # fmt: skip
    services.hold_discussion(
        audit=audit, held_on=date(2019, 2, 1), practitioners=20, agencies=[agencies["school"]],
        agencies_outside=["Children's home"], by=by, today=TODAY,
    )  # fmt: skip
    assert table(by) == [
        ["Priority 1", "Four cases. Referrals to the hub. 107 to choose from, April 2018 to December 2018",
         "8 children's records, 4 of them as deep dives", "CAMHS; Testbury Health Board; Testbury Police", "20",
         "Children's home; Hillside School"]
    ]  # fmt: skip
    figures = {
        key: reporting.compute(f"audits.{key}.priority-1", YEAR, by).value
        for key in (
            "cases",
            "deep_dive",
            "sampling_frame",
            "practitioners",
            "audit_team_agencies",
            "discussion_agencies",
        )
    }
    assert figures == {
        "cases": 8, "deep_dive": 4, "sampling_frame": 107, "practitioners": 20, "audit_team_agencies": 3,
        "discussion_agencies": 2,
    }  # fmt: skip


def test_other_kinds_stand_in_a_table_of_their_own_and_another_year_is_left_out(by, agencies):
    past(by, title="Reports", sort="single_agency", unit="report", considered=43, led_by=[agencies["police"]])
    past(by, title="Long ago", sort="dip_sample", starts_on=date(2018, 4, 1))
    assert table(by) == [
        ["Single-agency audit", "Reports", "13 November 2018", "43 reports", "Testbury Police"]
    ]
    assert reporting.compute("audits.done", YEAR, by).value == 1
    assert reporting.compute("audits.cases", YEAR, by).value is None


def test_a_year_without_audits_says_so_and_one_without_findings_is_a_gap(by):
    [told] = contribution.section(YEAR, by).groups[0].blocks
    assert b.plain(told.runs) == "No audit of this year is on record."
    made = past(by)
    assert [gap.ref.id for gap in contribution.section(YEAR, by).gaps] == [made.pk]


def test_records_chosen_are_counted_from_the_audit_itself(by, agencies):
    audit = make.chosen(by, numbers=(1, 2))
    services.set_depth(audit=audit, numbers=[2], by=by, expected_version=audit.version)
    [row] = table(by)
    assert row[2] == "2 children's records, 1 of them as a deep dive"
