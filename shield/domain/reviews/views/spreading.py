"""How what a case teaches leaves its team."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from shield.domain.reviews import forms, permissions, services
from shield.domain.reviews.models import Case
from shield.domain.reviews.views.frame import act_page, require_team
from shield.kernel.access.views import page


@page(permissions.WORK, record=Case)
def case_sharing(request: Any, case: Case) -> HttpResponse:
    """Decide on sharing something with a neighbouring partnership."""
    require_team(request, case)
    form = forms.SharingForm(request.POST or None, initial={"decided_on": request.today})
    names = ("with_whom", "what", "choice", "basis", "reasons", "decided_on")
    return act_page(
        request, case, form,
        lambda: services.decide_sharing(
            case=case, by=request.actor, today=request.today, **{name: form.cleaned_data[name] for name in names}
        ),
        "Share with a neighbouring partnership", "The decision is on record.",
        intro=("Nothing is sent by this. It is on record what was decided, on what basis and why; a refusal too.",),
    )  # fmt: skip
