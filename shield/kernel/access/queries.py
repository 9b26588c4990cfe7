"""The role x permission table, read through one setting."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from django.conf import settings


@lru_cache(maxsize=1)
def table() -> ModuleType:
    """The module that holds ROLES (key -> Role) and `permissions_of(role)`."""
    return import_module(settings.SHIELD_ROLES)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """All permissions that these roles give together."""
    granted = table().permissions_by_role()
    return frozenset().union(*(granted.get(role, frozenset()) for role in roles))
