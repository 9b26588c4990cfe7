"""What the pages of a case share: the way here, the page of one act, who may act at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from shield.domain.reviews import permissions
from shield.domain.reviews.models import Case
from shield.improvement.views.ways import link, page_of
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import perform

CLOSED_TO_GROUP = "Only the team of this case works on it."


def crumbs(request: Any, case: Case | None = None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the list of cases to a page."""
    may = request.actor.may(permissions.VIEW)
    way = [("Cases", link(request, "cases"))] if may else []
    if case is not None:
        way.append((case.pseudonym, page_of(request, case)))
    return [*way, *more]


def require_team(request: Any, case: Case) -> None:
    """403, in words, to whoever sees the case as the wider group does and is not of its team."""
    if not case.is_open_to(request.actor):
        raise Forbidden(CLOSED_TO_GROUP)


def act_page(
    request: Any, case: Case, form: Any, act: Callable[[], Any], title: str, said: str, *, submit_text: str = "Save",
    intro: tuple[str, ...] = (), then: Callable[[Any], str] | None = None, cancel: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of one act on a case; it leads back to the case, or to where `then` and `cancel` say."""
    there = cancel or page_of(request, case)
    return perform(
        request, form, act, then or (lambda _: there), title=title, said=said, page_caption=case.pseudonym,
        submit_text=submit_text, intro=intro, cancel_href=there, breadcrumbs=crumbs(request, case, (title, "")), **more,
    )  # fmt: skip
