"""Every model says how far its fields may travel and how long it is kept; nothing points up."""

from __future__ import annotations

import pytest
from django.db.models import PROTECT, Field

from shield.kernel.records.models import KINDS, Record
from shield.kernel.records.rules import Retention, Sensitivity
from tests.architecture import walk

THIRD_PARTY = {
    "django.contrib.auth.models.Permission",
    "django.contrib.auth.models.Group",
    "django.contrib.contenttypes.models.ContentType",
    "django.contrib.sessions.models.Session",
    "allauth.account.models.EmailAddress",
    "allauth.account.models.EmailConfirmation",
    "allauth.mfa.models.Authenticator",
    "allauth.socialaccount.models.SocialApp",
    "allauth.socialaccount.models.SocialAccount",
    "allauth.socialaccount.models.SocialToken",
    "django_tasks_db.models.DBTaskResult",
}
"""Models that are not ours: they declare nothing, and no code of ours adds fields to them."""
OWN = walk.own_models()
BOOKKEEPING = {"User", "Partnership", "Organisation", "Person"}


def named(model):
    return f"{model.__module__}.{model.__name__}"


def own_fields(model):
    return [f for f in model._meta.get_fields() if isinstance(f, Field)]


def declared(model):
    base = Record.base_sensitivity if issubclass(model, Record) else {}
    return {**base, **model.__dict__.get("sensitivity", {})}


def links():
    return [(m, f) for m in OWN for f in own_fields(m) if f.is_relation and f.related_model is not None]


def test_third_party_models_are_exactly_those_listed():
    assert {named(m) for m in walk.foreign_models()} == THIRD_PARTY


@pytest.mark.parametrize("model", OWN, ids=named)
def test_every_field_has_a_sensitivity_and_no_other_has(model):
    assert {f.name for f in own_fields(model)} == set(declared(model))
    assert all(isinstance(value, Sensitivity) for value in declared(model).values())


@pytest.mark.parametrize("model", OWN, ids=named)
def test_every_model_has_a_retention_class(model):
    assert isinstance(model.retention, Retention)


@pytest.mark.parametrize(("model", "field"), links(), ids=lambda x: getattr(x, "__name__", str(x)))
def test_no_foreign_key_points_up(model, field):
    if field.model._meta.abstract or (field.name == "partnership" and issubclass(model, Record)):
        return  # every record belongs to a partnership: the one link that the base itself makes
    here, there = model.__module__, field.related_model.__module__
    if walk.module_of(here) == walk.module_of(there):
        return
    assert walk.height(there) < walk.height(here), f"{named(model)}.{field.name} points up to {there}"
    assert field.remote_field.related_name.endswith("+"), (
        f"{named(model)}.{field.name} must not name itself on a lower floor"
    )


@pytest.mark.parametrize(("model", "field"), links(), ids=lambda x: getattr(x, "__name__", str(x)))
def test_no_link_takes_records_away_with_it(model, field):
    if not field.many_to_many:
        assert field.remote_field.on_delete is PROTECT


def test_every_record_has_a_kind_a_label_and_who_may_see_it():
    for model in OWN:
        if issubclass(model, Record):
            assert KINDS[model.kind] is model
            assert model.label
            assert model.label[0].isupper()
            assert model.view_permission is not None
            assert model.kind.startswith(f"{model._meta.app_label}.")


def test_whatever_holds_something_about_a_child_or_is_a_person_is_traced():
    for kind, model in KINDS.items():
        if Sensitivity.CHILD in declared(model).values() or kind == "accounts.person":
            assert model.traced, kind


def test_records_that_are_shown_are_found_through_visible_to():
    for kind, model in KINDS.items():
        assert hasattr(model.objects.all(), "visible_to"), kind


def test_the_primary_key_of_a_record_is_made_by_the_application():
    for model in OWN:
        if issubclass(model, Record) or model.__name__ in BOOKKEEPING:
            assert model._meta.pk.get_internal_type() == "UUIDField"
            assert model._meta.pk.default().version == 7
