"""Putting the invented chronology in, through the services, as its agencies would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Chronology, Contribution
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules.mapping import Mapped
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Team
from shield.kernel.calendar.rules.reading import Convention
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import RecordRef
from shield.project.sample import chronologies as sample

COLUMNS: dict[str, Mapped] = {
    "council": Mapped(
        ("date", "time", "source", "event", "people", "voice", "impact", "action", "comment"), 2
    ),
    "police": Mapped(("date", "event", "people", "action"), 1, "Police records", Convention(clock_24=True)),
    "health": Mapped(("date", "event", "people", "voice", "source"), 1),
    "school": Mapped(("date", "event"), 0, "School record"),
}
"""Which column is what in each agency's table."""
ANSWERS: dict[str, dict[int, str]] = {
    "council": {5: "12 February 2018 at 2:30pm"},
    "police": {},
    "health": {4: "25 April 2018", 7: "22 June 2018"},
    "school": {7: "29 May 2018"},
}
"""How a person reads the dates that cannot be read without a guess, by row."""


def load(
    *,
    about: RecordRef,
    team: Team,
    agencies: Mapping[str, Agency],
    by: Actor,
    today: date,
    named: bool = False,
) -> Chronology:
    """The chronology about a record of a team, the names in its vault, and the four agencies' parts handed in.

    `named` says that the vault holds the names already.
    """
    told = sample.told()
    values = {name: told[name] for name in ("title", "asked_for", "period_from", "period_to")}
    made = services.open_chronology(about=about, by=by, **values)
    for person in () if named else told["names"]:
        identities.take_in(about=about, team=team, by=by, **person)
    services.ask_agencies(
        chronology=made, agencies=[agencies[key] for key in sample.AGENCIES], by=by, today=today
    )
    for key in sample.AGENCIES:
        _give(key, Contribution.objects.get(chronology=made, agency=agencies[key]), by, today)
    return made


def _give(key: str, part: Contribution, by: Actor, today: date) -> None:
    name, content = sample.file_of(key)
    given: dict[str, Any] = {"by": by, "expected_version": None}
    upload = services.upload_table(
        contribution=part, content=content, name=name, pasted=not name, by=by, today=today
    )
    given["expected_version"] = upload.version
    upload = services.map_columns(upload=upload, mapped=COLUMNS[key], today=today, **given)
    if ANSWERS[key]:
        given["expected_version"] = upload.version
        upload = services.answer_dates(upload=upload, answers=ANSWERS[key], **given)
    services.take_in(upload=upload, by=by, today=today, expected_version=upload.version)
    row = collecting.contributions_of(part.chronology).get(pk=part.pk)
    services.hand_in(contribution=row, by=by, today=today, expected_version=row.version)
