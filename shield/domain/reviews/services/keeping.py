"""What is kept of a case: letters, the way it took, themes, outputs, what the wider group may read, its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.reviews import events, rules
from shield.domain.reviews.models import Case, Letter, Output, RouteTaken
from shield.domain.reviews.services.frame import not_after, own
from shield.improvement import services as chain
from shield.improvement.models import Theme
from shield.improvement.services import Upload
from shield.kernel.access.rules import Actor
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks import services as clock
from shield.kernel.files import services as files
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason
from shield.meetings.models import Gathering


@transaction.atomic
def file_letter(
    *, case: Case, direction: str, about: str, party: str, dated: date, by: Actor, today: date, subject: str = "",
    words: str = "", agrees: bool | None = None, file: Upload | None = None,
) -> Letter:  # fmt: skip
    """File a letter to or from somebody outside. The Panel's reply moves a case that waited for it to its learning."""
    row = own(case, by)
    not_after(dated, today, "dated", "The date of a letter")
    if about == rules.About.REPLY and direction == rules.Direction.OUT:
        raise Refused("A reply to the rapid review comes from outside.", "direction")
    letter = Letter.new(
        by, case=row, direction=direction, about=about, party=party, dated=dated, subject=subject, words=words,
        agrees=agrees if about == rules.About.REPLY else None,
    ).store()  # fmt: skip
    if file is not None:
        files.attach(about=letter.ref, name=file.name, content=file.content, by=by)
    if about == rules.About.REPLY and row.stage == rules.Stage.WITH_PANEL:
        row.stage = rules.Stage.LEARNING
        row.store()
    what = f"{letter.get_about_display()}, {letter.get_direction_display().lower()}, {party}"
    history.record(events.FILED, on=row.ref, by=by, details={"what": what})
    return letter


@transaction.atomic
def decide_route(
    *, case: Case, route: str, reasons: str, by: Actor, today: date, decided_on: date | None = None, precision: str = "day",
    gathering: Gathering | None = None, expected_version: int | None = None,
) -> RouteTaken:  # fmt: skip
    """Decide by which way is learnt from a case; what was decided and done before stays on record."""
    row = own(case, by, expected_version)
    if not by.is_system:
        check_reason(reasons, field="reasons", what="Give the reasons, in a sentence at least.")
    if row.route == route:
        raise Refused("This is the way it takes already.", "route")
    not_after(decided_on, today, "decided_on", "The decision")
    taken = RouteTaken.new(
        by, case=row, route=route, reasons=reasons, precision=precision, gathering=gathering,
        decided_on=rules.first_day(decided_on, precision) if decided_on else None,
    ).store()  # fmt: skip
    row.route = route
    _run_publication(row, taken, by)
    if row.stage in {rules.Stage.REFERRED, rules.Stage.NOT_NOTIFIED}:
        row.stage = rules.Stage.LEARNING
    row.store()
    history.record(events.ROUTED, on=row.ref, by=by, details={"route": rules.Route(route).label})
    return taken


def _run_publication(case: Case, taken: RouteTaken, by: Actor) -> None:
    """The months of a practice review run from its beginning; where only the month of that is known, from its first day.

    So a due date is never later than the guidance allows. Another way stops them.
    """
    if taken.route == rules.Route.PRACTICE_REVIEW and taken.decided_on:
        edition = clocks.in_force(taken.decided_on)
        if edition is not None and rules.PUBLICATION in edition.clocks:
            clock.start(
                code=rules.PUBLICATION, edition=edition.code, about=case.ref, on=taken.decided_on, by=by
            )
    elif taken.route != rules.Route.PRACTICE_REVIEW:
        clock.stop_by_event(about=case.ref, code=rules.PUBLICATION, reason="Another way was decided", by=by)


@transaction.atomic
def name_themes(*, case: Case, themes: Sequence[Theme], by: Actor, new: Sequence[str] = ()) -> Case:
    """Say which themes a case has; they are those of the evidence chain, so that a theme is followed over cases and cycles."""
    row = own(case, by)
    identities.require_no_names(texts={"A theme": "\n".join(new)}, by=by, of=[row.pk])
    known = {theme.title.casefold(): theme for theme in Theme.objects.visible_to(by)}
    added = [
        known.get(title.casefold()) or chain.add_theme(title=title, by=by) for title in dict.fromkeys(new)
    ]
    named = list(dict.fromkeys([*themes, *added]))
    if row.relink("themes", named):
        row.store()
        told = {"themes": ", ".join(sorted(theme.title for theme in named)) or "none"}
        history.record(events.THEMED, on=row.ref, by=by, details=told)
    return row


@transaction.atomic
def discuss(*, case: Case, gatherings: Sequence[Gathering], by: Actor) -> Case:
    """Say at which meetings a case was discussed."""
    row = own(case, by)
    made = row.relink("gatherings", gatherings)
    if made:
        row.store()
        history.record(events.CHANGED, on=row.ref, by=by, details={"changes": "where it was discussed"})
    return row


@transaction.atomic
def add_output(
    *, case: Case, sort: str, by: Actor, today: date, what: str = "", due_on: date | None = None, due_precision: str = "day",
    issued_on: date | None = None, issued_precision: str = "day", postponed_why: str = "",
) -> Output:  # fmt: skip
    """Plan something on paper that is to come of a case, or put on record that it was issued or postponed."""
    row = own(case, by)
    not_after(issued_on, today, "issued_on", "The day it was issued")
    position = Output.objects.filter(case=row).count()
    output = Output.new(
        by, case=row, sort=sort, what=what, position=position, postponed_why=postponed_why, due_precision=due_precision,
        issued_precision=issued_precision, due_on=rules.first_day(due_on, due_precision) if due_on else None,
        issued_on=rules.first_day(issued_on, issued_precision) if issued_on else None,
    )  # fmt: skip
    _check_words(output, by)
    output.store()
    _tell(output, by, today)
    return output


@transaction.atomic
def change_output(
    *, output: Output, by: Actor, today: date, expected_version: int | None = None, **changes: Any
) -> Output:
    """Note that an output was issued, is expected at another time, or is postponed and why."""
    own(output.case, by)
    row: Output = Output.objects.locked(output.pk, expected_version, by=by)
    not_after(changes.get("issued_on"), today, "issued_on", "The day it was issued")
    for name in ("due", "issued"):
        day, exact = (
            changes.get(f"{name}_on"),
            changes.get(f"{name}_precision", getattr(row, f"{name}_precision")),
        )
        if day:
            changes[f"{name}_on"] = rules.first_day(day, exact)
    if row.amend(changes):
        _check_words(row, by)
        row.store()
        _tell(row, by, today)
    return row


def _check_words(row: Output, by: Actor) -> None:
    texts = {"What it is": row.what, "Why it is postponed": row.postponed_why}
    identities.require_no_names(texts=texts, by=by, of=[row.case_id])


def _tell(row: Output, by: Actor, today: date) -> None:
    event = events.OUTPUT_PLANNED
    if row.issued_on:
        event = events.OUTPUT_ISSUED
    elif row.postponed_why:
        event = events.OUTPUT_POSTPONED
    history.record(event, on=row.case.ref, by=by, details={"what": f"{row.heading} ({row.when})"})
    if (
        row.issued_on
        and row.sort == rules.OutputKind.REPORT
        and row.case.route == rules.Route.PRACTICE_REVIEW
    ):
        clock.meet_by_event(about=row.case.ref, code=rules.PUBLICATION, on=row.issued_on, by=by, today=today)


@transaction.atomic
def share(*, case: Case, incident: str, by: Actor, today: date, expected_version: int | None = None) -> Case:
    """Show a case to the wider group: pseudonym, what happened in general words, way, themes, outputs. Nothing else.

    Refused while a real name of any case, or a word that could be one, stands in those words.
    """
    row = own(case, by, expected_version)
    if not incident.strip():
        raise Refused("Say what happened in words for the wider group.", "incident")
    row.incident = incident
    texts = {"What happened": incident, "The pseudonym": row.pseudonym}
    identities.require_no_names(texts=texts, by=by, of=[row.pk])
    row.shared_on = row.shared_on or today
    row.store()
    history.record(events.SHARED, on=row.ref, by=by)
    return row


@transaction.atomic
def unshare(*, case: Case, reason: str, by: Actor, expected_version: int | None = None) -> Case:
    """Take a case back from the wider group: it is its team's alone again."""
    row = own(case, by, expected_version)
    if row.shared_on is None:
        raise Refused("The wider group does not see this case.")
    check_reason(reason, field="reason", what="Say why.")
    row.shared_on = None
    row.store()
    history.record(events.UNSHARED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def close(*, case: Case, reason: str, by: Actor, today: date, expected_version: int | None = None) -> Case:
    """Close a case: a way was decided and gone, or there is nothing more to learn. Nothing is removed."""
    row = own(case, by, expected_version)
    check_reason(reason, field="reason", what="Say what came of it, in a sentence.")
    if row.stage in {rules.Stage.RAPID_REVIEW, rules.Stage.WITH_PANEL}:
        raise Refused("A rapid review is finished before its case is closed.")
    if not row.route and row.stage != rules.Stage.NOT_NOTIFIED:
        raise Refused("Decide first by which way is learnt from it; no further action is one.")
    row.stage, row.closed_on = rules.Stage.CLOSED, today
    row.store()
    history.record(events.CLOSED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def reopen(*, case: Case, reason: str, by: Actor, expected_version: int | None = None) -> Case:
    """Open a closed case again, because more came to light."""
    row = own(case, by, expected_version, closed=True)
    if row.stage != rules.Stage.CLOSED:
        raise Refused("This case is open.")
    check_reason(reason, field="reason", what="Say why it is opened again.")
    row.stage, row.closed_on = rules.Stage.LEARNING if row.route else rules.Stage.NOT_NOTIFIED, None
    row.store()
    history.record(events.REOPENED, on=row.ref, by=by, details={"reason": reason})
    return row
