"""What the pages of lessons share: the way here, a page of one form, acting from a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.lessons import rules
from shield.domain.lessons.models import Lesson
from shield.improvement import permissions as improvement
from shield.improvement.models import Theme
from shield.improvement.views.ways import LATELY, link, page_of, shortly
from shield.kernel.access.views import submit
from shield.kernel.accounts import queries as accounts
from shield.kernel.history import queries as history
from shield.kernel.records.models import Record
from shield.kernel.records.rules import Stale

Way = list[tuple[str, str]]


def crumbs(request: Any, record: Any = None, *more: tuple[str, str]) -> Way:
    """The way from everything that was learnt to a page."""
    way = [("What we have learnt", link(request, "learnt"))]
    if record is not None:
        way.append((shortly(record.heading), page_of(request, record)))
    return [*way, *more]


def form_page(
    request: Any, title: str, form: Any, *, record: Any = None, cancel: str = "", **more: Any
) -> HttpResponse:
    """A page of one form; `intro` are paragraphs above it."""
    context = {
        "page_title": title,
        "page_caption": more.pop("caption", record.heading if record is not None else ""),
        "form": form,
        "cancel_href": cancel
        or (page_of(request, record) if record is not None else link(request, "learnt")),
        "breadcrumbs": crumbs(request, record, (title, "")),
        **more,
    }
    answer = render(request, "lessons/form.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def done(
    request: Any, form: Any, act: Callable[[], Any], then: Callable[[Any], str], said: str
) -> HttpResponse | None:
    """Do an act from a form that was sent and is right; None if the page is shown (again).

    What somebody wrote meanwhile answers to the names of the form's fields, wherever a lesson keeps its words.
    """
    if request.method != "POST" or not form.is_valid():
        return None

    def compared() -> Any:
        try:
            return act()
        except Stale as stale:
            if isinstance(stale.current, Lesson):
                for name, text in stale.current.words.items():
                    setattr(stale.current, name, text)
            raise

    return submit(request, form, compared, then, said=said)


def sees_history(request: Any) -> bool:
    """Whether somebody works with the evidence chain: to others the page of a lesson shows the lesson alone."""
    return bool(request.actor.may(improvement.VIEW))


def around(request: Any, record: Any, **more: Any) -> dict[str, Any]:
    """What the page of a lesson shows around it; it stands for itself, so no other module adds to it."""
    sees = sees_history(request)
    return {
        "record": record,
        "page_title": record.heading,
        "page_caption": f"{record.label} {record.reference}",
        "breadcrumbs": crumbs(request, None, (shortly(record.heading), "")),
        "entries": history.of_record(record.partnership_id, record.pk, limit=LATELY) if sees else None,
        **more,
    }


def history_of(request: Any, record: Record) -> HttpResponse:
    """What happened to a lesson, and where it was taken from."""
    context = {
        "page_title": "History and sources",
        "page_caption": record.heading,
        "breadcrumbs": crumbs(request, record, ("History and sources", "")),
        "entries": history.of_record(record.partnership_id, record.pk),
        "source": accounts.source_of(record),
        "statements": [],
    }
    return render(request, "improvement/history.html", context)


def parts_of(words: dict[str, str], parts: Iterable[tuple[str, str]]) -> list[tuple[str, Any]]:
    """What a lesson says, part by part; a part of points alone is a list."""
    return [(heading, _shown(words[name])) for heading, name in parts if words[name]]


def _shown(text: str) -> Any:
    lines = rules.lines_of(text)
    if all(is_point for is_point, _ in lines):
        return [line for _, line in lines]
    return "\n".join(f"• {line}" if is_point else line for is_point, line in lines)


def theme_links(request: Any, themes: Iterable[Theme]) -> list[tuple[str, str]]:
    """The themes of a lesson, each with the page of everything learnt on it."""
    return [(theme.title, theme_page(request, theme)) for theme in themes]


def theme_page(request: Any, theme: Theme) -> str:
    """The page of everything learnt on a theme."""
    return f"{link(request, 'learnt')}themes/{theme.reference}"
