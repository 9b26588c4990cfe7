"""A survey as anybody answers it: no account, no cookie, no script, and nothing kept of who it was."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from shield.domain.voice import forms, permissions, queries, rules, services
from shield.domain.voice.models import Question, Survey
from shield.improvement.views.ways import page_of
from shield.kernel.access.views import page
from shield.kernel.records.rules import Refused

LOOKS = ("large", "easy")
_SALT = secrets.token_bytes(16)
"""Of this process alone, so that what is counted by it means nothing anywhere else."""
BUSY = "Many people are answering at this moment. Your answers are still here. Please send them again in a minute."


def _look(request: Any) -> str:
    given = request.GET.get("look", "")
    return given if given in LOOKS else ""


def _frame(survey: Survey, look: str, **more: Any) -> dict[str, Any]:
    """What every page of a survey shows around it: nothing but whose it is and how to read it otherwise."""
    words = {"": "Usual size", "large": "Large print", "easy": "Easy read, one question at a time"}
    return {
        "survey": survey,
        "draft": reverse("survey", args=[survey.partnership.slug, survey.pk])
        if survey.status == rules.SurveyStatus.DRAFT
        else "",
        "page_title": survey.title,
        "whose": survey.partnership.name,
        "look": look,
        "looks": [(text, f"?look={key}") for key, text in words.items() if key != look],
        **more,
    }


@csrf_exempt
@page(public=True)
def survey_answer(request: Any, survey: str) -> HttpResponse:
    """Answer a survey; the same form sent twice is one reply.

    No token against forged forms: it would need a cookie, and whoever forges a reply could as well send one.
    """
    row = queries.survey_at(survey)
    if row is None:
        return _missing()
    look = _look(request)
    if not row.takes_answers(request.today):
        early = row.opens_on is not None and request.today < row.opens_on and row.status == "open"
        return _shown("voice/survey_closed.html", _frame(row, look, early=early) | {"looks": []})
    return _asked(request, row, look)


@csrf_exempt
@page(permissions.RECORD, record=Survey)
def survey_preview(request: Any, survey: Survey) -> HttpResponse:
    """A draft as people will see it, for whoever writes it; a draft takes no answers, so nothing is kept.

    The form is the public one, which has no token against forged forms; sending it changes nothing.
    """
    if survey.status != rules.SurveyStatus.DRAFT or not queries.asked(survey):
        return HttpResponseRedirect(page_of(request, survey))
    return _asked(request, survey, _look(request))


def _asked(request: Any, survey: Survey, look: str) -> HttpResponse:
    """The questions, and what becomes of the answers."""
    questions = queries.asked(survey)
    if look == "easy":
        return _private(_step(request, survey, questions))
    if request.method == "POST" and request.POST.get("go") == "look":
        form = _unjudged(forms.ReplyForm(questions=questions), request.POST)
        return _shown("voice/survey_answer.html", _frame(survey, look, form=form))
    form = forms.ReplyForm(request.POST if request.method == "POST" else None, questions=questions)
    if request.method == "POST" and form.is_valid():
        done = _send(request, survey, form, look)
        if done is not None:
            return _private(done)
    return _shown("voice/survey_answer.html", _frame(survey, look, form=form))


def _send(request: Any, survey: Survey, form: Any, look: str) -> HttpResponse | None:
    """Keep the answers and lead to the thanks; None if the page must be shown again."""
    if _too_many(request, survey):
        form.refuse(BUSY)
        return None
    try:
        is_new = services.reply(
            survey=survey,
            answers=form.answers,
            words=form.words,
            once=form.cleaned_data["once"],
            today=request.today,
        )
    except Refused as refusal:
        form.refuse(refusal.message)
        return None
    thanks = reverse("survey_thanks", args=[survey.token])
    query = "&".join(part for part in (f"look={look}" if look else "", "" if is_new else "again=1") if part)
    return HttpResponseRedirect(f"{thanks}?{query}" if query else thanks)


def _too_many(request: Any, survey: Survey) -> bool:
    """Whether more answers came within a minute than people could send: to this survey, or to it from one place.

    Counted in the memory of this process, under a digest that means nothing elsewhere, for a minute: neither
    database nor log learns when somebody answered, or from where.
    """
    try:
        place = get_adapter().get_client_ip(request)
    except PermissionDenied:
        place = ""  # nobody knows from where; the limit of the survey holds
    counted = {f"{survey.pk}": rules.ANSWERS_A_MINUTE}
    if place:
        counted[f"{survey.pk}:{place}"] = rules.ANSWERS_FROM_ONE_PLACE
    came = {what: _count(what) for what in counted}  # all are counted, whichever is reached first
    return any(came[what] > most for what, most in counted.items())


def _count(what: str) -> int:
    """How many there were of something within a minute, this one included."""
    passing, key = caches["passing"], hashlib.sha256(_SALT + what.encode()).hexdigest()
    passing.add(key, 0, timeout=60)
    try:
        return int(passing.incr(key))
    except ValueError:
        return 1  # it expired between the two lines


def _step(request: Any, survey: Survey, questions: list[Question]) -> HttpResponse:
    """Easy read: one question on a page; what was answered before travels along in the form."""
    sent = request.POST if request.method == "POST" else {}
    asked = str(sent.get("step", "1"))
    at = (
        min(max(int(asked), 1), len(questions))
        if asked.isascii() and asked.isdigit() and len(asked) < 4
        else 1
    )
    went = sent.get("go", "")
    every = forms.ReplyForm(sent or None, questions=questions, easy=True)
    here = f"q{questions[at - 1].position}"
    stays = bool(sent) and went not in {"back", "look"} and here in every.errors
    if went == "look":
        at = 1
    elif went == "back":
        at -= 1
    elif sent and not stays:
        if at == len(questions) and every.is_valid():
            done = _send(request, survey, every, "easy")
            if done is not None:
                return done
        at += 1
    at = min(max(at, 1), len(questions))
    name = f"q{questions[at - 1].position}"
    if not stays:
        every = _unjudged(every, sent)
    context = _frame(
        survey, "easy", form=every if stays or every.errors else None, field=every[name], step=at, steps=len(questions),
        first=at == 1, last=at == len(questions), once=sent.get("once") or every["once"].value(),
        carried=[(key, value) for key in every.fields if key.startswith("q") and key != name for value in _all(sent, key)],
        sure=every["sure"] if "sure" in every.fields and stays else None, ticked=bool(sent.get("sure")),
    )  # fmt: skip
    return _shown("voice/survey_step.html", context)


def _all(sent: Any, key: str) -> list[str]:
    return sent.getlist(key) if hasattr(sent, "getlist") else []


def _unjudged(form: Any, sent: Any) -> Any:
    """The form with what was answered, its questions not judged before they are asked."""
    if sent and not form.non_field_errors():
        form.take_up(sent)
    return form


@page(public=True, methods=("GET",))
def survey_thanks(request: Any, survey: str) -> HttpResponse:
    """Thank somebody for their answers."""
    row = queries.survey_at(survey)
    if row is None:
        return _missing()
    again = request.GET.get("again") == "1"
    return _shown(
        "voice/survey_thanks.html",
        _frame(row, _look(request), again=again, you_said=reverse("you_said", args=[row.partnership.slug]))
        | {"looks": []},
    )


def _missing() -> HttpResponse:
    """The one answer to every address that leads nowhere; it names nobody and sets no cookie, unlike the site's own."""
    response = _shown("voice/survey_missing.html", {"page_title": "There is no survey here"})
    response.status_code = 404
    return response


def _shown(template: str, context: dict[str, Any]) -> HttpResponse:
    """A page made of nothing but the survey: without the request, nobody signed in shows on it and no cookie is set."""
    return _private(HttpResponse(render_to_string(template, context)))


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing between here and the reader keeps the page, and no search engine finds it."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
