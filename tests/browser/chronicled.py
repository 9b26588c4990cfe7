"""What the pages of chronologies need beside the sample year."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import TODAY

OPERATIONAL = "Operational team"
"""The agency of the one who looks at every page, so that she sees what an agency sees as well."""


def prepare(partnership: Any, by: Any) -> None:
    """One chronology of four agencies with its findings, and one of which a table waits to be settled."""
    from shield.domain.chronologies import services
    from shield.domain.chronologies.models import Comparison, Contribution, Entry
    from shield.domain.chronologies.rules.mapping import Mapped
    from shield.domain.chronologies.rules.states import Told
    from shield.kernel.accounts.models import Agency, Person, Team, TeamMembership
    from shield.kernel.calendar.rules.approximate import unknown
    from shield.project.sample.chronologies import loading

    team = Team(partnership=partnership, title="Review of Child K", purpose="Reads a chronology").store()
    marian = Person.objects.get(name="Marian Okoro")
    TeamMembership(partnership=partnership, team=team, person=marian, starts_on=date(2019, 1, 1)).store()
    ours = Agency.objects.get(partnership=partnership, short_name=OPERATIONAL)
    others = list(Agency.objects.filter(partnership=partnership).exclude(pk=ours.pk).order_by("name")[:3])
    agencies = dict(zip(("council", "police", "health", "school"), [ours, *others], strict=True))
    made = loading.load(about=team.ref, team=team, agencies=agencies, by=by, today=TODAY)
    pair = Comparison.objects.filter(chronology=made).first()
    services.decide(comparison=pair, same=True, by=by, today=TODAY, expected_version=pair.version)
    theme = services.add_theme(chronology=made, title="Moves of home", by=by)
    entry = Entry.objects.filter(chronology_id=made.pk, standing="merged").first()
    services.mark_entry(
        entry=entry, significance="missed", themes=[theme], by=by, expected_version=entry.version
    )
    services.write_note(entry=entry, text="Nobody asked the child", by=by, today=TODAY)
    other = services.open_chronology(about=team.ref, title="Child L", by=by)
    [part] = services.ask_agencies(chronology=other, agencies=[ours], by=by, today=TODAY)
    rows = b"Date,Event,Source\n22/05/2016,Seen,Notes\n04/25/2016,Seen,Notes\nnext Tuesday,Seen,Notes\n"
    upload = services.upload_table(contribution=part, content=rows, by=by, today=TODAY, name="ours.csv")
    mapped = Mapped(("date", "event", "source"), 1)
    services.map_columns(upload=upload, mapped=mapped, by=by, today=TODAY, expected_version=upload.version)
    part = Contribution.objects.get(pk=part.pk)
    services.add_entry(contribution=part, told=Told(unknown("n/k"), "Notes", "Seen at home"), by=by)
    last = services.open_chronology(about=team.ref, title="Child M", by=by)
    [part] = services.ask_agencies(chronology=last, agencies=[ours], by=by, today=TODAY)
    rows = b"Date,Event,Source\n22/05/2016,Seen,Notes\n23/05/2016,Called,Notes\n"
    upload = services.upload_table(contribution=part, content=rows, by=by, today=TODAY, name="large.csv")
    upload = services.map_columns(
        upload=upload, mapped=mapped, by=by, today=TODAY, expected_version=upload.version
    )
    services.ask_to_take_in(upload=upload, by=by, expected_version=upload.version)
