"""Reading a chronology: merged into one order, side by side, one entry with all that was made of it."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.chronologies import forms, permissions, services
from shield.domain.chronologies.models import Chronology, Entry, Mark, Note
from shield.domain.chronologies.queries import findings, merged
from shield.domain.chronologies.queries.merged import Asked, Event
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.views.frame import around, crumbs, done, entry_crumbs, form_page, works_on
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words
from shield.kernel.calendar.rules.approximate import CERTAINTIES, Certainty
from shield.kernel.design.queries import Column, Table

EVENTS_ON_A_PAGE = 20
LABELS = (
    ("people", "People concerned"), ("voice", "Child's voice"), ("impact", "Impact on the child"), ("action", "Action taken"),
    ("comment", "Comment"),
)  # fmt: skip


class EventTable(Table):
    """A table of events that reads the entries of its page only, however many come before them."""

    @cached_property
    def page_rows(self) -> list[Any]:
        """The entries of the page shown."""
        return merged.of_page(self.rows, (self.page_number - 1) * self.page_size, self.page_size)  # type: ignore[arg-type]


def _filters(request: Any, chronology: Chronology) -> tuple[forms.MergedFilter, Asked]:
    form = forms.MergedFilter(
        request.GET or None, agencies=merged.agencies_in(chronology), themes=merged.themes_of(chronology)
    )
    return form, form.asked() if request.GET else Asked()


def _table(request: Any, chronology: Chronology, asked: Asked, columns: tuple[Column, ...] = ()) -> Table:
    rows = merged.events(chronology, asked).order_by("order", "sequence", "id")
    return EventTable(
        rows, columns, request.GET, caption="Events", page_size=EVENTS_ON_A_PAGE, exportable=False, filtered=asked.is_filtered,
        show_caption=False, empty="No agency has handed anything in yet.",
    )  # fmt: skip


def _around(request: Any, chronology: Chronology, title: str, form: Any, table: Table) -> dict[str, Any]:
    """What both ways of reading share: filters, and the other ways."""
    kept = request.GET.copy()
    kept.pop("page", None)
    query = f"?{kept.urlencode()}" if kept else ""
    return {
        "page_title": title, "page_caption": chronology.heading, "breadcrumbs": crumbs(request, chronology, (title, "")),
        "filters": form, "table": table, "clear_href": request.path,
        "also": [
            (text, link(request, name, chronology) + query)
            for text, name in (
                ("Merged", "chronology_merged"), ("Side by side", "chronology_beside"), ("Timeline", "chronology_timeline"),
                ("Export what is shown", "chronology_export"),
            )
            if text != title
        ],
    }  # fmt: skip


@page(permissions.READ, record=Chronology)
def chronology_merged(request: Any, chronology: Chronology) -> HttpResponse:
    """All that was handed in, in one order; entries of one event together."""
    form, asked = _filters(request, chronology)
    table = _table(request, chronology, asked)
    made = [_shown(request, event) for event in merged.whole(table.page_rows)]
    context = {**_around(request, chronology, "Merged", form, table), "made": made}
    return render(request, "chronologies/merged.html", context)


def _shown(request: Any, event: Event) -> dict[str, Any]:
    return {
        "when": event.head.when.in_english(),
        "id": f"event-{event.head.pk}",
        "tags": _tags(event),
        "entries": [
            {"title": entry.agency.name, "href": page_of(request, entry), "facts": _facts(entry), "when": entry.when.in_english()}
            for entry in event.entries
        ],
        "together": len(event.entries) > 1,
        "notes": [(note.text, _by(note)) for note in event.notes],
    }  # fmt: skip


def _tags(event: Event) -> list[tuple[str, str]]:
    certainty = event.head.certainty
    sure = (
        [(CERTAINTIES[certainty], "attention")]
        if certainty in {Certainty.UNCERTAIN, Certainty.APPROXIMATE}
        else []
    )
    marks = dict.fromkeys(entry.significance for entry in event.entries if entry.significance)
    significant = [(states.Significance(mark).label, states.SIGNIFICANCE_TONES[mark]) for mark in marks]
    return [*sure, *significant, *((theme, "neutral") for theme in dict.fromkeys(event.themes))]


def _by(note: Note) -> str:
    author = note.author.name if note.author else "Shield"
    return f"{author}, {in_words(note.written_on)}"


def _facts(entry: Entry) -> list[tuple[str, str]]:
    more = [(label, text) for name, label in LABELS if (text := getattr(entry, name))]
    return [("What happened", entry.event), *more, ("Source", entry.source)]


@page(permissions.READ, record=Chronology)
def chronology_beside(request: Any, chronology: Chronology) -> HttpResponse:
    """The same side by side: a column for each agency, a row for each event."""
    form, asked = _filters(request, chronology)
    events: dict[uuid.UUID, Event] = {}
    agencies = merged.agencies_in(chronology)
    shown = [agency for agency in agencies if not asked.agencies or agency.pk in asked.agencies]
    columns = (
        Column(key="when", label="When", value=lambda row: row.when.in_english(), href=lambda row: page_of(request, row)),
        *(
            Column(key=f"of-{n}", label=agency.called, value=lambda row, of=agency.pk: _cell(events[row.pk], of))
            for n, agency in enumerate(shown)
        ),
    )  # fmt: skip
    table = _table(request, chronology, asked, columns)
    events.update({event.head.pk: event for event in merged.whole(table.page_rows)})
    context = _around(request, chronology, "Side by side", form, table)
    return render(request, "chronologies/beside.html", context)


def _cell(event: Event, agency_id: uuid.UUID) -> str:
    """What one agency tells of an event, shortly; with its own date where that is another."""
    told = []
    for entry in event.by(agency_id):
        when = "" if entry.order == event.head.order else f"{entry.when.in_english()}: "
        text = entry.event if len(entry.event) <= 240 else f"{entry.event[:239]}…"
        told.append(f"{when}{text}")
    return " / ".join(told)


# One entry --------------------------------------------------------------------------------------------


@page(record=Entry)
def chronology_entry(request: Any, entry: Entry) -> HttpResponse:
    """One entry: what the agency says, and for the team what readers made of it."""
    actor = request.actor
    reads = (
        entry.standing in states.READ
        and Chronology.objects.visible_to(actor).filter(pk=entry.chronology_id).exists()
    )
    works = reads and works_on(request, entry.chronology)
    edits = works and entry.chronology.status != states.Status.CLOSED
    writes = entry.contribution.is_own(actor) and entry.contribution.is_with_agency
    mark = Mark.objects.filter(entry=entry).prefetch_related("themes").first() if reads else None
    tags = [(CERTAINTIES[entry.certainty], "attention")] if entry.certainty != Certainty.EXACT else []
    if reads and entry.significance:
        tags.append((entry.get_significance_display(), states.SIGNIFICANCE_TONES[entry.significance]))
    context = around(
        request, entry, title=entry.when.in_english(), caption=entry.agency.name,
        way=[*entry_crumbs(request, entry)[:-1], (entry.when.in_english(), "")],
        tags=[*tags, *((theme.title, "neutral") for theme in (mark.themes.all() if mark else ()))],
        facts=[*_facts(entry), ("Date as it was written", entry.written), ("Row in the table", entry.row or "")],
        buttons=buttons(
            ("Mark it", link(request, "chronology_entry_mark", entry), edits),
            ("Write a note", link(request, "chronology_entry_note", entry), edits),
            ("Compare it with another entry", link(request, "chronology_entry_compare", entry), edits),
            ("Correct it", link(request, "chronology_entry_correct", entry), writes),
            ("Take it out", link(request, "chronology_entry_out", entry), writes),
        ),
        reads=reads,
        notes=[(note.text, _by(note)) for note in Note.objects.filter(entry=entry).select_related("author")] if reads else [],
        pairs=[_pair_line(request, entry, pair, works) for pair in findings.of_entry(entry, actor)] if reads else [],
        conflicts=[_conflict_line(request, row, works) for row in findings.conflicts_of(entry, actor)] if reads else [],
        ways=[(f"All that {entry.agency.called} tells", page_of(request, entry.contribution))],
    )  # fmt: skip
    return render(request, "chronologies/entry.html", context)


PAIR_TONES = {"proposed": "attention", "same": "good", "different": "neutral"}


def _pair_line(request: Any, entry: Entry, pair: Any, works: bool) -> dict[str, Any]:
    other = pair.other if pair.one_id == entry.pk else pair.one
    return {
        "title": other.heading, "href": page_of(request, pair if works else other), "hint": pair.why,
        "status": pair.get_state_display(),
        "tone": PAIR_TONES[pair.state],
    }  # fmt: skip


def _conflict_line(request: Any, row: Any, works: bool) -> dict[str, Any]:
    return {
        "title": row.heading, "href": page_of(request, row) if works else "", "hint": row.words[:160], "status": row.get_state_display(),
        "tone": "good" if row.state == states.ConflictState.RESOLVED else "attention",
    }  # fmt: skip


@page(permissions.EDIT, record=Entry)
def chronology_entry_mark(request: Any, entry: Entry) -> HttpResponse:
    """Say what one sees in an event."""
    themes = merged.themes_of(entry.chronology)
    mark = Mark.objects.filter(entry=entry).prefetch_related("themes").first()
    initial = {
        "significance": entry.significance, "themes": [str(theme.pk) for theme in mark.themes.all()] if mark else [],
    }  # fmt: skip
    form = forms.MarkForm(request.POST or None, version=entry.version, themes=themes, initial=initial)
    answer = done(
        request, form,
        lambda: services.mark_entry(
            entry=entry, significance=form.cleaned_data["significance"], themes=form.chosen_themes, by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The event was marked.",
    )  # fmt: skip
    intro = [f"{entry.agency.called}: {entry.event[:300]}"]
    return answer or form_page(
        request,
        "Mark the event",
        form,
        way=entry_crumbs(request, entry),
        cancel=page_of(request, entry),
        intro=intro,
    )


@page(permissions.EDIT, record=Entry)
def chronology_entry_note(request: Any, entry: Entry) -> HttpResponse:
    """Write a note on an event."""
    form = forms.NoteForm(request.POST or None)
    answer = done(
        request, form,
        lambda: services.write_note(entry=entry, text=form.cleaned_data["text"], by=request.actor, today=request.today),
        lambda _: page_of(request, entry), "The note was written.",
    )  # fmt: skip
    return answer or form_page(
        request, "Write a note", form, way=entry_crumbs(request, entry), cancel=page_of(request, entry),
        intro=[f"{entry.agency.called}: {entry.event[:300]}"],
    )  # fmt: skip


NEAREST = 15
"""Entries before and after one that may be compared with it."""


@page(permissions.EDIT, record=Entry)
def chronology_entry_compare(request: Any, entry: Entry) -> HttpResponse:
    """Say that this entry and another tell of the same event, or contradict each other."""
    form = forms.CompareForm(request.POST or None, others=_near(entry))

    def act() -> Any:
        chosen = {"chronology": entry.chronology, "one": entry, "other": form.picked, "by": request.actor}
        if form.cleaned_data["what"] == "same":
            return services.decide_pair(**chosen, today=request.today)
        return services.contradict(**chosen, words=form.cleaned_data["words"])

    answer = done(
        request, form, act, lambda _: page_of(request, entry), "What you said of the two entries is recorded."
    )
    intro = [f"{entry.agency.called}: {entry.event[:300]}", "Offered are the entries nearest in time."]
    return answer or form_page(
        request,
        "Compare it with another entry",
        form,
        way=entry_crumbs(request, entry),
        cancel=page_of(request, entry),
        intro=intro,
    )


def _near(entry: Entry) -> list[Entry]:
    rows = merged.with_agencies(merged.in_chronology(entry.chronology)).exclude(pk=entry.pk)
    before = rows.filter(order__lte=entry.order).order_by("-order", "-sequence", "-id")[:NEAREST]
    after = rows.filter(order__gt=entry.order).order_by("order", "sequence", "id")[:NEAREST]
    return [*reversed(before), *after]
