"""Examples of good practice: brought, accepted or sent back, read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shield.domain.lessons import forms, permissions, rules, services
from shield.domain.lessons.models import GoodPractice
from shield.domain.lessons.views.frame import (
    around,
    done,
    form_page,
    history_of,
    parts_of,
    sees_history,
    theme_links,
)
from shield.improvement import permissions as improvement
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page


@page(permissions.BRING)
def good_practice_bring(request: Any) -> HttpResponse:
    """Bring an example."""
    form = forms.PracticeForm(request.POST or None, actor=request.actor, today=request.today)
    answer = done(
        request, form,
        lambda: services.bring_practice(by=request.actor, today=request.today, **form.given),
        lambda made: page_of(request, made), "Thank you. It is read before everybody can find it.",
    )  # fmt: skip
    intro = [
        "Tell what went well, so that others can do it too. Until it is accepted, only you and those who accept examples read it."
    ]
    return answer or form_page(
        request, "Bring an example of good practice", form, intro=intro, submit_text="Bring it"
    )


@page(permissions.READ, record=GoodPractice)
def good_practice(request: Any, practice: GoodPractice) -> HttpResponse:
    """An example of good practice."""
    withdrawn = practice.status == rules.PracticeStatus.WITHDRAWN
    words = practice.words
    parts = parts_of(words, rules.PARTS_OF_PRACTICE)
    title = [] if practice.is_published else [("Title", words["title"])]
    gone = [("Withdrawn on", practice.withdrawn_on), ("Why", practice.withdrawn_why)]
    sent_back = [("Sent back", practice.returned_why)] if practice.returned_why else []
    agency = [("Whose practice", practice.agency.name)] if practice.agency else []
    brought = (
        [("Brought by", practice.brought_by.name)] if practice.brought_by and sees_history(request) else []
    )
    context = around(
        request, practice,
        tags=[(practice.get_status_display(), rules.TONES[practice.status])],
        facts=gone if withdrawn else [*sent_back, *title, ("When", practice.seen), *agency, *parts, *brought],
        themes=theme_links(request, practice.themes.all()),
        buttons=_buttons(request, practice),
        ways=[
            ("Everything we have learnt", link(request, "learnt")),
            *([("History and sources", link(request, "good_practice_history", practice))] if sees_history(request) else []),
        ],
    )  # fmt: skip
    return render(request, "lessons/practice.html", context)


def _buttons(request: Any, practice: GoodPractice) -> list[dict[str, Any]]:
    actor, status = request.actor, practice.status
    judges, waits = actor.may(permissions.JUDGE), status == rules.PracticeStatus.BROUGHT
    writes = judges or (actor.may(permissions.BRING) and practice.brought_by_id == actor.person_id)
    return buttons(
        ("Accept it", link(request, "good_practice_accept", practice), judges and waits),
        ("Send it back", link(request, "good_practice_return", practice), judges and waits),
        ("Change the words", link(request, "good_practice_change", practice), writes and status in rules.EDITABLE),
        ("Withdraw it", link(request, "good_practice_withdraw", practice), judges and status != rules.PracticeStatus.WITHDRAWN),
    )  # fmt: skip


@page(improvement.VIEW, record=GoodPractice)
def good_practice_history(request: Any, practice: GoodPractice) -> HttpResponse:
    """What happened to an example."""
    return history_of(request, practice)


@page(permissions.BRING, record=GoodPractice)
def good_practice_change(request: Any, practice: GoodPractice) -> HttpResponse:
    """Change an example that was not accepted."""
    if request.method == "GET" and practice.status not in rules.EDITABLE:
        return redirect(page_of(request, practice))
    first = {
        **practice.words, "agency": str(practice.agency_id or ""), "seen_on": practice.seen_on,
        "precision": practice.precision, "themes": [str(theme.pk) for theme in practice.themes.all()],
    }  # fmt: skip
    form = forms.PracticeForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        version=practice.version,
        initial=first,
    )
    answer = done(
        request, form,
        lambda: services.change_practice(
            practice=practice, by=request.actor, today=request.today, expected_version=form.cleaned_data["version"], **form.given
        ),
        lambda row: page_of(request, row), "The example was changed. It waits to be read.",
    )  # fmt: skip
    intro = [f"It was sent back: {practice.returned_why}"] if practice.returned_why else []
    return answer or form_page(request, "Change the example", form, record=practice, intro=intro)


@page(permissions.JUDGE, record=GoodPractice)
def good_practice_accept(request: Any, practice: GoodPractice) -> HttpResponse:
    """Accept an example after a last look."""
    if request.method == "GET" and practice.status != rules.PracticeStatus.BROUGHT:
        return redirect(page_of(request, practice))
    form = forms.IssueForm(request.POST or None, version=practice.version)
    answer = done(
        request, form,
        lambda: services.accept_practice(
            practice=practice, nobody_named=form.cleaned_data["nobody_named"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The example was accepted. Everybody here can find it.",
    )  # fmt: skip
    words = practice.words
    facts = [("Title", words["title"]), *parts_of(words, rules.PARTS_OF_PRACTICE)]
    return answer or form_page(
        request, "Accept the example", form, record=practice, submit_text="Accept it", facts=facts
    )


@page(permissions.JUDGE, record=GoodPractice)
def good_practice_return(request: Any, practice: GoodPractice) -> HttpResponse:
    """Send an example back."""
    form = forms.ReasonForm(
        request.POST or None, version=practice.version, label="What should be changed?",
        help_text="Whoever brought it reads this.",
    )  # fmt: skip
    answer = done(
        request, form,
        lambda: services.return_practice(
            practice=practice, reason=form.cleaned_data["reason"], by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The example was sent back. It is on the list of whoever brought it.",
    )  # fmt: skip
    return answer or form_page(request, "Send it back", form, record=practice, submit_text="Send it back")


@page(permissions.JUDGE, record=GoodPractice)
def good_practice_withdraw(request: Any, practice: GoodPractice) -> HttpResponse:
    """Withdraw an example."""
    form = forms.ReasonForm(
        request.POST or None, version=practice.version, label="Why is it withdrawn?",
        help_text="The reason stays on record. Do not repeat what the example said.",
    )  # fmt: skip
    answer = done(
        request, form,
        lambda: services.withdraw_practice(
            practice=practice, reason=form.cleaned_data["reason"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The example was withdrawn.",
    )  # fmt: skip
    intro = [
        "Its words leave this page and the search at once. That it was there and withdrawn stays on record."
    ]
    return answer or form_page(
        request, "Withdraw the example", form, record=practice, intro=intro, submit_text="Withdraw it"
    )
