"""A file is opened by whoever may see the record it is attached to, and by nobody else."""

import uuid

import pytest
from django.urls import reverse

from shield.kernel.files import queries, services
from shield.kernel.files.models import StoredFile
from shield.kernel.history import queries as history

CONTENT = b"%PDF-1.7 minutes"


@pytest.fixture(autouse=True)
def scratch(settings, tmp_path):
    settings.SHIELD_FILES = str(tmp_path / "files")


@pytest.fixture
def attached(actor, agencies):
    return services.attach(
        about=agencies["school"].ref,
        name="Minutes of the Board.pdf",
        content=CONTENT,
        by=actor("business_manager"),
    )


def to(file, slug="testbury"):
    return reverse("file", kwargs={"partnership": slug, "id": file.pk})


def test_a_file_comes_as_an_attachment_that_no_browser_runs(person, client_of, attached):
    answer = client_of(person("scrutineer")).get(to(attached))
    assert answer.content == CONTENT
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Minutes-of-the-Board.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_who_opened_it_is_traced(person, client_of, attached):
    client_of(person("scrutineer", name="Iris")).get(to(attached))
    entry = history.of_record(attached.partnership_id, attached.pk)[0]
    assert (entry.actor_name, entry.sentence) == ("Iris", "opened the file Minutes-of-the-Board.pdf")


@pytest.mark.parametrize("kind", ["improvement.finding", "test.nothing"])
def test_a_file_of_a_record_that_may_not_be_seen_is_not_there(person, client_of, attached, kind):
    StoredFile.objects.filter(pk=attached.pk).update(about_kind=kind, about_id=uuid.uuid4())
    assert client_of(person("business_manager")).get(to(attached)).status_code == 404


def test_people_elsewhere_and_those_without_the_permission_get_no_file(
    person, client_of, client, attached, otherton
):
    stranger = client_of(person("business_manager", partnership=otherton))
    assert stranger.get(to(attached)).status_code == 404
    assert stranger.get(to(attached, "otherton")).status_code == 404
    assert client_of(person("practitioner")).get(to(attached)).status_code == 404
    assert client.get(to(attached)).headers["Location"].startswith("/sign-in")


def test_content_that_is_missing_is_not_there_and_opens_nothing(person, client_of, attached):
    queries.path_of(attached.sha256).unlink()
    assert client_of(person("scrutineer")).get(to(attached)).status_code == 404
    assert len(history.of_record(attached.partnership_id, attached.pk)) == 1
