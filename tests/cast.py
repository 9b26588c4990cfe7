"""The cast of the tests: two partnerships, five agencies, people in their roles."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from shield.kernel.access.rules import Actor
    from shield.kernel.accounts.models import Agency, Partnership, Person

TODAY = date(2019, 11, 4)
"""The day on which all tests stand (`SHIELD_TODAY` of the test settings)."""
SINCE = date(2018, 10, 1)
"""Since when roles and memberships of the cast are held."""
PASSWORD = "correct-horse-battery"
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
_number = itertools.count(1)


@dataclass
class Cast:
    """Testbury with its agencies, the empty Otherton, and whoever a test asks for."""

    testbury: Partnership
    otherton: Partnership
    agencies: dict[str, Agency] = field(default_factory=dict)


def system(partnership: Partnership) -> Actor:
    """The system at work for a partnership."""
    from shield.kernel.accounts import queries

    return queries.system_actor(partnership)


def set_up() -> Cast:
    """Found both partnerships and Testbury's agencies, through the services."""
    from shield.kernel.accounts import services
    from shield.kernel.accounts.models import Partnership

    found = services.found_partnership
    cast = Cast(
        found(slug="testbury", name="Testbury Safeguarding Children Partnership", short_name="Testbury"),
        found(slug="otherton", name="Otherton Safeguarding Children Partnership", short_name="Otherton"),
    )
    assert Partnership.objects.count() == 2
    by = system(cast.testbury)
    for key, name, sector, lead in (
        ("council", "Testbury Council", "local_authority", "local_authority"),
        ("police", "Testbury Police", "police", "police"),
        ("health", "Testbury Health Board", "health", "health"),
        ("school", "Hillside School", "education", ""),
        ("charity", "Testbury Young Voices", "voluntary", ""),
    ):
        cast.agencies[key] = services.add_agency(
            by=by, name=name, sector=sector, lead_partner=lead, relevant_from=None if lead else SINCE
        )
    return cast


def make_person(
    *roles: str,
    partnership: Partnership,
    agency: Agency | None = None,
    name: str = "",
    since: date = SINCE,
    is_staff: bool = False,
) -> Person:
    """A person with a sign-in who holds these roles since the start of the reporting year."""
    from shield.kernel.accounts import services

    number = next(_number)
    by = system(partnership)
    made = services.add_person(
        by=by,
        name=name or f"Person {number} Tester",
        email=f"person{number}@example.invalid",
        today=since,
        agency=agency,
        is_staff=is_staff,
    )
    for role in roles:
        services.grant_role(person=made, role=role, by=by, today=since)
    return made


def actor_of(person: Person, partnership: Partnership, on: date = TODAY) -> Actor:
    """A person as an actor; an error if they hold no role there."""
    from shield.kernel.accounts import queries

    found = queries.actor_for(person, partnership, on, is_staff=person.user.is_staff)
    assert found is not None, f"{person} holds no role in {partnership} on {on}."
    return found


def signed_in(person: Person) -> Client:
    """A test client in which this person is signed in."""
    from django.test import Client

    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class Failure(Exception):
    """What ends a failing act."""


@contextmanager
def failing_act() -> Iterator[None]:
    """An act whose last step fails, so that nothing of it may stay."""
    from django.db import transaction

    with suppress(Failure), transaction.atomic():
        yield
        raise Failure


class Counted(list[str]):
    """The statements that were sent, without those that only keep a transaction."""


@contextmanager
def queries_counted() -> Iterator[Counted]:
    """Collect the statements sent meanwhile; savepoints, begin and commit are not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = Counted()
    with CaptureQueriesContext(connection) as captured:
        yield counted
    sent = (query["sql"] for query in captured.captured_queries)
    counted.extend(sql for sql in sent if not sql.lstrip().upper().startswith(BOOKKEEPING))


@pytest.fixture
def cast(some_database: None) -> Cast:
    """Both partnerships and Testbury's agencies."""
    return set_up()


@pytest.fixture
def partnership(cast: Cast) -> Partnership:
    """Testbury."""
    return cast.testbury


@pytest.fixture
def otherton(cast: Cast) -> Partnership:
    """The other partnership, which holds nothing."""
    return cast.otherton


@pytest.fixture
def agencies(cast: Cast) -> dict[str, Agency]:
    """Testbury's agencies: council, police and health lead; school and charity are relevant agencies."""
    return cast.agencies


@pytest.fixture
def person(cast: Cast) -> Callable[..., Person]:
    """`person("agency_lead", agency=…)` makes a person of Testbury, or of the partnership that is given."""

    def make(*roles: str, partnership: Partnership | None = None, **details: Any) -> Person:
        return make_person(*roles, partnership=partnership or cast.testbury, **details)

    return make


@pytest.fixture
def actor(cast: Cast) -> Callable[..., Actor]:
    """`actor("business_manager")` is somebody of Testbury in that role; also "system" and "public"."""

    def make(*roles: str, partnership: Partnership | None = None, **details: Any) -> Actor:
        from shield.kernel.accounts import queries

        where = partnership or cast.testbury
        if roles == ("system",):
            return queries.system_actor(where)
        if roles == ("public",):
            return queries.public_actor(where)
        return actor_of(make_person(*roles, partnership=where, **details), where)

    return make


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """`client_of(person)` is a test client in which they are signed in."""
    return signed_in


@pytest.fixture
def count_queries() -> Callable[[], Any]:
    """`with count_queries() as sent:` collects the statements of a page, transaction statements left out."""
    return queries_counted
