"""What the pages of this room share: addresses, the way to them, and the page of one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import submit


def to(request: Any, name: str, record: Any = None, **parts: str) -> str:
    """The address of a page of this room, of one record if one is given."""
    kwargs = {"partnership": request.actor.partnership_slug, **parts}
    return reverse(name, kwargs=kwargs if record is None else {**kwargs, "id": record.pk})


def way(request: Any, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page: the partnership, this room, and what lies between."""
    return [("Partnership", to(request, "profile")), ("Retention", to(request, "retention")), *further]


@dataclass(frozen=True)
class Words:
    """What the page of an act says."""

    title: str
    button: str
    said: str
    intro: str = ""
    caption: str = ""


def perform(
    request: Any, form: Any, act: Callable[[dict[str, Any]], Any], words: Words, *, there: Callable[[Any], str], cancel: str,
    way_to: list[tuple[str, str]], template: str = "retention/form.html", **context: Any,
) -> HttpResponse:  # fmt: skip
    """One act: its form, or the page it leads to once it is done."""
    if request.method == "POST" and form.is_valid():
        if done := submit(request, form, lambda: act(form.cleaned_data), there, said=words.said):
            return done
    shown = {
        "page_title": words.title, "page_caption": words.caption, "form": form, "intro": words.intro, "submit_text": words.button,
        "cancel_href": cancel, "breadcrumbs": way_to,
    }  # fmt: skip
    return render(request, template, {**shown, **context})


def links(request: Any, *offered: tuple[bool, str, str]) -> list[dict[str, str]]:
    """The acts that are offered, as links."""
    return [{"href": href, "text": text} for may, href, text in offered if may]
