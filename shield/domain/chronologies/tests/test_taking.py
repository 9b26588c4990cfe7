"""A large table is taken in by the worker: all of it or nothing, with its progress, and never twice."""

import pytest

from shield.domain.chronologies import services, tasks
from shield.domain.chronologies.models import Contribution, Entry, Upload
from shield.domain.chronologies.services import taking, writing
from shield.domain.chronologies.tests import factories as make
from shield.improvement.tests.pages import text_of, to
from shield.kernel.accounts.models import RoleGrant
from shield.kernel.history.models import Event
from shield.kernel.jobs.rules import JOBS
from shield.kernel.records.rules import Refused
from tests.cast import TODAY

ROLES = ("date", "event", "source")


def table(rows=3, last=""):
    return (
        "Date,Event,Source\r\n"
        + "".join(f"{n % 28 + 1}/5/2016,Seen {n},Notes\r\n" for n in range(rows))
        + last
    ).encode()


@pytest.fixture
def asked(parts, officer):
    """A table that the worker was asked to take in."""
    row = make.uploaded(parts[0], table(), officer, ROLES)
    return services.ask_to_take_in(upload=row, by=officer, expected_version=row.version)


def work(upload, by):
    JOBS["chronologies.take_in"](upload_id=str(upload.pk), person_id=str(by.person_id))
    return Upload.objects.get(pk=upload.pk)


def test_the_worker_takes_it_in_for_whoever_asked(asked, officer):
    assert (asked.status, Entry.objects.count()) == ("taking", 0)
    done = work(asked, officer)
    assert (done.status, done.taken, done.progress) == ("taken", 3, 100)
    assert [row.event for row in Entry.objects.order_by("sequence")] == ["Seen 0", "Seen 1", "Seen 2"]
    assert set(Entry.objects.values_list("standing", flat=True)) == {"own"}


def test_a_job_that_runs_twice_takes_it_in_once(asked, officer):
    work(asked, officer)
    assert work(asked, officer).status == "taken"
    assert Entry.objects.count() == 3


def test_nothing_is_loaded_when_it_breaks_off_and_it_is_taken_up_again(asked, officer, monkeypatch):
    monkeypatch.setattr(writing, "AT_A_TIME", 1)
    shelve = taking.indexing.shelve
    monkeypatch.setattr(taking.indexing, "shelve", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        services.perform_take_in(upload_id=asked.pk, by=officer, today=TODAY)
    assert Entry.objects.count() == 0
    assert Upload.objects.get(pk=asked.pk).status == "taking"
    monkeypatch.setattr(taking.indexing, "shelve", shelve)
    assert work(asked, officer).taken == 3


def test_it_says_how_far_it_is(asked, officer, monkeypatch):
    said = []
    monkeypatch.setattr(taking, "_say", lambda _row, percent: said.append(percent))
    work(asked, officer)
    assert said == sorted(said)
    assert (said[0], said[-1]) == (taking.READING, taking.WRITING)


def test_what_is_wrong_is_said_before_anything_is_kept(parts, officer):
    row = make.uploaded(parts[0], table(last="32/5/2016,Seen,Notes\r\n7/5/2016,,Notes\r\n"), officer, ROLES)
    row = services.ask_to_take_in(upload=row, by=officer, expected_version=row.version)
    done = work(row, officer)
    assert (done.status, done.problem, Entry.objects.count()) == ("waiting", "", 0)


def test_whoever_has_left_takes_nothing_in(asked, officer):
    RoleGrant.objects.filter(person_id=officer.person_id).update(ends_on=TODAY.replace(year=TODAY.year - 1))
    done = work(asked, officer)
    assert (done.status, Entry.objects.count()) == ("waiting", 0)
    assert "may not" in done.problem


def test_meanwhile_nothing_else_changes_the_part_and_it_can_be_stopped(asked, parts, officer):
    part = Contribution.objects.get(pk=parts[0].pk)
    with pytest.raises(Refused, match="being taken in"):
        make.entry(part, "4/5/2016", officer)
    with pytest.raises(Refused, match="being taken in"):
        make.handed_in(part, officer)
    services.stop_taking(upload=asked, by=officer)
    assert work(asked, officer).status == "waiting"
    assert Entry.objects.count() == 0
    make.entry(part, "4/5/2016", officer)


def test_a_large_table_waits_on_a_page_that_renews_itself(
    parts, officer, client_of, person, agencies, monkeypatch
):
    monkeypatch.setattr(services, "SMALL", 10)
    client = client_of(person("agency_lead", agency=agencies["police"]))
    row = make.uploaded(parts[0], table(), officer, ROLES)
    page = client.post(to("upload_take", row), {"version": row.version}, follow=True)
    assert "Waiting for the worker" in text_of(page)
    assert page.headers["Refresh"] == "3"
    done = work(row, officer)
    page = client.get(to("upload", done))
    assert "3 events came with this table" in text_of(page)
    assert "Refresh" not in page.headers


def test_the_history_says_by_whom(asked, officer):
    work(asked, officer)
    told = Event.objects.filter(kind__in=["chronologies.taking", "chronologies.taken"])
    assert {row.actor_name for row in told} == {officer.person_name}


def test_the_task_is_known_by_its_name():
    assert JOBS["chronologies.take_in"] is tasks.take_in
