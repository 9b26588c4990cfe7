"""Permissions, events, jobs and messages are closed lists, each with its role or sentence."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys

import pytest

from shield.kernel.access.rules import PERMISSIONS
from shield.kernel.history.events import EVENTS
from shield.kernel.jobs.rules import JOBS, SCHEDULE
from shield.project import roles
from tests.architecture import walk

SYSTEM_ONLY = {"clocks.edit_holidays"}
"""Permissions that no person holds: only the system does, on the command line."""


def table():
    return {permission.key: held for permission, held in roles.TABLE}


def test_every_permission_has_its_row_and_every_row_a_permission():
    assert set(table()) == set(PERMISSIONS)
    assert len(table()) == len(roles.TABLE), "a permission has two rows"


def test_only_what_the_system_alone_does_is_given_to_nobody():
    assert {key for key, held in table().items() if not held} == SYSTEM_ONLY


def test_every_role_of_the_table_is_known_and_the_system_is_given_nothing_by_name():
    assert {role for held in table().values() for role in held} <= set(roles.ROLES) - {"system"}


def test_the_public_reads_what_is_published_and_nothing_else():
    assert roles.permissions_by_role()["public"] == {"annual_report.read_published"}


@pytest.mark.parametrize("key", [*PERMISSIONS, *EVENTS])
def test_a_key_is_named_after_the_module_that_declares_it(key):
    module, _, name = key.partition(".")
    assert re.fullmatch(r"[a-z_]+", name)
    declaring = [
        p for room in ("permissions", "events") for p in walk.room_files(room) if f'"{key}"' in p.read_text()
    ]
    assert [p.parent.name for p in declaring] == [module]


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=str)
def test_a_permissions_label_is_plain_english(permission):
    assert re.fullmatch(r"[A-Z][^_.]+", permission.label)


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda e: e.key)
def test_every_event_has_a_sentence_that_formats(event):
    named = {field for _, field, _, _ in string.Formatter().parse(event.sentence) if field is not None}
    assert all(re.fullmatch(r"[a-z_]+", field) for field in named)
    told = event.tell("Neglect workshop", dict.fromkeys(named, "something"))
    assert "{" not in told
    assert told[0].islower(), "the sentence follows a person's name"
    assert "–" in event.tell("", {}) or named <= {"title"}


def test_every_scheduled_job_is_a_job():
    assert set(SCHEDULE) <= set(JOBS)


def test_every_job_is_known_to_a_process_that_only_starts():
    """A schedule that nobody imported would never run, and no test that imports it would tell."""
    code = "import django; django.setup(); from shield.kernel.jobs.rules import JOBS; print(*JOBS)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=walk.ROOT, capture_output=True, text=True, check=True
    )
    written = {
        decorator.args[0].value
        for path in walk.room_files("tasks")
        for node in ast.walk(walk.sources()[path])
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "job"
    }
    assert len(written) > 10
    assert written <= set(done.stdout.split())
