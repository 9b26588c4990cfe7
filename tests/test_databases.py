"""The suite's own footing: rollback, copies, no flush, counted queries."""

import os
import subprocess
import sys
import threading
import urllib.request

import pytest
from django.db import connection, transaction

from shield.kernel.accounts.models import Partnership
from shield.kernel.history.models import Event
from tests import cast as members
from tests.databases import FLUSHES


def test_the_cast_is_there_and_rolled_back_after(cast):
    assert Partnership.objects.count() == 2
    assert len(cast.agencies) == 5


def test_nothing_of_the_test_before_is_left(db):
    assert not Partnership.objects.exists()
    assert not Event.objects.exists()


def test_a_copy_is_committed_and_seen_from_another_connection(committed_database, cast):
    seen = []
    reader = threading.Thread(target=lambda: (seen.append(Partnership.objects.count()), connection.close()))
    reader.start()
    reader.join()
    assert seen == [2]


def test_what_waits_for_the_commit_runs_on_a_copy(committed_database):
    ran = []
    with transaction.atomic():
        transaction.on_commit(lambda: ran.append(True))
        assert not ran
    assert ran


def test_each_copy_is_fresh(committed_database):
    assert not Partnership.objects.exists()


def test_another_process_works_on_the_copy(committed_database, cast):
    asks = (
        "import django; django.setup()\n"
        "from shield.kernel.accounts.models import Partnership\n"
        "print(sorted(Partnership.objects.values_list('slug', flat=True)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks],
        env=committed_database.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "['otherton', 'testbury']", done.stderr


def test_the_site_is_served_over_the_copy(live_site, cast):
    with urllib.request.urlopen(f"{live_site.url}/healthz") as answer:
        assert answer.read() == b"ok\n"


def test_the_template_is_untouched_by_copies(db):
    assert not Partnership.objects.exists()


def test_transaction_statements_are_not_counted(cast, count_queries):
    with count_queries() as sent, transaction.atomic(), transaction.atomic():
        Partnership.objects.count()
    assert len(sent) == 1


def test_people_of_the_cast_act_in_their_roles(person, actor, agencies):
    lead = members.actor_of(person("agency_lead", agency=agencies["school"]), agencies["school"].partnership)
    assert lead.roles == {"agency_lead"}
    assert lead.agency_ids == {agencies["school"].pk}
    assert actor("system").is_system
    assert actor("public").is_public


def test_what_meets_no_database_is_marked_to_run_once(request):
    assert request.node.get_closest_marker("once")


def test_what_meets_the_database_through_a_fixture_runs_on_both(request, cast):
    assert not request.node.get_closest_marker("once")


def test_what_meets_a_copy_runs_on_both(request, committed_database):
    assert not request.node.get_closest_marker("once")


@pytest.mark.django_db
def test_what_meets_the_database_by_its_mark_runs_on_both(request):
    assert not request.node.get_closest_marker("once")


FLUSHING_TESTS = """
import pytest

def test_one(transactional_db): pass

def test_two(live_server): pass

@pytest.mark.django_db(transaction=True)
def test_three(): pass

def test_four(committed_database, db): pass
"""


def test_a_test_that_would_flush_is_refused_with_the_way_out(request, tmp_path):
    path = tmp_path / "test_flushing.py"
    path.write_text(FLUSHING_TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-q", "-c", str(request.config.inipath)]
    rooted = ["--rootdir", str(request.config.rootpath), "-p", "tests.databases", str(path)]
    # Under CI pytest prints every reason once more in its summary.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        command + rooted,
        capture_output=True,
        text=True,
        check=False,
        cwd=request.config.rootpath,
        env=environment,
    )
    assert "4 errors" in done.stdout, done.stdout + done.stderr
    assert done.stdout.count(FLUSHES[:60]) == 3
