"""Letters, the way a case takes, themes, outputs, what the wider group reads, the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.reviews import forms, permissions, services
from shield.domain.reviews.forms.referring import lines_of
from shield.domain.reviews.models import Case, Letter, Output
from shield.domain.reviews.views.frame import act_page, crumbs, require_team
from shield.improvement.services import Upload
from shield.improvement.views.ways import page_of
from shield.kernel.access.views import page
from shield.kernel.files import queries as files
from shield.kernel.history import queries as history


@page(permissions.WORK, record=Case)
def letter_add(request: Any, case: Case) -> HttpResponse:
    """File a letter."""
    require_team(request, case)
    form = forms.LetterForm(request.POST or None, request.FILES or None, initial={"dated": request.today})

    def act() -> Letter:
        given = form.cleaned_data["file"]
        upload = Upload(given.name, given.read()) if given else None
        return services.file_letter(
            case=case, by=request.actor, today=request.today, file=upload, **form.values
        )

    return act_page(
        request, case, form, act, "File a letter", "The letter is on file.", submit_text="File it",
        intro=("Everything written to and by others about this case: the Panel, Ofsted, the coroner, other areas.",),
    )  # fmt: skip


@page(permissions.WORK, record=Letter)
def letter(request: Any, letter: Letter) -> HttpResponse:
    """One letter."""
    case = letter.case
    agrees = {True: "Yes", False: "No"}.get(letter.agrees) if letter.agrees is not None else ""
    context = {
        "record": letter,
        "page_title": letter.get_about_display(),
        "page_caption": f"Letter {letter.reference} of {case.pseudonym}",
        "breadcrumbs": crumbs(request, case, (letter.get_about_display(), "")),
        "facts": [
            ("Dated", letter.dated),
            ("Who wrote", letter.get_direction_display()),
            ("To or from", letter.party),
            *([("Does the Panel agree?", agrees)] if agrees else []),
            *([("Subject", letter.subject)] if letter.subject else []),
            *([("What it says", letter.words)] if letter.words else []),
        ],
        "files": [(row.name, page_of(request, row)) for row in files.about(letter.pk, request.actor)],
        "ways": [("The case", page_of(request, case))],
        "entries": history.of_record(letter.partnership_id, letter.pk),
    }
    return render(request, "reviews/letter.html", context)


@page(permissions.WORK, record=Case)
def case_route(request: Any, case: Case) -> HttpResponse:
    """By which way is learnt from it."""
    require_team(request, case)
    form = forms.RouteForm(
        request.POST or None, actor=request.actor, today=request.today, version=case.version,
        initial={"decided_on": request.today},
    )  # fmt: skip
    data = lambda: form.cleaned_data  # noqa: E731 - read when the act runs
    return act_page(
        request, case, form,
        lambda: services.decide_route(
            case=case, route=data()["route"], reasons=data()["reasons"], decided_on=data()["decided_on"],
            gathering=form.picked("gathering"), by=request.actor, today=request.today, expected_version=data()["version"],
        ),
        "Decide the way", "The decision is on record.",
        intro=("What was decided and done before stays on record.",) if case.route else (),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_themes_name(request: Any, case: Case) -> HttpResponse:
    """Which themes it has."""
    require_team(request, case)
    form = forms.ThemesForm(
        request.POST or None, actor=request.actor, today=request.today,
        initial={"themes": [str(theme.pk) for theme in case.themes.all()]},
    )  # fmt: skip
    return act_page(
        request, case, form,
        lambda: services.name_themes(
            case=case, themes=form.picked_all("themes"), new=lines_of(form.cleaned_data["new"]), by=request.actor
        ),
        "Name its themes", "The themes are on record.",
        intro=("The themes are those of the evidence chain, so that one can be followed over cases, audits and cycles.",),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_discuss(request: Any, case: Case) -> HttpResponse:
    """At which meetings it was discussed."""
    require_team(request, case)
    form = forms.DiscussForm(
        request.POST or None, actor=request.actor, today=request.today,
        initial={"gatherings": [str(row.pk) for row in case.gatherings.all()]},
    )  # fmt: skip
    return act_page(
        request, case, form,
        lambda: services.discuss(case=case, gatherings=form.picked_all("gatherings"), by=request.actor),
        "Where it was discussed", "Noted.",
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def output_add(request: Any, case: Case) -> HttpResponse:
    """Plan an output, or record one that is there."""
    require_team(request, case)
    form = forms.OutputForm(request.POST or None)
    return act_page(
        request, case, form,
        lambda: services.add_output(case=case, by=request.actor, today=request.today, **form.values),
        "Add an output", "The output is on record.",
    )  # fmt: skip


@page(permissions.WORK, record=Output)
def output_change(request: Any, output: Output) -> HttpResponse:
    """Issued, expected at another time, postponed."""
    require_team(request, output.case)
    names = ("sort", "what", "due_on", "due_precision", "issued_on", "issued_precision", "postponed_why")
    form = forms.OutputForm(
        request.POST or None, version=output.version, initial={name: getattr(output, name) for name in names}
    )
    return act_page(
        request, output.case, form,
        lambda: services.change_output(
            output=output, by=request.actor, today=request.today, expected_version=form.cleaned_data["version"], **form.values
        ),
        "Change an output", "The output was changed.",
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_words(request: Any, case: Case) -> HttpResponse:
    """The pseudonym, and the words for the wider group."""
    require_team(request, case)
    form = forms.WordsForm(
        request.POST or None,
        version=case.version,
        initial={"pseudonym": case.pseudonym, "incident": case.incident},
    )
    return act_page(
        request, case, form,
        lambda: services.change_case(
            case=case, pseudonym=form.cleaned_data["pseudonym"], incident=form.cleaned_data["incident"], by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        "Pseudonym and words", "Changed.",
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_share(request: Any, case: Case) -> HttpResponse:
    """Show it to the wider group."""
    require_team(request, case)
    form = forms.ShareForm(request.POST or None, version=case.version, initial={"incident": case.incident})
    return act_page(
        request, case, form,
        lambda: services.share(
            case=case, incident=form.cleaned_data["incident"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        "Show it to the wider group", "The wider group can read it.", submit_text="Show it",
        intro=(
            f"Partners, the scrutineer and the operational team will read: {case.pseudonym}, these words, the way, the themes "
            "and the outputs. Nothing else of the case.",
        ),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_unshare(request: Any, case: Case) -> HttpResponse:
    """Take it back from the wider group."""
    require_team(request, case)
    form = forms.WhyForm(request.POST or None, label="Why is it taken back?", version=case.version)
    return act_page(
        request, case, form,
        lambda: services.unshare(
            case=case, reason=form.cleaned_data["reason"], by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        "Take it back from the wider group", "Only the team sees it now.", submit_text="Take it back",
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_close(request: Any, case: Case) -> HttpResponse:
    """Close the case."""
    require_team(request, case)
    form = forms.WhyForm(request.POST or None, label="What came of it?", version=case.version)
    return act_page(
        request, case, form,
        lambda: services.close(
            case=case, reason=form.cleaned_data["reason"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        "Close the case", "The case is closed.", submit_text="Close it",
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_reopen(request: Any, case: Case) -> HttpResponse:
    """Open it again."""
    require_team(request, case)
    form = forms.WhyForm(request.POST or None, label="Why is it opened again?", version=case.version)
    return act_page(
        request, case, form,
        lambda: services.reopen(
            case=case, reason=form.cleaned_data["reason"], by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        "Open the case again", "The case is open again.", submit_text="Open it again",
    )  # fmt: skip
