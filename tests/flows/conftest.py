"""The sample year, loaded once for a file of stories; stories that write undo it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import CommittedDatabase, sample_year


@pytest.fixture(scope="module")
def sample(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CommittedDatabase]:
    """A copy of the migrated database with the sample year, its report and its people."""
    with (
        sample_year(django_db_blocker, tmp_path_factory.mktemp("sample")) as copy,
        django_db_blocker.unblock(),
    ):
        yield copy


@pytest.fixture
def undone(sample: CommittedDatabase, django_db_blocker: Any) -> Iterator[None]:
    """What a story writes into the sample is rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
