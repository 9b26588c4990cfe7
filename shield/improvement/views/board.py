"""The findings of a priority on a board: sorted under themes, several at a time, and made into recommendations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, services
from shield.improvement.models import Finding, Priority, Theme
from shield.improvement.views.ways import buttons, link, onward, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.records.rules import Refused, as_uuid

SAID = {"put": "It was put there.", "move": "It was moved.", "take": "It was taken out."}
"""What the buttons of a card ask for, and what is said once it is done."""
TONES = {"working_well": "good", "to_develop": "attention"}


@page(permissions.VIEW)
def findings_board(request: Any) -> HttpResponse:
    """What was found on one priority, column by column of its themes."""
    actor = request.actor
    priorities = list(Priority.objects.visible_to(actor).order_by("number", "title"))
    chosen = next((p for p in priorities if str(p.pk) == request.GET.get("priority")), None)
    shown = chosen or queries.busiest(priorities, actor)
    piles = queries.board(shown, actor) if shown else []
    may = actor.may(permissions.EDIT)
    context = {
        "page_title": "Findings on the board",
        "page_caption": shown.heading if shown else "",
        "breadcrumbs": [("Findings", link(request, "findings")), ("Board", "")],
        "priorities": [
            (p, p == shown, link(request, "findings_board", priority=str(p.pk))) for p in priorities
        ],
        "priority": shown,
        "piles": [_pile(request, pile, number) for number, pile in enumerate(piles)],
        "counted": sum(len(pile.cards) for pile in piles),
        "form": forms.SortingForm(actor=actor, today=request.today) if may else None,
        "here": link(request, "findings_board", priority=str(shown.pk)) if shown else "",
        "sort_href": link(request, "findings_sort"),
        "add": buttons(
            ("Add a finding", link(request, "finding_add", about=shown.ref.as_text() if shown else ""), may)
        ),
    }
    return render(request, "improvement/board.html", context)


def _pile(request: Any, pile: queries.Pile, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "key": str(pile.theme.pk) if pile.theme else "",
        "title": pile.theme.title if pile.theme else "Under no theme yet",
        "href": page_of(request, pile.theme) if pile.theme else "",
        "cards": [
            {
                "id": str(card.finding.pk),
                "text": card.finding.text,
                "href": page_of(request, card.finding),
                "reference": card.finding.reference,
                "sort": card.finding.get_sort_display(),
                "tone": TONES[card.finding.sort],
                "source": card.finding.get_evidence_from_display(),
                "led_to": card.led_to,
                "suggested": [(str(theme.pk), theme.title) for theme in card.suggested],
            }
            for card in pile.cards
        ],
    }


@page(permissions.EDIT, methods=("POST",))
def findings_sort(request: Any) -> HttpResponse:
    """Put findings under a theme, move or take one out of one, or draft a recommendation from those that are ticked."""
    there = onward(request, link(request, "findings_board"))
    form = forms.SortingForm(request.POST, actor=request.actor, today=request.today)
    if not form.is_valid():
        return _back(request, there, form)
    if "draft" in request.POST:
        return HttpResponseRedirect(_drafting(request, form.picked_all("findings")) or there)
    act, said = _asked(request, form)
    return submit(request, form, act, lambda _: there, said=said) or _back(request, there, form)


def _asked(request: Any, form: Any) -> tuple[Callable[[], Any], str]:
    """What a button, a drag or the form itself asks for, and what is said once it is done."""
    by = request.actor
    pressed = next((name for name in SAID if request.POST.get(name)), "")
    if pressed:
        return _one(request, pressed), SAID[pressed]
    ticked = form.picked_all("findings")
    priority = next((f.priority for f in ticked if f.priority), None)
    said = "The finding was put there." if len(ticked) == 1 else f"{len(ticked)} findings were put there."
    return (
        lambda: services.put_under(
            findings=ticked,
            theme=form.picked("theme"),
            title=form.cleaned_data["title"],
            priority=priority,
            by=by,
        ),
        said,
    )


def _one(request: Any, pressed: str) -> Callable[[], Any]:
    """The act on one finding that a button names: the finding, then one theme, or from which to which."""
    by = request.actor
    finding, *themes = _named(request, request.POST[pressed])

    def act() -> Any:
        if finding is None or not themes or None in themes:
            raise Refused("This finding or theme is not there any more. Look at the board as it is now.")
        if pressed == "put":
            return services.put_under(findings=[finding], theme=themes[0], by=by)
        if pressed == "take":
            return services.take_out(finding=finding, theme=themes[0], by=by)
        return services.move(finding=finding, out_of=themes[0], into=themes[-1], by=by)

    return act


def _named(request: Any, given: str) -> list[Any]:
    """The finding and the themes that a button names, each None unless this person sees it."""
    finding, *themes = (as_uuid(part) for part in given.split("|"))
    return [
        Finding.objects.visible_to(request.actor).filter(pk=finding).first(),
        *(Theme.objects.visible_to(request.actor).filter(pk=theme).first() for theme in themes[:2]),
    ]


def _drafting(request: Any, ticked: list[Finding]) -> str:
    """The page that drafts a recommendation from findings; empty, with a word why, where it cannot."""
    priorities = {f.priority_id for f in ticked}
    if len(priorities) != 1 or None in priorities:
        messages.error(request, "Tick the findings of one priority that the recommendation is to rest on.")
        return ""
    asked = [("about", ticked[0].priority.ref.as_text()), *(("finding", str(f.pk)) for f in ticked)]  # type: ignore[union-attr]
    return f"{link(request, 'recommendation_add')}?{urlencode(asked)}"


def _back(request: Any, there: str, form: Any) -> HttpResponse:
    for problem in {text for texts in form.errors.values() for text in texts}:
        messages.error(request, problem)
    return HttpResponseRedirect(there)
