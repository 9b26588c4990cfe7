"""An export with identities: traced first, written aside, whole or not at all."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shield.kernel.accounts.models import Partnership, Person
from shield.kernel.history.models import Event, Read
from shield.project import exporting

REASON = "Handed to the auditors of the partnership"
Export = Callable[[Path], dict[str, int]]


@pytest.fixture
def export(partnership: Partnership, person: Any) -> Export:
    """Export Testbury with identities, as its business manager."""
    manager = person("business_manager", name="Mara Manager")
    person("scrutineer")
    return lambda out: exporting.export(partnership, out, person=manager.user.email, reason=REASON)


def traced() -> list[str]:
    return list(Event.objects.filter(kind="history.exported").values_list("actor_name", flat=True))


def test_everybody_whose_name_was_read_is_in_the_record_of_reads(export: Export, tmp_path: Path) -> None:
    counts = export(tmp_path / "out")
    reads = Read.objects.filter(purpose=f"export: {REASON}", actor_name="Mara Manager")
    assert set(reads.values_list("record_id", flat=True)) == set(Person.objects.values_list("pk", flat=True))
    assert counts["accounts.person"] == reads.count() == 2
    assert counts["history.read"] == 2, "the export holds its own trace"
    assert traced() == ["Mara Manager"]


def test_an_export_is_for_its_owner_only(export: Export, tmp_path: Path) -> None:
    export(tmp_path / "deep" / "out")
    assert stat.S_IMODE((tmp_path / "deep" / "out").stat().st_mode) == 0o700
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]


def test_an_export_that_breaks_is_traced_and_leaves_no_name_behind(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = exporting._write

    def full(path: Path, rows: Any) -> int:
        assert traced() == ["Mara Manager"], "the trace comes before the first name"
        if path.name == "history.read.jsonl":
            raise OSError(28, "No space left on device")
        return write(path, rows)

    monkeypatch.setattr(exporting, "_write", full)
    with pytest.raises(exporting.Denied, match="No space left"):
        export(tmp_path / "out")
    assert traced() == ["Mara Manager"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_mixed_with_an_export(export: Export, tmp_path: Path) -> None:
    out, file = tmp_path / "out", tmp_path / "file"
    (out / "history.read.jsonl").mkdir(parents=True)
    file.touch()
    for place in (out, file, file / "below", Path("/proc/x")):
        with pytest.raises(exporting.Denied, match=r"exists and is not|cannot be written"):
            export(place)
    assert traced() == []
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "history.read.jsonl", "out"]
