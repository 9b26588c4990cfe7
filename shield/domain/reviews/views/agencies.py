"""What agencies are asked and answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shield.domain.reviews import forms, permissions, queries, rules, services
from shield.domain.reviews.forms.referring import named
from shield.domain.reviews.models import AgencyReturn, Case
from shield.domain.reviews.views.frame import act_page, crumbs, require_team
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, perform
from shield.kernel.design import forms as design
from shield.kernel.history import queries as history
from shield.kernel.identities import queries as identities
from shield.kernel.records.rules import Stale


@page(permissions.WORK, record=Case)
def case_ask(request: Any, case: Case) -> HttpResponse:
    """Ask further agencies."""
    require_team(request, case)
    actor = request.actor
    last = queries.returns_of(case, actor)[:1]
    initial = {"whom": named(identities.identities(case.ref, actor).filter(is_child=True))}
    if last:
        initial = {"whom": last[0].whom, "question": last[0].question, "answers_due_on": last[0].due_on}  # type: ignore[dict-item]
    form = forms.AskForm(request.POST or None, actor=actor, today=request.today, initial=initial)
    return act_page(
        request, case, form,
        lambda: services.ask(
            case=case, due_on=form.cleaned_data["answers_due_on"], by=actor, today=request.today, **form.asked
        ),
        "Ask agencies", "The agencies were asked.", submit_text="Ask them",
    )  # fmt: skip


@page(signed_in=True, record=AgencyReturn)
def case_return(request: Any, answer: AgencyReturn) -> HttpResponse:
    """What an agency was asked and said: for itself, and once handed in for the team of the case."""
    actor = request.actor
    own, team = answer.is_own(actor), answer.case.is_open_to(actor)
    works = team and actor.may(permissions.WORK)
    shows = answer.shows_words_to(actor)
    with_agency = answer.status in rules.WITH_AGENCY
    context = {
        "record": answer,
        "page_title": f"{answer.agency.called}: what was asked",
        "page_caption": f"{answer.reference}, {answer.get_purpose_display().lower()}, case {answer.case.reference}",
        "breadcrumbs": crumbs(request, answer.case if team else None, (answer.agency.called, "")),
        "tags": [(answer.get_status_display(), rules.RETURN_TONES[answer.status])],
        "facts": [
            ("Asked on", answer.asked_on),
            ("Answer due", answer.due_on),
            ("Whom it is about", answer.whom),
            *([("Beside the usual", answer.question)] if answer.question else []),
            *([("Handed in", answer.handed_in_on)] if answer.handed_in_on else []),
            *([("Signed off by", answer.signed_off_by)] if answer.signed_off_by else []),
        ],
        "reason": answer.reason if own or team else "",
        "words": answer.parts if shows else [],
        "shows": shows,
        "buttons": buttons(
            ("Write the answer", link(request, "return_write", answer), own and with_agency),
            ("Accept it", link(request, "return_accept", answer), works and answer.status == rules.ReturnStatus.HANDED_IN),
            ("Send it back", link(request, "return_send_back", answer), works and answer.status in rules.HANDED_IN),
            ("Ask no longer", link(request, "return_withdraw", answer), works and with_agency),
        ),
        "ways": [("The case", page_of(request, answer.case))] if team else [],
        "entries": history.of_record(answer.partnership_id, answer.pk),
    }  # fmt: skip
    return render(request, "reviews/return.html", context)


@page(permissions.ANSWER, record=AgencyReturn)
def return_write(request: Any, answer: AgencyReturn) -> HttpResponse:
    """Write one's own agency's answer: keep a draft, or hand it in."""
    if not answer.is_own(request.actor):
        raise Forbidden(f"This is for {answer.agency.called} to answer.")
    there = page_of(request, answer)
    if request.method == "GET" and answer.status not in rules.WITH_AGENCY:
        return redirect(there)
    form = forms.ReturnForm(
        request.POST or None, version=answer.version, purpose=answer.purpose,
        initial={**answer.words, "nothing_held": answer.nothing_held, "signed_off_by": answer.signed_off_by},
    )  # fmt: skip

    def act() -> AgencyReturn:
        data: dict[str, Any] = {
            "answer": answer, "by": request.actor, "words": form.words, "expected_version": form.cleaned_data["version"],
        }  # fmt: skip
        try:
            if form.hands_in:
                return services.hand_in(
                    **data, today=request.today, signed_off_by=form.cleaned_data["signed_off_by"],
                    nothing_held=form.cleaned_data["nothing_held"],
                )  # fmt: skip
            return services.draft_return(**data)
        except Stale as stale:
            # What somebody else wrote meanwhile answers to the names of the form's fields, so that both are shown.
            for part in rules.PARTS[answer.purpose]:
                setattr(stale.current, part, stale.current.words.get(part, ""))
            raise

    return perform(
        request, form, act, lambda _: there, title="Your agency's answer", page_caption=answer.heading,
        template="reviews/write.html", cancel_href=there, whom=answer.whom, question=answer.question, due=answer.due_on,
        reason=answer.reason if answer.status == rules.ReturnStatus.SENT_BACK else "",
        said="Your answer was handed in." if request.POST.get("do") == "hand_in" else "The draft was kept. You can go on later.",
        breadcrumbs=crumbs(request, None, (answer.heading, there), ("Answer", "")),
    )  # fmt: skip


def _on_return(
    request: Any, answer: AgencyReturn, form: Any, act: Any, title: str, said: str, *intro: str
) -> HttpResponse:
    require_team(request, answer.case)
    return act_page(
        request,
        answer.case,
        form,
        act,
        title,
        said,
        intro=intro,
        then=lambda _: page_of(request, answer),
        submit_text=title,
    )


@page(permissions.WORK, record=AgencyReturn)
def return_accept(request: Any, answer: AgencyReturn) -> HttpResponse:
    """Say that the answer is what was asked for."""
    form = design.ShieldForm(request.POST or None, version=answer.version)
    return _on_return(
        request, answer, form,
        lambda: services.accept_return(
            answer=answer, by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        "Accept the answer", "The answer was accepted.", f"{answer.agency.called} is told nothing; it keeps its answer.",
    )  # fmt: skip


@page(permissions.WORK, record=AgencyReturn)
def return_send_back(request: Any, answer: AgencyReturn) -> HttpResponse:
    """Ask for changes."""
    form = forms.WhyForm(request.POST or None, label="What should be changed?", version=answer.version)
    return _on_return(
        request, answer, form,
        lambda: services.send_back(
            answer=answer, reason=form.cleaned_data["reason"], by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        "Send it back", "The answer was sent back, and the agency was told.",
    )  # fmt: skip


@page(permissions.WORK, record=AgencyReturn)
def return_withdraw(request: Any, answer: AgencyReturn) -> HttpResponse:
    """Ask this agency no longer."""
    form = forms.WhyForm(request.POST or None, label="Why is it no longer asked?", version=answer.version)
    return _on_return(
        request, answer, form,
        lambda: services.withdraw_ask(
            answer=answer, reason=form.cleaned_data["reason"], by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        "Ask no longer", "This agency is no longer asked.",
    )  # fmt: skip
