"""Every route as it is declared: for `shield routes` and for the test that walks them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from shield.kernel.access.views import Declared

THIRD_PARTY: dict[str, Declared] = {
    name: Declared(public=True)
    for name in (
        "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "account_inactive",
        "mfa_authenticate",
    )
} | {name: Declared(signed_in=True) for name in (
    "account_change_password", "account_set_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
)}  # fmt: skip
"""Routes of django-allauth that we use; each is declared here because its view is not ours."""


@dataclass(frozen=True)
class Route:
    """One route."""

    path: str
    name: str
    methods: tuple[str, ...]
    declared: Declared | None
    view: Any

    def as_dict(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "path": self.path,
            "name": self.name,
            "methods": list(self.methods),
            "access": self.declared.in_words() if self.declared else "UNDECLARED",
            "record": self.declared.specimen if self.declared else "",
        }


def routes() -> list[Route]:
    """All routes in the order in which they are tried."""
    return list(_walk(get_resolver().url_patterns, "/"))


def _readable(pattern: str) -> str:
    """A route as `path` writes it, also where it had to be a regular expression."""
    if not pattern.startswith("^"):
        return pattern
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", pattern.removeprefix("^").removesuffix("$"))


def _walk(patterns: Any, before: str) -> Iterator[Route]:
    for pattern in patterns:
        path = before + _readable(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            name = pattern.name or ""
            declared = getattr(pattern.callback, "declared", None) or THIRD_PARTY.get(name)
            yield Route(
                path, name, declared.methods if declared else ("GET", "POST"), declared, pattern.callback
            )
