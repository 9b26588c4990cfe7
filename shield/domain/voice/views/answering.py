"""What came of a point, and that people were told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from shield.domain.voice import forms, permissions, queries, rules, services
from shield.domain.voice.models import Said
from shield.domain.voice.views.frame import form_page
from shield.improvement.views.ways import asked_about, link, page_of
from shield.kernel.access.views import page, submit


def _act(
    request: Any,
    said: Said,
    title: str,
    form: Any,
    act: Callable[[dict[str, Any]], Said],
    done: str,
    **more: Any,
) -> HttpResponse:
    """A page of one act on a point."""
    if request.method == "POST" and form.is_valid():
        answered = submit(
            request, form, lambda: act(form.cleaned_data), lambda row: page_of(request, row), said=done
        )
        if answered:
            return answered
    return form_page(request, title, form, said, caption=said.text, **more)


@page(permissions.RECORD, record=Said)
def said_answer(request: Any, said: Said) -> HttpResponse:
    """Say what was done about a point."""
    form = forms.AnswerForm(
        request.POST or None, actor=request.actor, today=request.today, said=said, version=said.version
    )

    def act(data: dict[str, Any]) -> Said:
        return services.answer(
            said=said,
            we_did=data["we_did"],
            came=form.came,
            by=request.actor,
            today=request.today,
            expected_version=data["version"],
        )

    return _act(
        request, said, "What did we do?", form, act, "The point is answered. Now tell those who made it."
    )


@page(permissions.RECORD, record=Said)
def said_came(request: Any, said: Said) -> HttpResponse:
    """Name what came of a point later than its answer."""
    form = forms.CameForm(
        request.POST or None, actor=request.actor, today=request.today, said=said, version=said.version
    )
    title = "What came of it"
    if not form.offers:
        words = "There is no further recommendation, decision or action on record that could have come of it."
        return form_page(request, title, None, said, caption=said.text, words=words)

    def act(data: dict[str, Any]) -> Said:
        return services.name_what_came(
            said=said, came=form.came, by=request.actor, expected_version=data["version"]
        )

    return _act(request, said, title, form, act, "It is on record what came of it.")


@page(permissions.RECORD, record=Said)
def said_decline(request: Any, said: Said) -> HttpResponse:
    """Say why nothing can be done about a point."""
    form = forms.DeclineForm(request.POST or None, version=said.version)

    def act(data: dict[str, Any]) -> Said:
        return services.decline(
            said=said,
            why_not=data["why_not"],
            by=request.actor,
            today=request.today,
            expected_version=data["version"],
        )

    return _act(
        request, said, "Nothing can be done", form, act, "The point is answered. Now tell those who made it."
    )


@page(permissions.RECORD, record=Said)
def said_reopen(request: Any, said: Said) -> HttpResponse:
    """Take the answer to a point back."""
    form = forms.ReopenForm(request.POST or None, version=said.version)

    def act(data: dict[str, Any]) -> Said:
        return services.reopen(
            said=said, reason=data["reason"], by=request.actor, expected_version=data["version"]
        )

    return _act(request, said, "Take the answer back", form, act, "The point waits for an answer again.")


@page(permissions.RECORD, record=Said)
def said_publish(request: Any, said: Said) -> HttpResponse:
    """Put a point on the public page after a last look, give it the second, or take it off."""
    mine = said.offered_by_id is not None and said.offered_by_id == request.actor.person_id
    if said.published or mine:
        return _take_off(request, said)
    form = forms.PublishForm(request.POST or None, version=said.version)
    about_children = rules.is_about_children(said.group, said.text, said.answer)
    second = said.offered_by_id is not None

    def act(data: dict[str, Any]) -> Said:
        return services.publish(
            said=said, published=True, nobody_named=data["nobody_named"], by=request.actor, expected_version=data["version"]
        )  # fmt: skip

    title = "Give it a second look" if second else "Put it on the public page"
    more = {
        "exact": [("You said", said.text), ("We did" if said.we_did else "Nothing can be done", said.answer)],
        "doubtful": rules.could_name_somebody(said.text, said.answer),
        "words": "It is about children, so a second person reads it before it is public."
        if about_children and not second
        else "",
        "submit_text": "Publish it" if second or not about_children else "Hand it to a second person",
    }
    done = "It is on the public page." if second or not about_children else "Somebody else reads it now."
    return _act(request, said, title, form, act, done, **more)


def _take_off(request: Any, said: Said) -> HttpResponse:
    """Take a point off the public page, or back from the second look."""
    form = forms.JustForm(request.POST or None, version=said.version)

    def act(data: dict[str, Any]) -> Said:
        return services.publish(
            said=said, published=False, by=request.actor, expected_version=data["version"]
        )

    title = "Take it off the public page" if said.published else "Do not publish it"
    return _act(request, said, title, form, act, "The public page was changed.", submit_text=title)


@page(permissions.RECORD)
def told(request: Any) -> HttpResponse:
    """Say that those who made some points were told what came of them; `about` ticks one of them."""
    about = asked_about(request, Said)
    rows = list(queries.not_told(request.actor)[:200])
    form = forms.ToldForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        rows=rows,
        initial={
            "said": [str(about.pk)] if about else [],
            "told_on": request.today,
            "told_by": request.actor.person_name,
        },
    )
    if rows and request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.note_told(
                said=form.picked_all("said"),
                on=data["told_on"],
                how=data["how"],
                told_by=data["told_by"],
                by=request.actor,
                today=request.today,
            ),
            lambda _: link(request, "voice"),
            said="It is on record that they were told.",
        )
        if done:
            return done
    words = "" if rows else "Everybody whose point has an answer was told."
    return form_page(request, "Say that people were told", form if rows else None, words=words)
