"""The house itself: imports point down, files are short, names say what they are, migrations are made."""

from __future__ import annotations

import ast
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from tests.architecture import walk

LINES_OF_A_FILE = 600
LINES_OF_A_FUNCTION = 50
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base_utils", "shared", "tools"}
LONGER_FILES: set[str] = set()
LONGER_FUNCTIONS = {
    # Lists of specimens, one of each: shorter only by hiding some.
    "shield.kernel.design.views.showcase.components_context",
    "shield.kernel.documents.tests.samples.every_chart",
    "shield.kernel.documents.tests.samples.whole",
}


def test_the_import_contracts_are_kept():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=walk.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_change_of_a_model_has_its_migration(db):
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"Run makemigrations:\n{said.getvalue()}")


@pytest.mark.parametrize("path", walk.sources(), ids=lambda p: str(p.relative_to(walk.ROOT)))
def test_a_file_is_short_enough_to_be_read(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LINES_OF_A_FILE or str(path.relative_to(walk.ROOT)) in LONGER_FILES


@pytest.mark.parametrize("path", walk.sources(), ids=lambda p: str(p.relative_to(walk.ROOT)))
def test_a_function_is_short_enough_to_be_understood(path):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(walk.sources()[path])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LINES_OF_A_FUNCTION
        and f"{walk.dotted(path)}.{node.name}" not in LONGER_FUNCTIONS
    ]
    assert long == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    names = {part for path in walk.sources() for part in (path.stem, path.parent.name)}
    assert names & NO_NAMES == set()


def test_there_are_no_signals_and_no_admin():
    for path in walk.sources():
        if walk.PACKAGE in path.parents:
            assert path.name not in {"admin.py", "signals.py"}
            text = path.read_text(encoding="utf-8")
            assert "@receiver" not in text, path


@pytest.mark.parametrize(
    "path", [p for p in walk.room_files("rules") if "tests" not in p.parts], ids=walk.dotted
)
def test_rules_are_pure(path):
    """No rule reads the database, the settings, the clock or the network."""
    imported = set()
    for node in ast.walk(walk.sources()[path]):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            imported |= {each.name for each in node.names}
    forbidden = (
        "django.conf",
        "django.utils.timezone",
        "urllib.request",
        "requests",
        "socket",
        "django.db.connection",
        "django.db.transaction",
    )
    assert not [name for name in imported if name.startswith(forbidden)]
    assert not [
        name
        for name in imported
        if name.startswith("shield.") and name.endswith((".models", ".queries", ".services"))
    ]
    calls = {ast.unparse(node.func) for node in ast.walk(walk.sources()[path]) if isinstance(node, ast.Call)}
    assert not calls & {"datetime.now", "date.today", "timezone.now", "datetime.datetime.now"}


def test_every_module_says_what_it_is_for():
    shelves = {walk.PACKAGE, walk.PACKAGE / "kernel", walk.PACKAGE / "domain"}
    for path, tree in walk.sources().items():
        if path.name == "__init__.py" and path.parent.parent in shelves:
            assert ast.get_docstring(tree), f"{path} has no paragraph on what the module is for"
