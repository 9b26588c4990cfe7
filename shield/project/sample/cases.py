"""The cases of the published year, and one wholly invented incident on which everybody can try what a Friday asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from shield.domain.reviews import rules
from shield.domain.reviews import services as reviews
from shield.domain.reviews.models import AgencyReturn, Case
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts_queries
from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Agency, Partnership, Person
from shield.kernel.identities import services as identities
from shield.kernel.identities.models import Identity
from shield.project.sample import chronologies
from shield.project.sample.chronologies import loading
from shield.project.sample.loader import SOURCE, Row
from shield.project.sample.reader import read

PANEL = "Child Safeguarding Practice Review Panel"


def load(partnership: Partnership, today: date) -> None:
    """Put the cases of the year on record; their team are those who work on incidents here."""
    by = accounts_queries.system_actor(partnership, "Sample year")
    for row in read()["cases"]:
        case = _case(row, by, today)
        accounts.note_source(record=case, source=SOURCE, section=row["source"], key=row["key"])
    _invented(partnership, by, today)


def _case(row: Row, by: Actor, today: date) -> Case:
    first = next((taken for taken in row["routes"] if taken.get("on")), {})
    case = reviews.record_case(
        pseudonym=row["pseudonym"], incident=row["incident"].strip(), source=f"Annual report, section {row['source']}",
        began_on=first.get("on"), began_precision=first.get("precision", "day"), notified_on=row.get("notified_on"),
        met_on=row.get("met_on"), sent_on=row.get("sent_on"), by=by, today=today,
    )  # fmt: skip
    if reply := row.get("reply"):
        reviews.file_letter(
            case=case,
            direction="in",
            about="reply",
            party=PANEL,
            dated=reply["on"],
            agrees=reply["agrees"],
            by=by,
            today=today,
        )
    for taken in row["routes"]:
        reviews.decide_route(
            case=case, route=taken["route"], reasons="", decided_on=taken.get("on"),
            precision=taken.get("precision", "day"), by=by, today=today,
        )  # fmt: skip
    for output in row.get("outputs", []):
        reviews.add_output(case=case, by=by, today=today, **output)
    return reviews.name_themes(case=case, themes=[], new=row["themes"], by=by)


INVENTED = "Invented case"
"""Every name in it is made up; the child lives in the invented borough of Marlowe Vale."""


def _invented(partnership: Partnership, by: Actor, today: date) -> None:
    """An incident of last week in its rapid review: one agency has answered, one has not, nobody has signed."""
    theo = accounts_queries.actor_for(Person.objects.get(name="Theo Lindqvist"), partnership, today)
    assert theo is not None
    child, *others = chronologies.told()["names"]
    aware = datetime(today.year, today.month, today.day, 9, 20, tzinfo=UTC) - timedelta(days=7)
    case = reviews.refer(
        what="(Invented.) A child of eight was found alone in a cold flat in Marlowe Vale, badly hurt, and was taken to "
        "hospital. The school in Bexley had asked twice for help.",
        aware_at=aware, happened="Found on a Sunday evening", place="Marlowe Vale (an invented borough)",
        safety="(Invented.) The child is in hospital; a sister is with her grandmother.",
        children=[rules.Child(tuple(child["names"]), date(2011, 3, 12), "Wholly invented, like his school and his home")],
        by=theo, today=today, now=aware + timedelta(hours=2),
    )  # fmt: skip
    theo = accounts_queries.actor_for(Person.objects.get(name="Theo Lindqvist"), partnership, today)
    assert theo is not None
    reviews.change_case(case=case, pseudonym=INVENTED, incident="", by=theo)
    answers = {"abuse": "yes", "died": "no", "harmed": "yes", "here": "yes", "looked_after": "no"}
    reviews.screen(
        case=case, answers=answers, outcome="notify", reasons="(Invented.) Neglect is suspected and the harm is serious.",
        by=theo, today=today,
    )  # fmt: skip
    identities.change(identity=Identity.objects.get(about_id=case.pk), pseudonym=child["pseudonym"], by=theo)
    for person in others:
        identities.add(about=case.ref, team=case.team, by=theo, **person)
    agencies = _asked(partnership, case, theo, today)
    loading.load(about=case.ref, team=case.team, agencies=agencies, by=by, today=today, named=True)


def _asked(partnership: Partnership, case: Case, theo: Actor, today: date) -> dict[str, Agency]:
    """Three agencies are asked what they know, and the police have answered; returns who gives to the chronology."""
    council, police, health = (
        Agency.objects.get(partnership=partnership, name=name)
        for name in (
            "LB Bexley Children's Social Care",
            "Metropolitan Police Service",
            "Bexley Clinical Commissioning Group",
        )
    )
    signers = list(Person.objects.filter(name__in=["Priya Nair", "Callum Reyes", "Ffion Abara"]))
    reviews.notify(
        case=case, on=today - timedelta(days=5), agencies=[council, police, health],
        whom="Kayden Thornley-Marsh (invented), born 12 March 2011, of Marlowe Vale, and his mother Dawn Ridgeway (invented)",
        question="(Invented.) Please say what you knew of the home since September.", answers_due_on=today + timedelta(days=4),
        partners=signers, by=theo, today=today,
    )  # fmt: skip
    answer = AgencyReturn.objects.get(case=case, agency=police)
    callum = accounts_queries.actor_for(Person.objects.get(name="Callum Reyes"), partnership, today)
    assert callum is not None
    reviews.hand_in(
        answer=answer, by=callum, today=today, signed_off_by="Callum Reyes, delegated partner (invented)",
        words={
            "facts": "(Invented.) Officers were called by a neighbour at 19:40 and forced the door.",
            "involvement": "(Invented.) One earlier call about noise in June, no child seen.",
            "safety": "(Invented.) Police protection until the morning.",
            "good_practice": "(Invented.) The officer stayed with the child until he slept.",
            "learning": "(Invented.) The earlier call did not ask whether a child lived there.",
        },
    )  # fmt: skip
    school = Agency.objects.filter(partnership=partnership, sector="education").order_by("name").first()
    assert school is not None
    return {"council": council, "police": police, "health": health, "school": school}
