"""Files are attached to records, kept by their digest, never trusted."""

import hashlib
import uuid
from pathlib import Path

import pytest

from shield.kernel.access.rules import Forbidden
from shield.kernel.files import queries, services
from shield.kernel.files.models import StoredFile
from shield.kernel.history import queries as history
from shield.kernel.records.rules import RecordRef, Refused

ABOUT = RecordRef("test.thing", uuid.UUID(int=9), "Neglect workshop")
CONTENT = b"%PDF-1.7 minutes"


@pytest.fixture(autouse=True)
def scratch(settings, tmp_path):
    settings.SHIELD_FILES = str(tmp_path / "files")


def attach(by, name="../Minutes of the Board.exe", content=CONTENT):
    return services.attach(about=ABOUT, name=name, content=content, by=by)


def test_a_file_is_kept_by_its_digest_under_a_safe_name(actor):
    row = attach(actor("business_manager"))
    assert (row.name, row.content_type, row.size) == (
        "Minutes-of-the-Board.pdf",
        "application/pdf",
        len(CONTENT),
    )
    assert row.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert queries.path_of(row.sha256).read_bytes() == CONTENT
    [entry] = history.of_record(row.partnership_id, row.pk)
    assert entry.sentence == "attached the file Minutes-of-the-Board.pdf to Neglect workshop"


def test_the_same_content_is_kept_once_and_nothing_is_left_beside_it(actor, settings):
    by = actor("business_manager")
    assert attach(by).sha256 == attach(by, "again.pdf").sha256
    kept = [path for path in Path(settings.SHIELD_FILES).rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert queries.about(ABOUT.id, by).count() == 2


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00", b"x" * (20 * 1024 * 1024 + 1)], ids=["empty", "program", "too large"]
)
def test_other_content_is_refused_and_nothing_is_kept(actor, content, settings):
    with pytest.raises(Refused):
        attach(actor("business_manager"), content=content)
    assert not StoredFile.objects.exists()
    assert not Path(settings.SHIELD_FILES).exists()


def test_who_may_not_attach_files_does_not(actor):
    with pytest.raises(Forbidden):
        attach(actor("scrutineer"))


def test_files_of_another_partnership_are_not_visible(actor, otherton):
    attach(actor("business_manager"))
    assert not queries.about(ABOUT.id, actor("business_manager", partnership=otherton)).exists()
