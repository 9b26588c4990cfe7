"""The trail in the database: written with the act, append-only, verified, anchored outside."""

import sys
import threading
import uuid
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from shield.kernel.history import events, queries, rules, services
from shield.kernel.history.models import APPEND_ONLY, ChainHead, Event, Read, ReadSeal, missing_triggers
from shield.kernel.records.rules import RecordRef
from tests.cast import failing_act

SOMETHING = RecordRef("test.thing", uuid.UUID(int=7), "Neglect workshop")


@pytest.fixture
def by(actor):
    return actor("system")


def fill(by, count=5):
    for number in range(count):
        services.record(events.EXPORTED, on=SOMETHING, by=by, details={"reason": f"reason {number}"})


def tamper(statement, *values):
    """Change the trail as somebody would who owns the database: triggers first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in APPEND_ONLY:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        else:
            for act in ("update", "delete"):
                for model in APPEND_ONLY:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {model._meta.db_table}_no_{act}")
        cursor.execute(statement, values)


def verify(partnership_id):
    """What verification finds once the acts of a test are kept: only then their end is anchored."""
    head = ChainHead.objects.filter(pk=partnership_id).first()
    if queries.anchor(partnership_id) is None and head is not None:
        services.anchor(
            partnership_id, 1, Event.objects.filter(partnership_id=partnership_id).earliest("id").mac
        )
        services.anchor(partnership_id, head.count, head.mac)
    return queries.verify(partnership_id)


def key_of(partnership_id):
    return partnership_id.hex if connection.vendor == "sqlite" else partnership_id


def test_the_trail_of_the_cast_is_sound(cast, by):
    verdict = verify(by.partnership_id)
    assert verdict.sound
    assert verdict.count == Event.objects.filter(partnership_id=by.partnership_id).count() > 5


def test_an_entry_is_told_in_a_sentence_newest_first(by):
    fill(by, 2)
    told = queries.of_record(by.partnership_id, SOMETHING.id)
    assert [entry.sentence for entry in told] == [
        "exported the records of Neglect workshop: reason 1",
        "exported the records of Neglect workshop: reason 0",
    ]
    assert told[0].actor_name == "Shield"


def test_an_event_that_nobody_registered_is_not_written(by):
    before = Event.objects.count()
    with pytest.raises(services.Unregistered):
        services.record(events.EventKind("test.forged", "forged {title}"), on=SOMETHING, by=by)
    assert Event.objects.count() == before


def test_an_act_that_fails_leaves_no_event(by):
    before = Event.objects.count()
    with failing_act():
        fill(by, 1)
    assert Event.objects.count() == before
    assert verify(by.partnership_id).sound


def test_details_of_any_kind_and_script_verify(by):
    details = {"z": 1, "a": 'Zoë 孩子 \u2028 {x} \\ "', "none": None}
    services.record(events.EXPORTED, on=SOMETHING, by=by, details=details)
    assert verify(by.partnership_id).sound


def test_an_event_dated_in_london_time_verifies(by):
    at = datetime(2019, 7, 29, 16, 0, tzinfo=ZoneInfo("Europe/London"))
    services.record(events.EXPORTED, on=SOMETHING, by=by, at=at)
    assert verify(by.partnership_id).sound


def test_each_partnership_has_a_chain_of_its_own(by, otherton, actor):
    services.record(events.EXPORTED, on=SOMETHING, by=actor("system", partnership=otherton))
    own = Event.objects.filter(partnership_id=otherton.pk).order_by("sequence")
    assert list(own.values_list("sequence", flat=True)) == [1, 2]


def test_a_changed_row_is_named(by):
    fill(by)
    at = Event.objects.filter(partnership_id=by.partnership_id, record_id=SOMETHING.id).order_by("sequence")[
        1
    ]
    tamper("UPDATE history_event SET details = '{}' WHERE id = %s", at.pk)
    assert verify(by.partnership_id).first_fault.startswith(f"Entry {at.sequence} was changed")


@pytest.mark.parametrize("column", ["actor_name", "record_title", "kind"])
def test_a_change_of_any_column_is_noticed(by, column):
    fill(by)
    tamper(
        f"UPDATE history_event SET {column} = 'somebody else' WHERE partnership_id = %s",
        key_of(by.partnership_id),
    )
    assert verify(by.partnership_id).first_fault.startswith("Entry 1 was changed")


JUNK = [
    ("at", "junk"),
    ("mac", "é"),
    ("mac", b"\xff"),
    ("actor_id", "zz"),
    ("record_id", "zz"),
    ("details", b"\xff\x00\xff"),
    ("kind", b"\xff"),
    ("at", "9999-12-31 23:59:59+99:99"),
]


@pytest.mark.parametrize(("column", "junk"), JUNK)
def test_whatever_somebody_writes_into_a_row_it_is_named(by, column, junk):
    fill(by)
    if connection.vendor == "postgresql" and (column, junk) != ("mac", "é"):
        pytest.skip("PostgreSQL takes no such value into this column")
    at = Event.objects.filter(partnership_id=by.partnership_id, record_id=SOMETHING.id).order_by("sequence")[
        1
    ]
    tamper(f"UPDATE history_event SET {column} = %s WHERE id = %s", junk, at.pk)
    assert verify(by.partnership_id).first_fault.startswith(f"Entry {at.sequence} was changed")


def test_text_that_is_no_text_is_named(by):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL takes no such text")
    fill(by)
    at = Event.objects.filter(partnership_id=by.partnership_id, record_id=SOMETHING.id).order_by("sequence")[
        1
    ]
    tamper("UPDATE history_event SET details = CAST(x'ff00ff' AS TEXT) WHERE id = %s", at.pk)
    assert verify(by.partnership_id).first_fault.startswith(f"Entry {at.sequence} was changed")


@pytest.mark.parametrize(("column", "junk"), [("count", "junk"), ("mac", "é"), ("mac", b"\xff")])
def test_a_head_that_was_changed_is_said(by, column, junk):
    if connection.vendor == "postgresql" and junk != "é":
        pytest.skip("PostgreSQL takes no such value into this column")
    fill(by)
    services.anchor(by.partnership_id, 1, "x")
    tamper(f"UPDATE history_chainhead SET {column} = %s", junk)
    assert queries.verify(by.partnership_id).first_fault.startswith("The head says")


@pytest.mark.parametrize("column", ["at", "actor_id"])
def test_a_read_that_cannot_be_read_is_noticed(seen, column):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL takes no such value into this column")
    services.seal_reads(partnership_id=seen.partnership_id, by=seen)
    tamper(f"UPDATE history_read SET {column} = 'zz' WHERE id = %s", Read.objects.latest("id").pk)
    assert verify(seen.partnership_id).first_fault == "The record of reads was changed in batch 1."


def test_a_removed_row_is_named(by):
    fill(by)
    at = Event.objects.filter(partnership_id=by.partnership_id, record_id=SOMETHING.id).order_by("sequence")[
        1
    ]
    tamper("DELETE FROM history_event WHERE id = %s", at.pk)
    assert verify(by.partnership_id).first_fault.startswith(f"Entry {at.sequence} is missing")


def test_reordered_rows_are_named(by):
    fill(by)
    one, other = Event.objects.filter(partnership_id=by.partnership_id, record_id=SOMETHING.id).order_by(
        "sequence"
    )[1:3]
    tamper("UPDATE history_event SET sequence = 999 WHERE id = %s", one.pk)
    tamper("UPDATE history_event SET sequence = %s WHERE id = %s", one.sequence, other.pk)
    tamper("UPDATE history_event SET sequence = %s WHERE id = %s", other.sequence, one.pk)
    assert verify(by.partnership_id).first_fault.startswith(f"Entry {one.sequence} was changed")


def test_a_cut_tail_is_caught_by_the_anchor_though_the_head_was_mended(
    by, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        fill(by)
    last = Event.objects.filter(partnership_id=by.partnership_id).latest("sequence")
    kept = Event.objects.get(partnership_id=by.partnership_id, sequence=last.sequence - 2)
    tamper(
        "DELETE FROM history_event WHERE partnership_id = %s AND sequence > %s",
        key_of(by.partnership_id),
        kept.sequence,
    )
    ChainHead.objects.filter(pk=by.partnership_id).update(count=kept.sequence, mac=kept.mac)
    fault = verify(by.partnership_id).first_fault
    assert fault == f"The end is cut off: {last.sequence} entries were written, {kept.sequence} are there."


def test_the_anchor_keeps_the_furthest_end_and_does_not_grow_for_ever(by, monkeypatch):
    monkeypatch.setattr(services, "ANCHOR_FILE_LIMIT", 4000)
    place = uuid.uuid4()
    for number in range(1, 200):
        services.anchor(place, number, f"{number:064d}")
    services.anchor(place, 5, "late")
    assert queries.anchor(place) == rules.Anchor(1, 199, f"{199:064d}")
    assert queries.anchor_path(place).stat().st_size < 20_000
    assert queries.anchor(uuid.uuid4()) is None


def test_an_anchor_tells_the_end_at_every_moment_at_which_its_writer_may_be_killed(by, monkeypatch):
    monkeypatch.setattr(services, "ANCHOR_FILE_LIMIT", 200)
    place = uuid.uuid4()
    services.anchor(place, 1, f"{1:064d}")
    seen = []

    def look(frame, event, argument):
        """Called before and after each step of the writer, which is stopped meanwhile."""
        seen.append(queries.anchor(place))

    for number in range(2, 7):  # the third line makes it too long
        sys.setprofile(look)
        try:
            services.anchor(place, number, f"{number:064d}")
        finally:
            sys.setprofile(None)
        assert {known.count for known in seen} == {number - 1, number}
        assert {known.first for known in seen} == {1}
        seen.clear()


@pytest.fixture
def kept(committed_database, by):
    """A partnership whose history was really kept, and anchored."""
    fill(by)
    assert queries.verify(by.partnership_id).sound
    return by.partnership_id


def cut(partnership_id, count):
    """Take the last entries away and mend the head, as somebody would who owns the database."""
    last = Event.objects.filter(partnership_id=partnership_id).latest("sequence")
    left = Event.objects.get(partnership_id=partnership_id, sequence=last.sequence - count)
    tamper(
        "DELETE FROM history_event WHERE partnership_id = %s AND sequence > %s",
        key_of(partnership_id),
        left.sequence,
    )
    ChainHead.objects.filter(pk=partnership_id).update(count=left.sequence, mac=left.mac)


@pytest.mark.parametrize(
    "spoil", [Path.unlink, lambda p: p.write_text(""), lambda p: (p.unlink(), p.mkdir())]
)
def test_a_cut_tail_is_not_hidden_by_taking_the_anchor_away(kept, spoil):
    cut(kept, 3)
    spoil(queries.anchor_path(kept))
    assert "The anchor outside the database is missing or empty" in queries.verify(kept).first_fault


def test_a_history_of_which_nothing_is_left_is_not_sound(kept):
    tamper("DELETE FROM history_event")
    ChainHead.objects.all().delete()
    queries.anchor_path(kept).unlink()
    assert queries.verify(kept).first_fault.startswith("There is no entry at all")


def test_an_anchor_of_a_partnership_that_is_gone_is_found(kept, otherton):
    assert queries.anchored_elsewhere([kept, otherton.pk]) == []
    assert queries.anchored_elsewhere([kept]) == [str(otherton.pk)]


def test_an_anchor_that_cannot_be_written_stops_no_act_and_is_said(kept, by, monkeypatch, tmp_path, settings):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(services, "_keep_end", full)
    fill(by, 2)
    verdict = queries.verify(kept)
    assert (verdict.sound, "were not anchored" in verdict.note) == (True, True)
    (tmp_path / "file").touch()
    settings.SHIELD_ANCHORS = str(tmp_path / "file" / "anchors")
    monkeypatch.undo()
    fill(by, 1)
    assert "missing or empty" in queries.verify(kept).first_fault


def test_an_act_between_the_head_and_the_walk_is_no_fault(kept, by, monkeypatch):
    read_head = queries._head

    def busy(partnership_id):
        found = read_head(partnership_id)
        worker = threading.Thread(target=lambda: (fill(by, 3), connection.close()))
        worker.start()
        worker.join()
        return found

    monkeypatch.setattr(queries, "_head", busy)
    count = queries.head(kept)
    verdict = queries.verify(kept)
    assert (verdict.sound, verdict.count, verdict.note) == (True, count, "")
    monkeypatch.undo()
    assert queries.verify(kept).count == count + 3


def test_a_rolled_back_act_is_not_anchored(by, django_capture_on_commit_callbacks):
    before = queries.anchor(by.partnership_id)
    with django_capture_on_commit_callbacks(execute=True), failing_act():
        fill(by)
    assert queries.anchor(by.partnership_id) == before


@pytest.fixture
def seen(by):
    for number in range(3):
        services.note_read(of=RecordRef("case", uuid.UUID(int=number)), by=by, purpose="review")
    return by


def test_reads_are_sealed_in_batches(seen):
    assert services.seal_reads(partnership_id=seen.partnership_id, by=seen) == 3
    assert services.seal_reads(partnership_id=seen.partnership_id, by=seen) == 0
    services.note_read(of=SOMETHING, by=seen)
    assert services.seal_reads(partnership_id=seen.partnership_id, by=seen) == 1
    assert verify(seen.partnership_id).sound


def test_a_read_younger_than_the_moment_given_waits_for_the_next_batch(seen):
    oldest = Read.objects.earliest("id").at
    assert services.seal_reads(partnership_id=seen.partnership_id, by=seen, before=oldest) == 1


def test_a_batch_ends_before_the_first_read_that_is_too_young(seen):
    _first, second, third = Read.objects.order_by("id")
    tamper("UPDATE history_read SET at = %s WHERE id = %s", third.at + timedelta(hours=1), second.pk)
    assert services.seal_reads(partnership_id=seen.partnership_id, by=seen, before=third.at) == 1
    assert services.seal_reads(partnership_id=seen.partnership_id, by=seen) == 2
    assert verify(seen.partnership_id).sound


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM history_read WHERE id = %s",
        "UPDATE history_read SET purpose = '' WHERE id = %s",
        "UPDATE history_read SET actor_name = 'Somebody else' WHERE id = %s",
    ],
)
def test_cut_or_changed_reads_are_noticed(seen, statement):
    services.seal_reads(partnership_id=seen.partnership_id, by=seen)
    tamper(statement, Read.objects.latest("id").pk)
    assert verify(seen.partnership_id).first_fault == "The record of reads was changed in batch 1."


def test_a_cut_batch_of_reads_is_noticed_with_its_seal(seen):
    services.seal_reads(partnership_id=seen.partnership_id, by=seen)
    tamper("DELETE FROM history_readseal")
    tamper("DELETE FROM history_read")
    assert (
        verify(seen.partnership_id).first_fault
        == "The record of reads was sealed 1 times, 0 seals are there."
    )


@pytest.mark.parametrize("model", [Event, Read, ReadSeal], ids=lambda m: m.__name__)
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET partnership_id = partnership_id", "DELETE FROM {table}"]
)
def test_the_database_itself_refuses_changes(seen, model, statement):
    services.seal_reads(partnership_id=seen.partnership_id, by=seen)
    assert model.objects.exists()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=model._meta.db_table))


def test_the_database_itself_refuses_replacement_and_truncation(by):
    fill(by, 1)
    table = Event._meta.db_table
    if connection.vendor == "postgresql":
        statements = [
            f"TRUNCATE {table} CASCADE",
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET kind = 'x'",
        ]
    else:
        statements = [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"UPDATE OR REPLACE {table} SET kind = 'x'",
        ]
    for statement in statements:
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert verify(by.partnership_id).sound


def test_the_orm_is_refused_like_everybody_else(by):
    fill(by, 1)
    event = Event.objects.latest("id")
    event.actor_name = "Somebody else"
    for act in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


def rebuild(table_column="actor_name"):
    """Alter a field as a migration would, which on SQLite builds the table anew."""
    alter = migrations.AlterField("event", table_column, models.CharField(max_length=201, blank=True))
    before = MigrationExecutor(connection).loader.project_state()
    after: ProjectState = before.clone()
    alter.state_forwards("history", after)
    with connection.schema_editor() as editor:
        alter.database_forwards("history", editor, before, after)


def test_triggers_lost_in_a_migration_are_noticed_and_put_back(committed_database):
    rebuild()
    if connection.vendor == "sqlite":
        assert missing_triggers(connection) == ["history_event"]
        with pytest.raises(SystemCheckError, match=r"history\.E001"):
            call_command("check", "--database", "default", stdout=StringIO())
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []
    call_command("check", "--database", "default", stdout=StringIO())


def test_a_switched_off_trigger_is_noticed(by):
    tamper("SELECT 1")
    assert missing_triggers(connection) == [model._meta.db_table for model in APPEND_ONLY]


def test_acts_at_the_same_moment_make_one_unbroken_chain(committed_database, by):
    before = verify(by.partnership_id).count
    problems = []

    def work():
        try:
            for _ in range(10):
                fill(by, 1)
        except Exception as problem:  # the thread's problem is the test's
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not problems
    verdict = verify(by.partnership_id)
    assert verdict.sound
    assert queries.anchor(by.partnership_id).count == verdict.count == before + 30
