"""What cannot be taken as it was sent is answered in the house's own words and look."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import make_person, set_up, signed_in

pytestmark = pytest.mark.django_db
PLACE = "/testbury/priorities/add"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def manager() -> Client:
    return signed_in(make_person("business_manager", partnership=set_up().testbury))


def _shown(answer: object, status: int, words: str) -> None:
    assert answer.status_code == status  # type: ignore[attr-defined]
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert words in text
    assert "govuk-template" in text


def test_a_text_of_six_megabytes_is_answered_in_words(manager: Client) -> None:
    _shown(manager.post(PLACE, {"title": "x" * 6 * 1024 * 1024}), 413, "longer than Shield can take")
    _shown(
        manager.post(PLACE, f"title={'x' * 6 * 1024 * 1024}", content_type=FORM), 413, "longer than Shield"
    )


def test_three_thousand_fields_are_answered_in_words(manager: Client) -> None:
    sent = "&".join(f"field{number}=x" for number in range(3_000))
    _shown(manager.post(PLACE, sent, content_type=FORM), 400, "more fields than Shield can take")


def test_another_encoding_is_answered_in_words(manager: Client) -> None:
    for encoding in ("utf-7", "utf-16"):
        answer = manager.generic("POST", PLACE, b"title=x", f"{FORM}; charset={encoding}")
        _shown(answer, 400, "not in a form that Shield can read")


def test_a_form_that_cannot_prove_where_it_came_from_says_what_to_do() -> None:
    person = make_person("business_manager", partnership=set_up().testbury)
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    _shown(client.post(PLACE, {"title": "x"}), 403, "reload the page and send it again")
