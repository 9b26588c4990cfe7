"""“You said, we did” as anybody reads it: no numbers of people, no words without consent to publish them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shield.domain.voice import exchange, queries
from shield.kernel.access.views import page
from shield.kernel.calendar.queries import now


def _published(request: Any) -> tuple[Any, Any]:
    place = request.partnership.pk
    groups = queries.by_group(queries.published(place))
    return groups, [row for row in queries.quotable(place) if row.words]


@page(public=True)
def you_said(request: Any) -> HttpResponse:
    """What people told this partnership and what it did, for everybody to read and to print."""
    groups, quotations = _published(request)
    context = {
        "page_title": "You said, we did",
        "page_caption": request.partnership.name,
        "groups": groups,
        "quotations": quotations,
        "poster": reverse("you_said_poster", args=[request.partnership.slug]) if groups else "",
    }
    return render(request, "voice/you_said.html", context)


@page(public=True)
def you_said_poster(request: Any) -> HttpResponse:
    """The same on one page to hang up, as PDF."""
    groups, quotations = _published(request)
    if not groups:
        raise Http404
    address = request.build_absolute_uri(reverse("you_said", args=[request.partnership.slug]))
    content = exchange.poster_pdf(request.partnership, groups, quotations, address=address, at=now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{request.partnership.slug}-you-said-we-did.pdf"'
    return response
