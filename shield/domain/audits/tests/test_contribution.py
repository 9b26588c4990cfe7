"""What audits give to the report."""

from datetime import date

from shield.domain.audits import contribution, services
from shield.domain.audits.models import AgencyPart, Audit
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


def compared(by, agencies, officer, *, excused=(), **more):
    """An audit of two records before the panel on the last day of the year; of `excused` the police were excused."""
    audit = make.begun(by, [agencies["police"], agencies["health"]], numbers=(1, 2), **more)
    services.set_depth(audit=audit, numbers=[2], by=by, expected_version=audit.version)
    for part in AgencyPart.objects.filter(record__audit=audit).select_related("record__audit", "agency"):
        if part.agency == agencies["health"] or part.record.number in excused:
            services.excuse_part(part=part, reason="Never knew her", by=by, expected_version=part.version)
        else:
            make.accept(make.submit(part, officer, TODAY), by)
    audit.refresh_from_db()
    return services.begin_moderation(audit=audit, by=by, today=YEAR.ends_on, expected_version=audit.version)


def test_records_are_counted_on_which_some_agency_answered_and_agencies_that_did(by, agencies, officer):
    compared(by, agencies, officer)
    [row] = table(by)
    assert row[2:4] == ["2 children's records, 1 of them as a deep dive", "Testbury Police"]
    assert reporting.compute("audits.audit_team_agencies", YEAR, by).value == 1


def test_a_record_of_which_all_were_excused_was_not_considered(by, agencies, officer):
    audit = compared(by, agencies, officer, excused=(2,))
    assert reporting.compute("audits.cases", YEAR, by).value == 1
    audit.refresh_from_db()
    services.close_audit(
        audit=audit,
        nothing_found="The records were too old",
        by=by,
        today=TODAY,
        expected_version=audit.version,
    )
    assert reporting.compute("audits.cases", YEAR, by).value == 1


def test_an_audit_that_is_planned_or_with_the_agencies_is_not_done(by, agencies):
    make.audit(by, title="Planned only")
    make.begun(by, [agencies["police"]], title="With the police")
    values = [reporting.compute(key, YEAR, by).value for key in ("audits.done", "audits.cases")]
    assert values == [0, None]
    none, said, bullets = contribution.section(YEAR, by).groups[0].blocks
    assert b.plain(none.runs) == "No audit of this year is on record."
    assert b.plain(said.runs).startswith("Not done by the end of the year.")
    assert "Planned only, from 1 October 2019" in str(bullets)
    assert contribution.section(YEAR, by).proofs == ()


def test_an_audit_counts_in_the_year_in_which_it_came_before_the_panel(by, agencies, officer):
    audit = compared(by, agencies, officer)
    Audit.objects.filter(pk=audit.pk).update(compared_on=date(2019, 11, 1))
    after = reporting.Period("2019-20", date(2019, 11, 1), date(2020, 10, 31), date(2020, 10, 31))
    assert [reporting.compute("audits.done", year, by).value for year in (YEAR, after)] == [0, 1]
