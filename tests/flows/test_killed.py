"""What is left after `kill -9`: every acknowledged act, whole, in the database and in the backups; nothing by halves."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.databases import CommittedDatabase, fresh_copy
from tests.flows import at_work
from tests.flows.places import ROOT, an_empty_place, ask, shield

EVENTS = {
    "improvement.action": "improvement.action_added",
    "meetings.gathering": "meetings.gathering_recorded",
    "files.file": "files.attached",
}
TABLES = {
    "improvement.action": "improvement_action",
    "meetings.gathering": "meetings_gathering",
    "files.file": "files_storedfile",
}
LATER = 5000
"""The number at which those begin who work after somebody was killed."""
KILLED_WORKER = """
import os, signal, sys, django; django.setup()
from django_tasks_db.models import DBTaskResult
from shield.kernel.history import services as history
from shield.project import commandline
record, done = history.record, []
def die(*words, **details):
    os.kill(os.getpid(), signal.SIGKILL)
def record_and_die(event, **details):
    done.append(event.key)
    if done.count("accounts.person_left") == 2:
        die()
    return record(event, **details)
if sys.argv.pop() == "in the middle":
    history.record = record_and_die
else:
    DBTaskResult.set_successful = die
commandline.main(sys.argv[1:])
"""


@pytest.fixture
def house(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[CommittedDatabase]:
    """Testbury with its board."""
    from shield.meetings import services

    with fresh_copy(django_db_blocker, tmp_path) as copy, django_db_blocker.unblock():
        services.add_body(name="Board", sort="board", by=cast.system(cast.set_up().testbury))
        yield copy


class People:
    """People at work in another process; what they say is taken as it comes, so they never wait for who reads it."""

    def __init__(self, environment: dict[str, str], *words: str) -> None:
        command = [sys.executable, "-m", "tests.flows.at_work", *words]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.kept: dict[uuid.UUID, tuple[int, str]] = {}
        """What was acknowledged: number and kind of each record by its id."""
        self.ended: dict[int, int] = {}
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.put(line)
        self.said.put("over\n")

    def next(self) -> str:
        """Take in the next line, and say what it tells."""
        line = self.said.get(timeout=60)
        assert line.endswith("\n"), "A line that was cut off acknowledges nothing."
        what, *words = line.split()
        if what == "kept":
            self.kept[uuid.UUID(words[2])] = (int(words[0]), words[1])
        elif what == "ended":
            self.ended[int(words[0])] = int(words[1])
        return what

    def until_kept(self, count: int) -> set[uuid.UUID]:
        """Wait until so many acts more are acknowledged; returns all that ever were."""
        wanted = len(self.kept) + count
        while len(self.kept) < wanted:
            assert self.next() != "over"
        return set(self.kept)

    def killed_in_the_middle(self) -> None:
        """End them when the newest that is known of them is that they have begun an act."""
        while not (self.next() == "begins" and self.said.empty()):
            pass
        self.process.send_signal(signal.SIGKILL)
        assert self.over() == -signal.SIGKILL

    def over(self) -> int:
        """Take in what is left to take in, and say how the process ended."""
        while self.next() != "over":
            pass
        self._listening.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait()


@contextmanager
def at_work_in(house: CommittedDatabase, *words: str) -> Iterator[People]:
    people = People(house.environment, *words)
    try:
        yield people
    finally:
        people.process.kill()
        people.process.wait()


def whole(environment: dict[str, str]) -> dict[uuid.UUID, str]:
    """The records of the three kinds by id; an error if one lacks its event, its lines or its file, or has another's."""
    found: dict[uuid.UUID, str] = {}
    for kind, table in TABLES.items():
        rows = {uuid.UUID(str(key)) for (key,) in ask(environment, f"SELECT id FROM {table}")}
        told = [
            uuid.UUID(str(key))
            for (key,) in ask(
                environment, f"SELECT record_id FROM history_event WHERE kind = '{EVENTS[kind]}'"
            )
        ]
        assert sorted(told) == sorted(rows), f"{table}: a row without its event, or an event without its row"
        found |= dict.fromkeys(rows, kind)
    lines: dict[uuid.UUID, list[str]] = {
        key: [] for key, kind in found.items() if kind == "meetings.gathering"
    }
    for key, text in ask(environment, "SELECT gathering_id, text FROM meetings_agendaitem ORDER BY position"):
        lines[uuid.UUID(str(key))].append(text)
    assert [key for key, texts in lines.items() if tuple(texts) != at_work.BUSINESS] == []
    for digest, size in ask(environment, "SELECT sha256, size FROM files_storedfile"):
        assert (Path(environment["SHIELD_FILES"]) / digest[:2] / digest).stat().st_size == size
    return found


def texts(environment: dict[str, str]) -> dict[uuid.UUID, str]:
    """What is written in the actions, by id."""
    return {
        uuid.UUID(str(key)): text for key, text in ask(environment, "SELECT id, text FROM improvement_action")
    }


def holds(environment: dict[str, str], kept: dict[uuid.UUID, tuple[int, str]]) -> None:
    """Every record that was acknowledged is there, of its kind, with what was written."""
    there, written = whole(environment), texts(environment)
    assert {key: kind for key, (_, kind) in kept.items()} == {key: there.get(key) for key in kept}
    for key, (number, kind) in kept.items():
        if kind == "improvement.action":
            assert written[key] == at_work.text_of(number)


def sound(environment: dict[str, str]) -> None:
    verdicts = shield(environment, "history", "verify")
    assert verdicts.returncode == 0, verdicts.stdout
    assert verdicts.stdout.count(", sound") == 2


# Writers ----------------------------------------------------------------------------------------------


def test_whoever_is_killed_at_work_leaves_every_acknowledged_act_and_so_do_the_backups(
    house: CommittedDatabase, tmp_path: Path
) -> None:
    during, after = tmp_path / "during.tar", tmp_path / "after.tar"
    with at_work_in(house, "write") as people:
        before = people.until_kept(15)
        done = shield(house.environment, "backup", "--to", str(during))
        assert done.returncode == 0, done.stdout + done.stderr
        people.until_kept(3)
        people.killed_in_the_middle()

    holds(house.environment, people.kept)
    assert len(whole(house.environment)) <= len(people.kept) + 1, (
        "at most one act was kept and not acknowledged"
    )
    sound(house.environment)

    with an_empty_place(house, tmp_path / "restored") as place:
        done = shield(place.environment, "restore", str(during))
        assert done.returncode == 0, done.stdout + done.stderr
        holds(place.environment, {key: people.kept[key] for key in before})
        assert people.kept.keys() - whole(place.environment).keys(), "nobody could work during the backup"
        sound(place.environment)

    with at_work_in(house, "write", str(LATER)) as others:
        others.until_kept(1)
        done = shield(house.environment, "backup", "--to", str(after), "--drill")
        others.until_kept(1)
        others.killed_in_the_middle()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rows compared" in done.stdout
    assert "files compared" in done.stdout
    assert people.kept.keys() <= held_by(after)
    assert others.kept.keys() - held_by(after), "nobody could work during the drill"

    there = whole(house.environment)
    refused = shield(house.environment, "restore", str(after))
    assert refused.returncode == 2, "a backup was restored over what people work with"
    assert whole(house.environment) == there


def held_by(backup: Path) -> set[uuid.UUID]:
    """The records of the three kinds that a backup holds."""
    from shield.project.backups import archive

    with archive.opened(backup) as opened:
        return {uuid.UUID(row[0]) for table in TABLES.values() for row in opened.lines(table)}


def test_an_act_that_is_killed_after_any_of_its_statements_leaves_nothing_of_itself(
    house: CommittedDatabase,
) -> None:
    with at_work_in(house, "die") as people:
        assert people.over() == 0
    killed = [number for number, status in people.ended.items() if status == -signal.SIGKILL]
    assert people.ended == {**dict.fromkeys(killed, -signal.SIGKILL), len(killed): 0}
    assert len(killed) > 10
    holds(house.environment, people.kept)
    there = whole(house.environment).keys() - people.kept.keys()
    # The first was killed after its commit and before anybody knew of it.
    assert [at_work.text_of(0).startswith(title) for (title,) in titles(house, there)] == [True]
    assert [number for number, _ in people.kept.values()] == [len(killed)]
    sound(house.environment)


def titles(house: CommittedDatabase, keys: Any) -> list[tuple[Any, ...]]:
    rows = ask(house.environment, "SELECT id, title FROM meetings_gathering")
    return [(title,) for key, title in rows if uuid.UUID(str(key)) in keys]


# The worker -------------------------------------------------------------------------------------------


@pytest.fixture
def leavers(house: CommittedDatabase) -> list[Any]:
    """Two people whose last day is over, each with work to hand over; the job that does it waits."""
    from shield.improvement import services as improvement
    from shield.kernel.accounts import services as accounts
    from shield.kernel.accounts.models import Partnership
    from shield.kernel.calendar import queries as calendar
    from shield.kernel.jobs import services as jobs

    by = cast.system(Partnership.objects.get(slug="testbury"))
    testbury = Partnership.objects.get(slug="testbury")
    people = [cast.make_person("agency_lead", partnership=testbury) for _ in range(2)]
    for person in people:
        improvement.add_action(text="Ask each child", owner=improvement.Owner(person=person), by=by)
        accounts.leave(
            person=person, last_day=cast.TODAY - timedelta(3), hand_over_to=None, reason="New post",
            by=by, today=cast.TODAY - timedelta(9), now=calendar.now(),
        )  # fmt: skip
    jobs.enqueue("accounts.carry_out_leavings")
    return people


def left() -> list[str]:
    """Who is told to have left, and what became of their work."""
    from shield.kernel.history.models import Event

    return sorted(
        Event.objects.filter(kind__in=("accounts.person_left", "improvement.owner_left")).values_list(
            "kind", flat=True
        )
    )


def job() -> tuple[str, int]:
    """Where the job stands, and at which attempt."""
    from django_tasks_db.models import DBTaskResult

    row = next(
        r
        for r in DBTaskResult.objects.all()
        if r.args_kwargs["kwargs"]["name"] == "accounts.carry_out_leavings"
    )
    return row.status, row.args_kwargs["kwargs"]["attempt"]


@pytest.mark.parametrize(("moment", "done_before"), [("in the middle", 0), ("before it is noted as done", 2)])
def test_what_a_killed_worker_was_doing_is_taken_up_again_and_done_once(
    house: CommittedDatabase, leavers: list[Any], moment: str, done_before: int
) -> None:
    from shield.kernel.jobs import rules
    from shield.kernel.jobs.models import WorkerSign

    killed = shield(house.environment, "worker", "--once", moment, script=KILLED_WORKER)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert job() == ("RUNNING", 1)
    assert left().count("accounts.person_left") == left().count("improvement.owner_left") == done_before

    # Another worker leaves it alone as long as the first may be alive.
    assert shield(house.environment, "worker", "--once").returncode == 0
    assert job() == ("RUNNING", 1)
    for sign in WorkerSign.objects.all():
        sign.seen_at -= rules.SILENCE
        sign.save()
    for _ in range(2):
        assert shield(house.environment, "worker", "--once").returncode == 0
        assert job() == ("SUCCESSFUL", 2)
        assert left() == ["accounts.person_left"] * 2 + ["improvement.owner_left"] * 2
    sound(house.environment)
