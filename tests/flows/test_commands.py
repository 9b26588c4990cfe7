"""The command line, as another process runs it on the sample year."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import CommittedDatabase


def _shield(sample: CommittedDatabase, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shield", *words],
        env={**sample.environment, **more},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_every_command_has_help_with_an_example(sample: CommittedDatabase) -> None:
    for words in (
        "demo",
        "serve",
        "worker",
        "migrate",
        "report build",
        "report check",
        "history verify",
        "routes",
        "export",
        "holidays update",
        "search rebuild",
        "backup",
        "restore",
    ):
        done = _shield(sample, *words.split(), "--help")
        assert done.returncode == 0
        assert "Example:" in done.stdout, words


def test_report_check_prints_discrepancies_and_fails_while_one_is_open(sample: CommittedDatabase) -> None:
    done = _shield(sample, "report", "check", "--partnership", "bexley", "--year", "2018-19")
    assert done.returncode == 1, done.stderr
    assert "OPEN" in done.stdout
    line = next(
        line
        for line in done.stdout.splitlines()
        if "System learning event, January 2019, number attending" in line
    )
    assert "85" in line
    assert "115" in line
    assert "MISSING" in done.stdout
    assert "Statutory contents" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_unknown_partnership_or_year_is_said_plainly(sample: CommittedDatabase) -> None:
    done = _shield(sample, "report", "check", "--partnership", "nowhere", "--year", "2018-19")
    assert (done.returncode, "There is no partnership “nowhere”" in done.stderr) == (2, True)
    done = _shield(
        sample, "report", "build", "--partnership", "bexley", "--year", "1066", "--out", "/tmp/none"
    )
    assert (done.returncode, "no report for “1066”" in done.stderr) == (2, True)


def test_report_build_writes_all_formats(sample: CommittedDatabase, tmp_path: Path) -> None:
    done = _shield(
        sample, "report", "build", "--partnership", "bexley", "--year", "2018-19", "--out", str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "report.docx",
        "report.html",
        "report.json",
        "report.pdf",
    ]


def test_routes_name_the_access_of_each(sample: CommittedDatabase) -> None:
    rows: list[dict[str, Any]] = json.loads(_shield(sample, "routes", "--json").stdout)
    assert len(rows) > 50
    assert all(row["access"] != "UNDECLARED" and row["name"] and row["methods"] for row in rows)


def test_an_export_is_without_identities_unless_somebody_who_may_gives_a_reason(
    sample: CommittedDatabase, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    assert _shield(sample, "export", "--partnership", "bexley", "--out", str(plain)).returncode == 0
    assert "Marian Okoro" not in "".join(p.read_text() for p in plain.iterdir())
    assert len((plain / "meetings.gathering.jsonl").read_text().splitlines()) > 60

    words = (
        "export",
        "--partnership",
        "bexley",
        "--out",
        str(tmp_path / "full"),
        "--as",
        "manager@bexley.example",
    )
    assert "Give the reason" in _shield(sample, *words).stderr
    assert _shield(sample, *words, "--reason", "Handed to the auditors of the partnership").returncode == 0
    assert "Marian Okoro" in (tmp_path / "full" / "accounts.person.jsonl").read_text()

    denied = _shield(
        sample,
        "export",
        "--partnership",
        "bexley",
        "--out",
        str(tmp_path / "no"),
        "--as",
        "agency@bexley.example",
        "--reason",
        "I would like to see",
    )
    assert (denied.returncode, "may not export" in denied.stderr) == (2, True)
    kept = "".join(p.read_text() for p in (tmp_path / "full").iterdir())
    assert "argon2$" not in kept
    assert "md5$" not in kept


def test_history_verify_names_every_partnership(sample: CommittedDatabase) -> None:
    done = _shield(sample, "history", "verify")
    assert done.returncode == 0, done.stdout
    assert "bexley" in done.stdout
    assert "marlowe" in done.stdout


@pytest.mark.parametrize("content", ["", "not json", '{"events": [{"title": "Old", "date": "1066-10-14"}]}'])
def test_a_bad_file_of_holidays_changes_nothing(
    sample: CommittedDatabase, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "holidays.json"
    file.write_text(content)
    done = _shield(sample, "holidays", "update", str(file))
    assert done.returncode == 2
    assert "holidays.json" in done.stderr


def test_the_search_index_is_made_anew_and_says_how_far_it_is(sample: CommittedDatabase) -> None:
    done = _shield(sample, "search", "rebuild", "--partnership", "bexley")
    assert done.returncode == 0, done.stderr
    assert "bexley: Recommendation" in done.stdout
    assert "s left" in done.stdout
    assert "records can be found" in done.stdout
    assert _shield(sample, "search", "rebuild", "--partnership", "nowhere").returncode == 2


def test_verify_without_the_keys_says_so_in_one_line(sample: CommittedDatabase, tmp_path: Path) -> None:
    done = _shield(sample, "history", "verify", SHIELD_KEYS=str(tmp_path / "keys.json"))
    # The settings of the tests make keys of their own where there are none; these are not the keys of this history.
    assert (done.returncode, "Entry 1" in done.stdout) == (1, True)
    (tmp_path / "keys.json").write_text("")
    done = _shield(sample, "history", "verify", SHIELD_KEYS=str(tmp_path / "keys.json"))
    assert done.returncode == 2
    assert done.stderr.startswith("shield: The key file ")
    assert done.stderr.count("\n") == 1


def test_verify_names_an_anchored_partnership_that_is_gone(sample: CommittedDatabase, tmp_path: Path) -> None:
    anchors = Path(sample.environment["SHIELD_ANCHORS"])
    gone = anchors / "00000000-0000-7000-8000-000000000000.anchor"
    gone.write_text(f"1 {'0' * 64}\n")
    try:
        done = _shield(sample, "history", "verify")
    finally:
        gone.unlink()
    assert done.returncode == 1
    assert "the partnership is gone" in done.stdout


@pytest.mark.parametrize("out", ["/proc/x", "{file}", "/proc"])
def test_a_place_that_cannot_take_the_report_is_said_in_one_line(
    sample: CommittedDatabase, tmp_path: Path, out: str
) -> None:
    (tmp_path / "file").touch()
    done = _shield(
        sample, "report", "build", "--partnership", "bexley", "--year", "2018-19",
        "--out", out.format(file=tmp_path / "file"),
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("shield: ")
