"""What one of the two databases would take, a record refuses on both; what differs is kept out."""

import datetime
import threading
import uuid

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Agency, Partnership
from shield.kernel.clocks.models import Clock
from shield.kernel.records import models
from shield.kernel.records.rules import RecordRef, Stale, fold
from shield.kernel.reporting.models import Settlement, make_statement


def agency(partnership, **values):
    return Agency(**{"partnership": partnership, "name": "Hillside School", "sector": "education", **values})


def statement(partnership, value):
    return make_statement(
        partnership.pk,
        value,
        subject_kind="accounts.partnership",
        subject_key="k",
        subject_title="t",
        attribute="count",
        source="s",
        section="1",
    )


@pytest.mark.parametrize(
    "values",
    [
        {"name": "n" * 201},
        {"name": "a\x00b"},
        {"note": "a\x00b"},
        {"note": "\ud800"},
        {"sector": "piracy"},
        {"name": ""},
    ],
)
def test_text_that_does_not_fit_is_refused_on_both_databases(partnership, values):
    with pytest.raises(ValidationError) as refused:
        agency(partnership, **values).store()
    assert set(values) <= set(refused.value.message_dict)


def test_the_partnership_itself_refuses_it_too(partnership):
    partnership.vision = "Every child\x00"
    with pytest.raises(ValidationError):
        partnership.store()
    partnership.vision, partnership.ambitions = "", ["safe\x00"]
    with pytest.raises(ValidationError):
        partnership.store()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**80])
def test_a_number_larger_than_the_column_is_refused_on_both_databases(partnership, number):
    with pytest.raises(ValidationError):
        statement(partnership, number).store()


@pytest.mark.parametrize("extra", [2**40, 40_000, -1, 367])
def test_a_small_number_keeps_to_its_range_on_both_databases(partnership, extra):
    clock = Clock(
        partnership=partnership,
        about_kind="k",
        about_id=uuid.uuid4(),
        about_title="t",
        edition="WT2018",
        code="c",
        title="t",
        owed_by="o",
        started_on=datetime.date(2019, 11, 4),
        extra=extra,
    )
    with pytest.raises(ValidationError):
        clock.store()


def test_a_number_of_the_version_out_of_range_is_refused(partnership):
    row = agency(partnership, version=2**40)
    with pytest.raises(ValidationError):
        row.store()


def test_the_largest_number_that_fits_is_kept(partnership):
    assert statement(partnership, 2**63 - 1).store().value == 2**63 - 1


def test_text_inside_json_is_examined_too(partnership):
    row = Settlement(
        partnership=partnership,
        subject="s",
        subject_title="t",
        attribute="a",
        values_seen=["a\x00"],
        reason="r",
        settled_by="p",
        settled_on=datetime.date(2019, 11, 4),
    )
    row.value = 1
    with pytest.raises(ValidationError):
        row.store()


def test_a_folded_column_finds_what_icontains_does_not_on_sqlite(cast, actor):
    accounts.add_agency(by=actor("system"), name="Centre ZOË", sector="health")
    names = list(Agency.objects.values_list("name", flat=True))
    assert [name for name in names if fold("zoë") in fold(name)] == ["Centre ZOË"]
    found = Agency.objects.filter(name__icontains="zoë").exists()
    assert found == (connection.vendor == "postgresql")  # why a search never rests on icontains


def test_sqlite_takes_its_write_lock_at_the_start_of_a_transaction():
    if connection.vendor == "sqlite":
        assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_two_writers_who_read_first_both_come_through(committed_database, cast):
    """With DEFERRED transactions SQLite refuses the second of them (“database is locked”)."""
    problems = []

    def count_up():
        try:
            for _ in range(20):
                with transaction.atomic():
                    models.next_reference(cast.testbury.pk, "TST")
        except Exception as problem:  # the thread's problem is the test's
            problems.append(problem)
        finally:
            connection.close()

    writers = [threading.Thread(target=count_up) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not problems
    with transaction.atomic():
        assert models.next_reference(cast.testbury.pk, "TST") == "TST-0081"


def test_references_count_up_in_each_partnership_by_itself(partnership, otherton):
    given = [models.next_reference(p.pk, "ACT") for p in (partnership, partnership, otherton)]
    assert given == ["ACT-0001", "ACT-0002", "ACT-0001"]


def test_a_record_is_not_deleted(agencies):
    with pytest.raises(TypeError, match="not deleted"):
        agencies["school"].delete()
    with pytest.raises(TypeError, match="not deleted"):
        Agency.objects.all().delete()


def test_each_store_counts_the_version_up_and_an_older_one_is_stale(agencies, actor):
    school, by = agencies["school"], actor("system")
    before = school.version
    school.store()
    with pytest.raises(Stale) as stale, transaction.atomic():
        Agency.objects.locked(school.pk, before, by=by)
    assert stale.value.current.version == before + 1
    with transaction.atomic():
        assert Agency.objects.locked(school.pk, before + 1, by=by) == school


def test_a_service_cannot_change_a_record_of_another_partnership(agencies, actor, otherton):
    stranger = actor("system", partnership=otherton)
    with pytest.raises(Agency.DoesNotExist), transaction.atomic():
        Agency.objects.locked(agencies["school"].pk, by=stranger)


def test_a_record_is_not_tied_to_a_record_of_another_partnership(agencies, otherton):
    with pytest.raises(ValidationError, match="another partnership"):
        Agency(partnership=otherton, name="A unit", sector="education", parent=agencies["school"]).store()


def test_another_partnerships_records_are_not_visible(agencies, actor, otherton):
    stranger = actor("business_manager", partnership=otherton)
    assert Agency.objects.visible_to(actor("business_manager")).count() == 5
    assert not Agency.objects.visible_to(stranger).exists()
    assert not Agency.objects.visible_to(actor("public")).exists()
    assert list(Partnership.objects.visible_to(stranger)) == [otherton]


def test_every_kind_has_a_label_and_an_unknown_one_a_plain_word(agencies):
    assert models.kind_label("accounts.agency") == "Agency"
    assert models.kind_label("x.y") == "Record"
    assert agencies["school"].ref == RecordRef("accounts.agency", agencies["school"].pk, "Hillside School")
