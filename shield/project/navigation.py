"""The navigation of every page: what this person may open, in the order of a year's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from shield.annual_report import permissions as annual_report
from shield.domain.audits import permissions as audits
from shield.domain.chronologies import permissions as chronologies
from shield.domain.learning_hub import permissions as learning_hub
from shield.domain.lessons import permissions as lessons
from shield.domain.reviews import permissions as reviews
from shield.domain.voice import permissions as voice
from shield.improvement import permissions as improvement
from shield.kernel.access.rules import Permission
from shield.kernel.accounts import permissions as accounts
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import permissions as clocks
from shield.kernel.reporting import permissions as reporting
from shield.meetings import permissions as meetings
from shield.project.roles import ROLES

Entry = tuple[str, str, tuple[Permission, ...]]
"""What an entry is called, the page it leads to, and the permissions of which one opens it."""
SECTIONS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Improvement",
        (
            ("Priorities", "priorities", (improvement.VIEW_OWN,)),
            ("Actions", "actions", (improvement.VIEW_OWN,)),
            ("Evidence chain", "chain", (improvement.VIEW,)),
        ),
    ),
    (
        "Meetings",
        (
            ("Meetings and events", "gatherings", (meetings.VIEW,)),
            ("Decisions", "resolutions", (meetings.VIEW,)),
            ("Bodies", "bodies", (meetings.VIEW,)),
        ),
    ),
    (
        "Learning",
        (
            ("What we have learnt", "learnt", (lessons.READ,)),
            ("Learning Hub", "hub", (learning_hub.VIEW,)),
            ("Audits", "audits", (audits.VIEW,)),
            ("Voice", "voice", (voice.VIEW,)),
            ("Cases", "cases", (reviews.VIEW,)),
            ("Refer an incident", "referrals", (reviews.REFER,)),
            ("Chronologies", "chronologies", (chronologies.READ, chronologies.CONTRIBUTE)),
        ),
    ),
    ("Clocks", (("Clocks", "clocks", (clocks.VIEW,)),)),
    (
        "Report",
        (
            ("Yearly report", "reports", (annual_report.VIEW,)),
            ("Figures", "figures", (reporting.VIEW_FIGURES,)),
        ),
    ),
    ("Partnership", (("Partnership", "profile", (accounts.VIEW_PROFILE,)),)),
)
"""The sections of the navigation in the order of a year's work; a section leads to its first page that one may open."""

UNDER: dict[str, tuple[str, ...]] = {
    "profile": ("agencies", "people", "urgent", "history", "my-e-mails", "retention"),
    "gatherings": ("papers", "minutes", "leads"),
    "chain": ("findings", "themes", "recommendations", "evidence", "progress"),
    "cases": ("teams", "identities"),
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
    if partnership is not None:
        common["footer"] = [
            *common["footer"],
            {"text": "Practice reviews", "href": reverse("published_reviews", args=[partnership.slug])},
            {"text": "You said, we did", "href": reverse("you_said", args=[partnership.slug])},
        ]
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
            "nav": list(_sections(request, partnership.slug, actor)) if signed_in else [],
            "search_url": reverse("search", args=[partnership.slug]) if signed_in else "",
        }
    }


def _sections(request: Any, slug: str, actor: Any) -> Iterator[dict[str, Any]]:
    """The sections of which this person may open something, the one they are in with its pages."""
    home = reverse("home", args=[slug])
    yield {"text": "Home", "href": home, "current": request.path == home, "pages": []}
    open_to = [
        (text, [(called, reverse(name, args=[slug]), name) for called, name, needs in entries if actor.may_any(needs)])
        for text, entries in SECTIONS
    ]  # fmt: skip
    here = _here(request.path, home, [page for _, pages in open_to for page in pages])
    for text, pages in open_to:
        if pages:
            own = [{"text": called, "href": href, "current": href == here} for called, href, _ in pages]
            current = any(page["current"] for page in own)
            yield {
                "text": text,
                "href": own[0]["href"],
                "current": current,
                "pages": own if current and len(own) > 1 else [],
            }


def _here(path: str, home: str, pages: list[tuple[str, str, str]]) -> str:
    """The address of the entry under which a page lies; empty if it lies under none."""
    first = path.removeprefix(home).partition("/")[0]
    above = next((name for name, words in UNDER.items() if first in words), "")
    found = ""
    for _, href, name in pages:
        if name == above or (path.startswith(href) and len(href) > len(found)):
            found = href
    return found
