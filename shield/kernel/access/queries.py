"""The role x permission table, read through one setting."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from django.conf import settings

from shield.kernel.access.rules import PERMISSIONS, Permission


@lru_cache(maxsize=1)
def table() -> ModuleType:
    """The module that holds ROLES (key -> Role) and `permissions_of(role)`."""
    return import_module(settings.SHIELD_ROLES)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """All permissions that these roles give together."""
    granted = table().permissions_by_role()
    return frozenset().union(*(granted.get(role, frozenset()) for role in roles))


def roles_that_show_children() -> list[str]:
    """The roles that let somebody read a child's record; the system is nobody who signs in."""
    telling = {key for key, permission in PERMISSIONS.items() if permission.shows_children}
    return sorted(
        role
        for role, held in table().permissions_by_role().items()
        if held & telling and not table().ROLES[role].system
    )


def roles_with(permission: Permission, *, without: Permission | None = None) -> list[str]:
    """The roles that give a permission; `without` leaves out those that give that one too."""
    by_role = table().permissions_by_role()
    return [
        role
        for role, granted in by_role.items()
        if permission.key in granted and not (without and without.key in granted)
    ]
