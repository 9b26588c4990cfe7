"""An audit that was put on record afterwards is corrected, and the history tells what changed."""

from datetime import date

import pytest

from shield.domain.audits import services
from shield.domain.audits.models import Audit
from shield.domain.audits.tests import factories as make
from shield.improvement.tests.pages import day, send, text_of, to
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused
from shield.kernel.reporting.models import ReportingYear
from tests.cast import TODAY


@pytest.fixture
def recorded(by, agencies):
    return services.record_audit(
        title="Core groups", sort="dip_sample", starts_on=date(2019, 6, 1), precision="month", considered=8,
        team=[agencies["police"]], by=by, today=TODAY,
    )  # fmt: skip


@pytest.fixture
def manager(person, client_of):
    return client_of(person("learning_manager", name="Theo Learner"))


def change(audit, by, **given):
    team = {"team": given.pop("team")} if "team" in given else {}
    return services.change_audit(
        audit=audit, changes=given, led_by=[], by=by, today=TODAY, expected_version=audit.version, **team
    )


def last_said(audit):
    return history.of_record(audit.partnership_id, audit.pk)[0].sentence


def test_its_numbers_dates_and_team_are_corrected_and_the_history_tells_what_stood_there(
    recorded, by, agencies
):
    change(recorded, by, considered=9, ends_on=date(2019, 7, 1), team=[agencies["health"]])
    row = Audit.objects.get(pk=recorded.pk)
    assert (row.considered, row.closed_on) == (9, date(2019, 7, 1))
    assert list(row.team.all()) == [agencies["health"]]
    said = last_said(recorded)
    assert "records looked at: “8” → “9”" in said
    assert "end: “” → “1 July 2019”" in said
    assert "audit team: “Testbury Police” → “Testbury Health Board”" in said


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"considered": 8}, "Nothing was changed"),
        ({"in_depth": 9}, "in depth than were looked at"),
        ({"starts_on": date(2020, 1, 1)}, "audit that was done"),
        ({"answers_due_on": TODAY}, "only while an audit is with the agencies"),
    ],
    ids=["nothing", "numbers", "future", "answers"],
)
def test_a_correction_that_cannot_be_is_refused(recorded, by, given, why):
    with pytest.raises(Refused, match=why):
        change(recorded, by, **given)


def test_what_an_issued_report_tells_stands_until_it_is_withdrawn(recorded, by, cast):
    discussion = services.hold_discussion(audit=recorded, held_on=TODAY, practitioners=17, by=by, today=TODAY)
    year = ReportingYear(
        partnership=cast.testbury, reference="YEA-0001", name="2018-19", starts_on=date(2018, 10, 1),
        ends_on=date(2019, 10, 31), as_at=date(2019, 10, 31), edition="wt2018", closed=True,
    ).store()  # fmt: skip
    with pytest.raises(Refused, match="The report of 2018-19 is issued with this audit in it"):
        change(recorded, by, considered=9)
    with pytest.raises(Refused, match="2018-19"):
        services.hold_discussion(audit=recorded, held_on=TODAY, by=by, today=TODAY)
    with pytest.raises(Refused, match="2018-19"):
        services.change_discussion(
            discussion=discussion, changes={"practitioners": 18}, gatherings=[], agencies=[], by=by, today=TODAY,
            expected_version=discussion.version,
        )  # fmt: skip
    with pytest.raises(Refused, match="2018-19"):
        change(Audit.objects.get(pk=recorded.pk), by, starts_on=date(2018, 9, 1), precision="day")
    year.closed = False
    year.store()
    assert change(Audit.objects.get(pk=recorded.pk), by, considered=9).considered == 9


def test_an_open_audit_of_an_issued_year_goes_on(by, agencies, cast):
    begun = make.begun(by, [agencies["police"]])
    ReportingYear(
        partnership=cast.testbury, reference="YEA-0001", name="2018-19", starts_on=date(2018, 10, 1),
        ends_on=date(2019, 10, 31), as_at=date(2019, 10, 31), edition="wt2018", closed=True,
    ).store()  # fmt: skip
    assert change(begun, by, answers_due_on=date(2019, 12, 2)).answers_due_on == date(2019, 12, 2)
    begun.refresh_from_db()
    with pytest.raises(Refused, match="has passed"):
        change(begun, by, answers_due_on=date(2019, 11, 1))


def test_the_page_corrects_all_it_tells(manager, recorded, agencies):
    page = text_of(manager.get(to("audit", recorded)))
    assert "Correct it" in page
    address = to("audit_change", recorded)
    given = {
        "title": "Core groups", "sort": "dip_sample", "unit": "child", "precision": "month", "considered": "16",
        "considered_note": "all of 2019", "team": [str(agencies["police"].pk)], "team_note": "With the chair",
        **day("starts_on", date(2019, 6, 1)),
    }  # fmt: skip
    assert 'value="8"' in manager.get(address).content.decode()
    send(manager, address, **given)
    text = text_of(manager.get(to("audit", recorded)))
    assert "16 children's records (all of 2019)" in text
    assert "With the chair" in text
    assert "records looked at: “8” → “16”" in text
