"""A statement put into words once answers as the query would, whatever the values."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import DateField, UUIDField

from shield.kernel.accounts.models import Partnership, RoleGrant
from shield.kernel.records.queries import Prepared
from tests.cast import TODAY, Cast, make_person


def _held(*, partnership: uuid.UUID, on: date) -> Any:
    rows = RoleGrant.objects.filter(partnership_id=partnership, starts_on__lte=on)
    return rows.exclude(ends_on__lt=on).order_by("pk").values_list("role")


@pytest.mark.django_db
def test_it_answers_as_the_query_does_for_other_values_each_time(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    make_person("scrutineer", partnership=cast.testbury)
    asked = Prepared(_held, partnership=UUIDField(), on=DateField())
    for partnership in Partnership.objects.all():
        for on in (TODAY, TODAY - timedelta(days=40_000)):
            expected = [tuple(row) for row in _held(partnership=partnership.pk, on=on)]
            with django_assert_num_queries(1):
                assert [tuple(row) for row in asked.rows(partnership=partnership.pk, on=on)] == expected
    assert asked.rows(partnership=cast.testbury.pk, on=TODAY)


@pytest.mark.django_db
def test_a_value_that_the_query_does_not_hold_is_an_error() -> None:
    asked = Prepared(lambda **_: RoleGrant.objects.values_list("role"), on=DateField())
    with pytest.raises(AssertionError):
        asked.rows(on=TODAY)
    with pytest.raises(KeyError):
        asked.rows()
