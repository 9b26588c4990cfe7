"""The navigation of every page: what this person may open, in the order of a year's work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from shield.annual_report import permissions as annual_report
from shield.domain.audits import permissions as audits
from shield.domain.learning_hub import permissions as learning_hub
from shield.improvement import permissions as improvement
from shield.kernel.access.rules import Permission
from shield.kernel.accounts import permissions as accounts
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import permissions as clocks
from shield.kernel.reporting import permissions as reporting
from shield.meetings import permissions as meetings
from shield.project.roles import ROLES

ENTRIES: tuple[tuple[str, str, tuple[Permission, ...]], ...] = (
    ("Actions", "actions", (improvement.VIEW_OWN,)),
    ("Evidence chain", "chain", (improvement.VIEW,)),
    ("Priorities", "priorities", (improvement.VIEW_OWN,)),
    ("Meetings", "gatherings", (meetings.VIEW,)),
    ("Decisions", "resolutions", (meetings.VIEW,)),
    ("Learning Hub", "hub", (learning_hub.VIEW,)),
    ("Audits", "audits", (audits.VIEW,)),
    ("Clocks", "clocks", (clocks.VIEW,)),
    ("Report", "reports", (annual_report.VIEW,)),
    ("Figures", "figures", (reporting.VIEW_FIGURES,)),
    ("Partnership", "profile", (accounts.VIEW_PROFILE,)),
)

UNDER: dict[str, tuple[str, ...]] = {
    "profile": ("agencies", "people", "urgent", "history", "my-e-mails", "retention"),
    "gatherings": ("bodies", "papers", "minutes", "leads"),
    "chain": ("findings", "themes", "recommendations", "evidence", "progress"),
    "priorities": ("measures", "reviews"),
}
"""Pages that lie beside the entry from which they are reached, by the first word of their address."""


def site(request: Any) -> dict[str, Any]:
    """The variable `site` of every template."""
    partnership, actor = getattr(request, "partnership", None), getattr(request, "actor", None)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    common = {
        "product": "Shield",
        "is_demo": settings.SHIELD_PERSONAS,
        "today_text": in_words(request.today)
        if getattr(request, "today", None) and settings.SHIELD_TODAY
        else "",
        "home_url": reverse("start" if signed_in else "front"),
        "sign_in_url": "" if signed_in else reverse("account_login"),
        "sign_out_url": reverse("account_logout") if signed_in else "",
        "sso_name": settings.SHIELD_SSO,
        "switch_url": reverse("personas") if settings.SHIELD_PERSONAS else "",
        "person_name": user.person.name if signed_in else "",
        "account_url": reverse("account") if signed_in else "",
        "footer": [{"text": "Published reports", "href": reverse("front")}],
    }
    if partnership is None or actor is None:
        return {"site": common}
    return {
        "site": {
            **common,
            "partnership_name": partnership.short_name,
            "home_url": reverse("home", args=[partnership.slug]) if signed_in else reverse("front"),
            "person_role": ", ".join(
                ROLES[role].label for role in ROLES if role in actor.roles and not ROLES[role].system
            ),
            "nav": list(_entries(request, partnership.slug, actor)) if signed_in else [],
            "search_url": reverse("search", args=[partnership.slug]) if signed_in else "",
        }
    }


def _entries(request: Any, slug: str, actor: Any) -> Any:
    home = reverse("home", args=[slug])
    yield {"text": "Home", "href": home, "current": request.path == home}
    links = [
        (text, reverse(name, args=[slug]), name) for text, name, needs in ENTRIES if actor.may_any(needs)
    ]
    first = request.path.removeprefix(home).partition("/")[0]
    above = next((name for name, words in UNDER.items() if first in words), "")
    current = ""
    for _, href, name in links:
        if name == above or (request.path.startswith(href) and len(href) > len(current)):
            current = href
    for text, href, _ in links:
        yield {"text": text, "href": href, "current": href == current}
