"""Permissions, actors and the answer to “may they?”."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied

PERMISSIONS: dict[str, Permission] = {}
"""Every permission declared by a module, by its key."""


@dataclass(frozen=True)
class Permission:
    """One thing that a role may do, such as `meetings.record_decision`.

    `shows_children`: whoever holds it can read a child's record, and must sign in with a second factor.
    """

    key: str
    label: str
    shows_children: bool = False

    def __str__(self) -> str:
        return self.key


class Forbidden(PermissionDenied):
    """The actor may see the thing but not do this; the message says why."""


def declare(key: str, label: str, *, shows_children: bool = False) -> Permission:
    """Add a permission to the closed vocabulary; declaring a key twice is an error."""
    if key in PERMISSIONS:
        raise ValueError(f"The permission {key} is declared twice.")
    PERMISSIONS[key] = Permission(key, label, shows_children)
    return PERMISSIONS[key]


@dataclass(frozen=True)
class Actor:
    """A person in one partnership with what they may do there at this moment."""

    partnership_id: uuid.UUID
    partnership_slug: str
    person_id: uuid.UUID | None = None
    person_name: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    agency_ids: frozenset[uuid.UUID] = frozenset()
    team_ids: frozenset[uuid.UUID] = frozenset()
    opened: frozenset[uuid.UUID] = frozenset()
    """Restricted records that this person has opened for a while because it was urgent, with a reason on record."""
    is_staff: bool = False
    purpose: str = ""
    is_system: bool = field(default=False)

    def may(self, permission: Permission | None) -> bool:
        """Whether this actor holds the permission; nobody holds an undeclared one."""
        return permission is not None and permission.key in self.permissions

    def may_any(self, permissions: Iterable[Permission]) -> bool:
        """Whether this actor holds at least one of them."""
        return any(self.may(permission) for permission in permissions)

    def works_in(self, team_id: uuid.UUID | None) -> bool:
        """Whether this actor works in a team; the system works in every one. Nobody works in none."""
        return team_id is not None and (self.is_system or team_id in self.team_ids)

    @property
    def is_public(self) -> bool:
        """Whether nobody is signed in."""
        return self.person_id is None and not self.is_system


def require(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden, in words, unless the actor holds the permission."""
    if not actor.may(permission):
        raise Forbidden(f"Your role here does not include: {permission.label.lower()}.")
