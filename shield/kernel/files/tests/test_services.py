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

CONTENT = b"%PDF-1.7 minutes"


@pytest.fixture(autouse=True)
def scratch(settings, tmp_path):
    settings.SHIELD_FILES = str(tmp_path / "files")


@pytest.fixture
def about(agencies):
    return RecordRef("accounts.agency", agencies["school"].pk, "Hillside School")


@pytest.fixture
def attach(about):
    def attach(by, name="../Minutes of the Board.exe", content=CONTENT):
        return services.attach(about=about, name=name, content=content, by=by)

    return attach


def test_a_file_is_kept_by_its_digest_under_a_safe_name(actor, attach):
    row = attach(actor("business_manager"))
    assert (row.name, row.content_type, row.size) == (
        "Minutes-of-the-Board.pdf",
        "application/pdf",
        len(CONTENT),
    )
    assert row.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert queries.path_of(row.sha256).read_bytes() == CONTENT
    [entry] = history.of_record(row.partnership_id, row.pk)
    assert entry.sentence == "attached the file Minutes-of-the-Board.pdf to Hillside School"


def test_the_same_content_is_kept_once_and_nothing_is_left_beside_it(actor, settings, attach, about):
    by = actor("business_manager")
    assert attach(by).sha256 == attach(by, "again.pdf").sha256
    kept = [path for path in Path(settings.SHIELD_FILES).rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert queries.about(about.id, by).count() == 2


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00", b"x" * (20 * 1024 * 1024 + 1)], ids=["empty", "program", "too large"]
)
def test_other_content_is_refused_and_nothing_is_kept(actor, content, settings, attach):
    with pytest.raises(Refused):
        attach(actor("business_manager"), content=content)
    assert not StoredFile.objects.exists()
    assert not Path(settings.SHIELD_FILES).exists()


def test_who_may_not_attach_files_does_not(actor, attach):
    with pytest.raises(Forbidden):
        attach(actor("practitioner"))


def test_files_of_another_partnership_are_not_visible(actor, otherton, attach, about):
    attach(actor("business_manager"))
    assert not queries.about(about.id, actor("business_manager", partnership=otherton)).exists()


def test_a_file_is_about_a_record_that_is_there_and_of_this_partnership(actor, otherton, about, attach):
    stranger = actor("business_manager", partnership=otherton)
    for ref, by in (
        (about, stranger),
        (RecordRef("accounts.agency", uuid.uuid4()), actor("business_manager")),
        (RecordRef("test.thing", about.id), actor("business_manager")),
    ):
        with pytest.raises(Refused, match="cannot be found"):
            services.attach(about=ref, name="a.pdf", content=CONTENT, by=by)
    assert not StoredFile.objects.exists()
