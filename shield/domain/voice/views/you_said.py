"""“You said, we did” as anybody reads it: no numbers of people, no words without consent to publish them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import queries
from shield.kernel.access.views import page


@page(public=True)
def you_said(request: Any) -> HttpResponse:
    """What people told this partnership and what it did, for everybody to read and to print."""
    context = {
        "page_title": "You said, we did",
        "page_caption": request.partnership.name,
        "groups": queries.by_group(queries.published(request.partnership.pk)),
        "quotations": [row for row in queries.quotable(request.partnership.pk) if row.words],
    }
    return render(request, "voice/you_said.html", context)
