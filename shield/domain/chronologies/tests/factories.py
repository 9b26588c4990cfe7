"""A chronology on its way, made through the services, for whoever needs one in a test."""

from __future__ import annotations

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Chronology, Contribution, Entry, Upload
from shield.domain.chronologies.rules.states import Told
from shield.kernel.accounts.models import Team, TeamMembership
from shield.kernel.calendar.rules.reading import read
from tests.cast import SINCE, TODAY, actor_of, make_person


def team(partnership, title="Review team"):
    return Team(partnership=partnership, title=title, purpose="Reads one chronology").store()


def member(role, of, partnership, **details):
    """Somebody in a team, as an actor."""
    person = make_person(role, partnership=partnership, **details)
    TeamMembership(partnership=partnership, team=of, person=person, starts_on=SINCE).store()
    return actor_of(person, partnership)


def chronology(by, of, title="Child K", **values):
    return services.open_chronology(about=of.ref, title=title, by=by, **values)


def asked(made, agencies, by, due_on=None):
    """The parts asked of these agencies, in their order."""
    services.ask_agencies(chronology=made, agencies=agencies, by=by, today=TODAY, due_on=due_on)
    return [Contribution.objects.get(chronology=made, agency=agency) for agency in agencies]


def told(when, event="Seen at home", source="Case notes", **more):
    return Told(when=read(when, latest=TODAY), source=source, event=event, **more)


def entry(part, when, by, **more):
    return services.add_entry(contribution=part, told=told(when, **more), by=by)


def handed_in(part, by):
    row = Contribution.objects.get(pk=part.pk)
    return services.hand_in(contribution=row, by=by, today=TODAY, expected_version=row.version)


def uploaded(part, content, by, roles, *, pasted=False, heading_row=1, source="", answers=None, **convention):
    """A table with its columns said and its doubts answered."""
    from shield.domain.chronologies.rules.mapping import Mapped
    from shield.kernel.calendar.rules.reading import Convention

    row = services.upload_table(
        contribution=part, content=content, by=by, today=TODAY, name="table.csv", pasted=pasted
    )
    mapped = Mapped(tuple(roles), heading_row, source, Convention(**convention))
    row = services.map_columns(upload=row, mapped=mapped, by=by, today=TODAY, expected_version=row.version)
    if answers:
        row = services.answer_dates(upload=row, answers=answers, by=by, expected_version=row.version)
    return row


def taken(upload, by):
    return services.take_in(
        upload=Upload.objects.get(pk=upload.pk), by=by, today=TODAY, expected_version=upload.version
    )


def entries(made: Chronology):
    return list(Entry.objects.filter(chronology_id=made.pk).order_by("order", "sequence", "id"))
