"""A survey as anybody answers it: no account, no cookie, no script, and nothing kept of who it was."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from shield.domain.voice import forms, queries, rules, services
from shield.domain.voice.models import Question, Survey
from shield.kernel.access.views import page
from shield.kernel.records.rules import Refused

LOOKS = ("large", "easy")
BUSY = "Many people are answering at this moment. Your answers are still here. Please send them again in a minute."


def _found(token: str) -> Survey:
    """The survey of an address; any other address answers like every page that is not there."""
    survey = queries.survey_at(token)
    if survey is None:
        raise Http404
    return survey


def _look(request: Any) -> str:
    given = request.GET.get("look", "")
    return given if given in LOOKS else ""


def _frame(survey: Survey, look: str, **more: Any) -> dict[str, Any]:
    """What every page of a survey shows around it: nothing but whose it is and how to read it otherwise."""
    at = reverse("survey_answer", args=[survey.token])
    words = {"": "Usual size", "large": "Large print", "easy": "Easy read, one question at a time"}
    return {
        "survey": survey,
        "page_title": survey.title,
        "whose": survey.partnership.name,
        "look": look,
        "looks": [(text, f"{at}?look={key}" if key else at) for key, text in words.items() if key != look],
        **more,
    }


@csrf_exempt
@page(public=True)
def survey_answer(request: Any, survey: str) -> HttpResponse:
    """Answer a survey; the same form sent twice is one reply."""
    row, look = _found(survey), _look(request)
    if not row.takes_answers(request.today):
        early = row.opens_on is not None and request.today < row.opens_on and row.status == "open"
        return _shown("voice/survey_closed.html", _frame(row, look, early=early) | {"looks": []})
    questions = queries.asked(row)
    if look == "easy":
        return _private(_step(request, row, questions))
    form = forms.ReplyForm(request.POST if request.method == "POST" else None, questions=questions)
    if request.method == "POST" and form.is_valid():
        done = _send(request, row, form, look)
        if done is not None:
            return _private(done)
    return _shown("voice/survey_answer.html", _frame(row, look, form=form))


def _send(request: Any, survey: Survey, form: Any, look: str) -> HttpResponse | None:
    """Keep the answers and lead to the thanks; None if the page must be shown again."""
    if _too_many(survey):
        form.refuse(BUSY)
        return None
    try:
        services.reply(
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
    return HttpResponseRedirect(f"{thanks}?look={look}" if look else thanks)


def _too_many(survey: Survey) -> bool:
    """Whether this survey took more answers within a minute than people could send; counts by survey, not by person."""
    key = f"survey:{hashlib.sha256(str(survey.pk).encode()).hexdigest()}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) > rules.ANSWERS_A_MINUTE
    except ValueError:
        return False  # it expired between the two lines


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
    stays = bool(sent) and went != "back" and here in every.errors
    if went == "back":
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
    row = _found(survey)
    return _shown("voice/survey_thanks.html", _frame(row, _look(request)) | {"looks": []})


def _shown(template: str, context: dict[str, Any]) -> HttpResponse:
    """A page made of nothing but the survey: without the request, nobody signed in shows on it and no cookie is set."""
    return _private(HttpResponse(render_to_string(template, context)))


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing between here and the reader keeps the page, and no search engine finds it."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
