"""Pages on joint bodies: who takes part, and what a part shows of another partnership's body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.improvement.rules import Outcome
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.kernel.design.queries import Column, Table
from shield.kernel.files import queries as files
from shield.kernel.files.views import served
from shield.kernel.history import queries as history
from shield.meetings import exchange, forms, permissions, queries, rules, services
from shield.meetings.models import Body, Gathering, JointPart
from shield.meetings.views import frame


@page(permissions.EDIT_BODY, record=Body)
def part_ask(request: Any, body: Body) -> HttpResponse:
    """Ask another partnership to take part in a body."""
    form = forms.AskPartForm(request.POST or None, body=body, initial={"shares_from": request.today})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("participant", "shares_from", "message")}
        done = submit(
            request,
            form,
            lambda: services.ask_to_take_part(body=body, by=request.actor, today=request.today, **given),
            lambda row: frame.to(request, "joint_part", row),
            said="They are asked. The question waits on their business manager's list.",
        )
        if done:
            return done
    there = frame.to(request, "body", body)
    way = frame.way(request, "bodies", (body.name, there))
    intro = (
        "Once they say yes, whoever sees meetings there sees this body's agendas, circulated minutes, decisions and the "
        "papers for everybody, and nothing else of your partnership. Either side may end it at any time."
    )
    title = "Ask another partnership to take part"
    return frame.asked(request, form, title, "Ask them", of=body.name, back=there, way_there=way, intro=intro)


@page(permissions.VIEW, record=JointPart)
def part(request: Any, part: JointPart) -> HttpResponse:
    """A part in a joint body: where it stands, who sits there, and what is shared; the same from either side."""
    guest = queries.is_guest(part, request.actor)
    shown = part.shows or not guest
    terms = queries.terms(part.body).first() if shown else None
    context = {
        "page_title": part.body.name,
        "page_caption": f"Joint body, hosted by {part.partnership.short_name}",
        "breadcrumbs": _way(request, part),
        "part": part,
        "guest": guest,
        "tone": rules.PART_TONES[part.status],
        "facts": _facts(part),
        "acts": _acts(request, part, guest),
        "shown": shown,
        "terms": terms,
        "seats": [seat.person.name for seat in queries.seats_for(part)] if shown else [],
        "meetings": _meetings(request, part) if shown else None,
        "decisions": _decisions(request, part) if shown else None,
        "entries": history.of_record(request.actor.partnership_id, part.pk),
    }
    return render(request, "meetings/joint_part.html", context)


def _way(request: Any, part: JointPart, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return frame.way(
        request,
        "bodies",
        (part.body.name, frame.to(request, "joint_part", part) if further else ""),
        *further,
    )


def _facts(part: JointPart) -> list[tuple[str, Any]]:
    facts = (
        ("What it is for", part.body.purpose),
        ("Host", part.partnership.name),
        ("Takes part", part.participant.name),
        ("Asked on", part.asked_on),
        ("The host's words", part.message),
        ("Shared from", part.shares_from),
        ("Answered on", part.answered_on),
        ("The answer's words", part.answer),
        ("Ended on", part.ended_on),
        ("Why it ended", part.end_reason),
    )
    return [(label, value) for label, value in facts if value]


def _acts(request: Any, part: JointPart, guest: bool) -> list[dict[str, str]]:
    if not request.actor.may(permissions.EDIT_BODY):
        return []
    asked, under_way = part.status == rules.PartStatus.ASKED, part.status == rules.PartStatus.TAKING_PART
    offered = (
        (asked and guest, "joint_answer", "Answer for your partnership"),
        (under_way and guest, "joint_seats", "Say who sits on it for your partnership"),
        (asked and not guest, "joint_end", "Take the question back"),
        (under_way, "joint_end", "End this part"),
    )
    acts = [{"href": frame.to(request, name, part), "text": text} for wanted, name, text in offered if wanted]
    if not guest:
        acts.append({"href": frame.to(request, "body", part.body), "text": "To the body"})
    return acts


def _meetings(request: Any, part: JointPart) -> Table:
    columns = (
        Column(
            key="title",
            label="Meeting",
            href=lambda row: frame.to(request, "joint_meeting", part, meeting=row.reference),
        ),
        Column(key="held_on", label="When", value=frame.day_in_table, sort=True),
        Column(
            key="status",
            label="Stands",
            value=lambda row: frame.standing(row, request.today)[0],
            tone=lambda row: frame.standing(row, request.today)[1],
        ),
    )
    return Table(
        queries.shared_meetings(part),
        columns,
        request.GET,
        caption="Meetings",
        name="meetings",
        default_sort="-held_on",
        exportable=False,
        empty=f"No meeting since {in_words(part.shares_from)}.",
    )


def _decisions(request: Any, part: JointPart) -> Table:
    columns = (
        Column(key="decision", label="Decision", value="decision.heading"),
        Column(
            key="decided_on",
            label="When",
            value=lambda row: in_words_to(row.decision.decided_on, row.decision.precision),
            sort="decision__decided_on",
        ),
        Column(
            key="outcome",
            label="Outcome",
            value=lambda row: Outcome(row.decision.outcome).label,
            tone=lambda row: frame.OUTCOME_TONES[row.decision.outcome],
        ),
    )
    return Table(
        queries.shared_decisions(part),
        columns,
        request.GET,
        caption="Decisions",
        name="decisions",
        default_sort="-decided_on",
        exportable=False,
        empty=f"No decision since {in_words(part.shares_from)}.",
    )


def _shared(request: Any, part: JointPart, reference: str) -> Gathering:
    """A meeting that the part shows to this person; 404 for any other, whether it exists or not."""
    if not part.shows and queries.is_guest(part, request.actor):
        raise Http404
    found = queries.shared_meeting(part, reference)
    if found is None:
        raise Http404
    return found


@page(permissions.VIEW, record=JointPart)
def joint_meeting(request: Any, part: JointPart, meeting: str) -> HttpResponse:
    """One meeting of a joint body: its agenda, papers, decisions and circulated minutes."""
    gathering = _shared(request, part, meeting)
    words, tone = frame.standing(gathering, request.today)
    minutes = queries.shared_minutes(gathering)
    context = {
        "page_title": gathering.title,
        "page_caption": f"{part.body.name}, hosted by {part.partnership.short_name}",
        "breadcrumbs": _way(request, part, (gathering.title, "")),
        "status_words": words,
        "status_tone": tone,
        "facts": [
            (label, value)
            for label, value in (
                ("Date", frame.day_of(gathering)),
                ("Time", f"{gathering.begins_at:%H:%M}" if gathering.begins_at else ""),
                ("Where", gathering.place),
                ("Chair", gathering.chair_words),
            )
            if value
        ],
        "timed": queries.timed_business(gathering),
        "papers": [
            (paper, frame.to(request, "joint_paper", part, meeting=meeting, paper=paper.reference))
            for paper in queries.shared_papers(part, gathering, request.actor)
        ],
        "decided": list(queries.shared_decisions(part).filter(gathering=gathering)),
        "minutes": minutes,
        "minutes_body": exchange.minutes_html(minutes) if minutes else "",
    }
    return render(request, "meetings/joint_meeting.html", context)


@page(permissions.VIEW, record=JointPart, methods=("GET",))
def joint_paper(request: Any, part: JointPart, meeting: str, paper: str) -> HttpResponse:
    """A paper of a shared meeting, as a file; that it was opened stands in both partnerships' histories."""
    found = queries.shared_file(part, _shared(request, part, meeting), paper, request.actor)
    if found is None or not (path := files.path_of(found[1].sha256)).is_file():
        raise Http404
    services.note_paper_opened(part=part, paper=found[0], file=found[1], by=request.actor)
    return served(path.read_bytes(), found[1].name, found[1].content_type)


def _require_guest(request: Any, part: JointPart) -> None:
    if why := queries.why_not_answer(part, request.actor):
        raise Forbidden(why)


@page(permissions.EDIT_BODY, record=JointPart)
def part_answer(request: Any, part: JointPart) -> HttpResponse:
    """Say whether one's own partnership takes part."""
    _require_guest(request, part)
    form = forms.AnswerPartForm(request.POST or None, version=part.version)

    def put(given: dict[str, Any]) -> JointPart:
        return services.answer_part(
            part=part, takes_part=given["takes_part"] == "yes", answer=given["answer"], by=request.actor,
            today=request.today, expected_version=given["version"],
        )  # fmt: skip

    intro = (
        f"{part.partnership.name} asks you to take part in {part.body.name}. You see its meetings from "
        f"{in_words(part.shares_from)} on, and may name who sits on it. They see nothing of yours, and either side may end it."
    )
    return _act(
        request, part, form, put, "Answer for your partnership", "Send the answer", "It is answered.", intro
    )


@page(permissions.EDIT_BODY, record=JointPart)
def part_seats(request: Any, part: JointPart) -> HttpResponse:
    """Say who sits on the body for one's own partnership."""
    _require_guest(request, part)
    seated = [seat.person_id for seat in queries.seats_for(part)]
    form = forms.SeatsForm(
        request.POST or None, actor=request.actor, today=request.today, initial={"people": seated}
    )

    def put(given: dict[str, Any]) -> JointPart:
        return services.seat_people(part=part, people=given["people"], by=request.actor, today=request.today)

    intro = "They stand on the host's roll, and read the papers for members."
    title = "Say who sits on it for your partnership"
    return _act(request, part, form, put, title, "Save", "It is saved.", intro)


@page(permissions.EDIT_BODY, record=JointPart)
def part_end(request: Any, part: JointPart) -> HttpResponse:
    """End a part, or take the question back."""
    form = forms.EndPartForm(request.POST or None)

    def put(given: dict[str, Any]) -> JointPart:
        return services.end_part(part=part, reason=given["reason"], by=request.actor, today=request.today)

    if part.status == rules.PartStatus.ASKED:
        title, button, intro = "Take the question back", "Take it back", "It leaves their list."
    else:
        title, button = "End this part", "End it today"
        intro = "Seats held under it end today. What was shared until today stays readable to those who took part."
    return _act(request, part, form, put, title, button, "It has ended.", intro)


def _act(
    request: Any,
    part: JointPart,
    form: Any,
    put: Callable[[dict[str, Any]], JointPart],
    title: str,
    button: str,
    said: str,
    intro: str,
) -> HttpResponse:
    there = frame.to(request, "joint_part", part)
    if request.method == "POST" and form.is_valid():
        if done := submit(request, form, lambda: put(form.cleaned_data), lambda _: there, said=said):
            return done
    way = frame.way(request, "bodies", (part.body.name, there))
    return frame.asked(
        request, form, title, button, of=part.body.name, back=there, way_there=way, intro=intro
    )
