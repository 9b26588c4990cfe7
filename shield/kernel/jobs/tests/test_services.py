"""Jobs happen once, are tried again, are picked up after a crash, and never without the act behind them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from shield.kernel.jobs import queries, rules, services
from shield.kernel.jobs.models import ScheduledRun, WorkerSign
from tests.cast import failing_act

NOW = datetime(2019, 11, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def done(monkeypatch):
    """Jobs of this test: what they did."""
    did = []
    monkeypatch.setattr(rules, "JOBS", {})
    monkeypatch.setattr(rules, "SCHEDULE", {})

    @rules.job("test.note")
    def note(word="", fail=False):
        did.append(word)
        if fail:
            raise ConnectionError("the mail server is down")

    return did


def work():
    """Run what is ready, as a worker does."""
    for result in DBTaskResult.objects.ready():
        result.claim("worker-1")
        try:
            result.task.call(*result.task_result.args, **result.task_result.kwargs)
        except OSError as problem:
            result.set_failed(problem)
        else:
            result.set_successful(None)


def test_a_job_is_registered_once_under_its_name(done):
    with pytest.raises(ValueError, match="twice"):
        rules.job("test.note")(lambda: None)
    with pytest.raises(LookupError, match="nothing"):
        services.enqueue("nothing")


def test_a_job_is_done_once(db, done):
    services.enqueue("test.note", word="once")
    assert queries.waiting() == 1
    work()
    work()
    assert done == ["once"]
    assert queries.waiting() == 0


def test_a_job_asked_for_in_an_act_that_fails_was_never_asked_for(db, done):
    with failing_act():
        services.enqueue("test.note", word="never")
    assert queries.waiting() == 0


def test_a_failed_job_waits_and_is_tried_again_five_times_in_all(db, done):
    services.enqueue("test.note", word="try", fail=True)
    for attempt in range(1, rules.ATTEMPTS + 1):
        DBTaskResult.objects.update(run_after=NOW)
        work()
        assert len(done) == attempt
    work()
    assert len(done) == rules.ATTEMPTS
    assert queries.failed() == 1


def test_the_waits_grow():
    assert [rules.wait_before(n).seconds // 60 for n in (2, 3, 4, 5)] == [1, 4, 16, 64]


def test_what_a_dead_worker_was_doing_is_picked_up_and_a_living_ones_is_left(db, done):
    for worker, silent_for in (("dead", timedelta(minutes=5)), ("alive", timedelta(seconds=30))):
        services.give_sign(worker=worker, now=NOW - silent_for)
        services.enqueue("test.note", word=worker)
        DBTaskResult.objects.ready().get().claim(worker)
    services.enqueue("test.note", word="unknown")
    DBTaskResult.objects.ready().get().claim("never gave a sign")
    assert services.pick_up_stranded(now=NOW) == 2
    work()
    assert sorted(done) == ["dead", "unknown"]
    assert services.pick_up_stranded(now=NOW) == 0


def test_a_job_that_ends_its_worker_every_time_gives_up_like_any_other(db, done):
    services.enqueue("test.note", word="deadly")
    for attempt in range(1, rules.ATTEMPTS + 1):
        DBTaskResult.objects.ready().get().claim(f"worker-{attempt}")
        assert services.pick_up_stranded(now=NOW) == (attempt < rules.ATTEMPTS)
    assert (queries.waiting(), queries.failed()) == (0, 1)
    assert DBTaskResult.objects.get().exception_class_path.endswith("WorkerDied")
    assert services.pick_up_stranded(now=NOW) == 0


def test_deaths_and_failures_are_counted_together(db, done):
    services.enqueue("test.note", word="try", fail=True)
    DBTaskResult.objects.ready().get().claim("dead")
    services.pick_up_stranded(now=NOW)
    for _ in range(rules.ATTEMPTS):
        DBTaskResult.objects.update(run_after=NOW)
        work()
    assert len(done) == rules.ATTEMPTS - 1
    assert queries.failed() == 1


def test_old_signs_of_life_are_forgotten(db):
    services.give_sign(worker="long gone", now=NOW - timedelta(days=2))
    services.give_sign(worker="here", now=NOW)
    services.give_sign(worker="here", now=NOW)
    services.pick_up_stranded(now=NOW)
    assert [sign.worker for sign in WorkerSign.objects.all()] == ["here"]


def test_a_scheduled_job_is_asked_for_once_however_many_look(db, done):
    rules.SCHEDULE["test.note"] = timedelta(hours=1)
    assert services.ask_for_due(now=NOW) == ["test.note"]
    assert services.ask_for_due(now=NOW + timedelta(minutes=59)) == []
    assert services.ask_for_due(now=NOW + timedelta(minutes=60)) == ["test.note"]
    assert services.ask_for_due(now=NOW + timedelta(minutes=60)) == []
    assert queries.waiting() == 2
    assert ScheduledRun.objects.count() == 1


def test_the_worker_of_the_queue_does_a_job(committed_database, done):
    services.enqueue("test.note", word="by the worker")
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert done == ["by the worker"]


def test_what_was_done_long_ago_is_forgotten_and_what_failed_is_kept(db, done):
    from shield.kernel.jobs import tasks

    for status, days in (("SUCCESSFUL", 8), ("SUCCESSFUL", 6), ("FAILED", 300), ("READY", 400)):
        key = services.enqueue("test.note")
        at = datetime.now(UTC) - timedelta(days=days)
        DBTaskResult.objects.filter(pk=key).update(
            status=status, finished_at=None if status == "READY" else at
        )
    tasks.forget_done()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY", "SUCCESSFUL"]
