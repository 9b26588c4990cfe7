"""Before a meeting: what goes on the agenda, papers, declarations of interest, the pack."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms as design
from shield.kernel.files import permissions as files_permissions
from shield.kernel.files import queries as files
from shield.kernel.files.models import StoredFile
from shield.kernel.files.views import served
from shield.kernel.history import queries as history
from shield.meetings import exchange, forms, permissions, queries, rules, services
from shield.meetings.models import Gathering, Paper
from shield.meetings.views import frame


@page(permissions.RECORD_GATHERING, record=Gathering)
def prepare(request: Any, gathering: Gathering) -> HttpResponse:
    """Choose what goes on the agenda from everything that waits for this body."""
    offers = queries.offers(gathering, request.actor, request.today)
    form = forms.OffersForm(request.POST or None, offers=offers, version=gathering.version)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.take_up(
                gathering=gathering,
                offers=form.chosen,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: frame.to(request, "gathering_agenda", row),
            said="The agenda was put together. Change its order and lengths here.",
        )
        if done:
            return done
    return frame.act(
        request, gathering, form, "Put the agenda together", "meetings/prepare.html", "Put these on the agenda",
        offers=offers, body=gathering.body,
    )  # fmt: skip


@page(permissions.VIEW, record=Gathering)
def pack(request: Any, gathering: Gathering) -> HttpResponse:
    """Agenda and papers in one PDF, with what this person may read."""
    content = exchange.pack(gathering, request.actor, at=calendar.now())
    return served(content, f"{gathering.reference}-pack.pdf", "application/pdf")


@page(permissions.RECORD_GATHERING, record=Gathering)
def send_pack(request: Any, gathering: Gathering) -> HttpResponse:
    """Tell the members that the pack is ready."""
    form = design.ShieldForm(request.POST or None)
    people = queries.people_to_tell(gathering, request.today)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.send_pack(gathering=gathering, by=request.actor, now=calendar.now()),
            lambda _: frame.to(request, "gathering", gathering),
            said="The members are being told. Papers that come from now on are marked as late.",
        )
        if done:
            return done
    count = len(people)
    whom = "1 person" if count == 1 else f"{count} people"
    intro = (
        f"An e-mail goes to {whom} who sit on {gathering.body.name if gathering.body else 'it'} or work for an agency "
        "that does. It names nobody and carries no paper: they sign in to read."
    )
    waiting = [paper for paper in queries.papers(gathering, request.actor) if not paper.handed_in_at]
    return frame.act(
        request,
        gathering,
        form,
        "Send the pack",
        "meetings/send_pack.html",
        "Tell them",
        intro=intro,
        waiting=waiting,
    )


# --- Papers


@page(permissions.RECORD_GATHERING, record=Gathering)
def paper_ask(request: Any, gathering: Gathering) -> HttpResponse:
    """Ask for a paper."""
    form = forms.PaperForm(
        request.POST or None, actor=request.actor, gathering=gathering, today=request.today,
        initial={"due_on": gathering.papers_due_on},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = {
            name: form.cleaned_data.get(name)
            for name in ("title", "item", "agency", "person", "due_on", "audience")
        }
        done = submit(
            request,
            form,
            lambda: services.ask_for_paper(gathering=gathering, by=request.actor, **given),
            lambda row: frame.to(request, "paper", row),
            said="The paper is asked for. It waits on its author's list.",
        )
        if done:
            return done
    return frame.act(request, gathering, form, "Ask for a paper", "meetings/body_act.html", "Ask for it")


@page(permissions.VIEW, record=Paper)
def paper(request: Any, paper: Paper) -> HttpResponse:
    """One paper: for what, from whom, where it stands, its versions."""
    actor = request.actor
    words = rules.paper_standing(
        withdrawn=paper.withdrawn,
        handed_in=paper.handed_in_at is not None,
        due_on=paper.due_on,
        today=request.today,
    )
    versions = list(files.about(paper.pk, actor))
    sent = paper.gathering.pack_sent_at
    context = {
        "page_title": paper.title,
        "page_caption": f"Paper {paper.reference}",
        "breadcrumbs": _way(request, paper, (paper.title, "")),
        "paper": paper,
        "words": words,
        "tone": rules.PAPER_TONES[words],
        "entries": history.of_record(paper.partnership_id, paper.pk),
        "facts": [
            {
                "key": "Meeting",
                "value": paper.gathering.title,
                "href": frame.to(request, "gathering", paper.gathering),
            },
            ("Item", paper.item.text if paper.item else "The whole meeting"),
            ("From", ", ".join(str(who) for who in (paper.person, paper.agency) if who)),
            ("Due on", paper.due_on),
            ("Who may read it", paper.get_audience_display()),
        ],
        "versions": [
            {
                "number": number,
                "file": row,
                "href": frame.to(request, "file", row),
                "late": bool(sent and row.recorded_at > sent),
            }
            for number, row in enumerate(versions, start=1)
        ],
        "hand_in_href": frame.to(request, "paper_hand_in", paper)
        if not paper.withdrawn
        and actor.may(permissions.CONTRIBUTE)
        and not queries.why_not_hand_in(paper, actor)
        else "",
        "withdraw_href": frame.to(request, "paper_withdraw", paper)
        if not paper.withdrawn and actor.may(permissions.RECORD_GATHERING)
        else "",
    }
    return render(request, "meetings/paper.html", context)


def _way(request: Any, paper: Paper, *further: tuple[str, str]) -> list[tuple[str, str]]:
    there = frame.to(request, "gathering", paper.gathering)
    return frame.way(request, "gatherings", (paper.gathering.title, there), *further)


@page(permissions.CONTRIBUTE, record=Paper)
def paper_hand_in(request: Any, paper: Paper) -> HttpResponse:
    """Hand in a paper, or replace it."""
    if why := queries.why_not_hand_in(paper, request.actor):
        raise Forbidden(why)
    form = forms.HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        done = submit(
            request,
            form,
            lambda: services.hand_in(
                paper=paper, name=sent.name, content=sent.read(), by=request.actor, now=calendar.now()
            ),
            lambda row: frame.to(request, "paper", row),
            said="The paper is handed in.",
        )
        if done:
            return done
    again = paper.handed_in_at is not None
    intro = "The earlier version stays on record. If the pack has gone out, the new one is marked as late."
    return _paper_act(
        request, paper, form, "Replace this paper" if again else "Hand in this paper",
        "Replace it" if again else "Hand it in", intro if again else "",
    )  # fmt: skip


def _paper_act(request: Any, paper: Paper, form: Any, title: str, button: str, intro: str) -> HttpResponse:
    there = frame.to(request, "paper", paper)
    way = _way(request, paper, (paper.title, there))
    return frame.asked(request, form, title, button, of=paper.title, back=there, way_there=way, intro=intro)


@page(permissions.RECORD_GATHERING, record=Paper)
def paper_withdraw(request: Any, paper: Paper) -> HttpResponse:
    """Take a paper out of the pack."""
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.withdraw_paper(paper=paper, by=request.actor),
            lambda _: frame.to(request, "gathering", paper.gathering),
            said="The paper was withdrawn.",
        )
        if done:
            return done
    intro = "It leaves the agenda and the pack. Its files stay on record."
    return _paper_act(request, paper, form, "Withdraw this paper", "Withdraw it", intro)


@page(permissions.CONTRIBUTE, record=Gathering)
def declare(request: Any, gathering: Gathering) -> HttpResponse:
    """Record a declaration of interest; a member declares their own."""
    own = not request.actor.may(permissions.RECORD_GATHERING)
    form = forms.DeclarationForm(request.POST or None, actor=request.actor, gathering=gathering, own=own)
    if request.method == "POST" and form.is_valid():
        given = {
            name: form.cleaned_data[name]
            for name in ("named", "agency", "item", "interest", "handling")
            if name in form.cleaned_data
        }
        done = submit(
            request,
            form,
            lambda: services.declare_interest(gathering=gathering, by=request.actor, **given),
            lambda _: frame.to(request, "gathering", gathering),
            said="The declaration is on record.",
        )
        if done:
            return done
    return frame.act(request, gathering, form, "Declare an interest", "meetings/body_act.html", "Record it")


@page(files_permissions.VIEW, record=StoredFile)
def picture(request: Any, file: StoredFile) -> HttpResponse:
    """The visual record of a meeting within its page; a file of any other record is only opened, and traced, by its own."""
    path = files.path_of(file.sha256)
    if file.about_kind != Gathering.kind or not file.content_type.startswith("image/"):
        raise Http404
    if not files.attached_to_visible(file, request.actor) or not path.is_file():
        raise Http404
    return served(path.read_bytes(), file.name, file.content_type, shown=True)


@page(permissions.RECORD_GATHERING, record=Gathering)
def picture_add(request: Any, gathering: Gathering) -> HttpResponse:
    """Add the visual record of a meeting."""
    form = forms.PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        done = submit(
            request,
            form,
            lambda: services.add_picture(
                gathering=gathering, name=sent.name, content=sent.read(),
                description=form.cleaned_data["description"], by=request.actor,
            ),
            lambda _: frame.to(request, "gathering", gathering),
            said="The visual record was added.",
        )  # fmt: skip
        if done:
            return done
    return frame.act(request, gathering, form, "Add the visual record", "meetings/body_act.html", "Add it")
