"""The demonstration's people: wholly invented, one for each moment that matters, and a second, empty partnership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from shield.annual_report import services as annual_report
from shield.annual_report.models import Report
from shield.kernel.accounts import queries as accounts_queries
from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Agency, Partnership
from shield.kernel.reporting import queries as reporting_queries
from shield.meetings import services as meetings
from shield.project.sample import cases, lessons, loader
from shield.project.sample.reader import read

WEBSITE = "www.bexleylscb.org.uk/annualreports"
"""Section 13.10 of the published report names this page."""
PASSWORD = "demonstration-only"  # noqa: S105 - invented people in the demonstration


@dataclass(frozen=True)
class Persona:
    """An invented person: name, sign-in word, role, agency, post, and what to try first."""

    name: str
    word: str
    role: str
    agency: str
    post: str
    is_staff: bool = False


BEXLEY: tuple[Persona, ...] = (
    Persona(
        "Marian Okoro", "manager", "business_manager", "shield-operational-team", "Business manager", True
    ),
    Persona(
        "Theo Lindqvist",
        "learning",
        "learning_manager",
        "shield-operational-team",
        "Practice review and learning manager",
    ),
    Persona(
        "Priya Nair", "council", "safeguarding_partner", "lb-bexley", "Delegated partner, local authority"
    ),
    Persona(
        "Callum Reyes", "police", "safeguarding_partner", "metropolitan-police", "Delegated partner, police"
    ),
    Persona("Ffion Abara", "health", "safeguarding_partner", "bexley-ccg", "Delegated partner, health"),
    Persona("Judith Amsel", "scrutineer", "scrutineer", "", "Independent scrutineer"),
    Persona(
        "Owen Tadesse",
        "agency",
        "agency_lead",
        "childrens-social-care",
        "Agency lead, children's social care",
    ),
    Persona("Rosa Whitlock", "libraries", "agency_lead", "libraries", "Agency lead, libraries"),
    Persona("Samir Haddad", "coordinator", "child_death_coordinator", "", "Child death review coordinator"),
    Persona(
        "Grace Mbeki", "chair", "exploitation_chair", "metropolitan-police", "Chair of the exploitation panel"
    ),
    Persona(
        "Nia Farrow",
        "practitioner",
        "practitioner",
        "childrens-social-care",
        "Social worker and safeguarding champion",
    ),
)
MARLOW: tuple[Persona, ...] = (
    Persona("Hugh Penrose", "manager", "business_manager", "", "Business manager"),
    Persona("Edith Kavanagh", "agency", "agency_lead", "", "Agency lead"),
)


def load_all(*, today: date, say: loader.Say = lambda what, done, total: None) -> Partnership:
    """Load the sample year, its report and its people, and a second partnership that is empty; all or nothing."""
    with transaction.atomic():
        partnership = loader.load(today=today, say=say)
        _open_report(partnership)
        _people(partnership, BEXLEY, "bexley.example", today)
        _leads(partnership, today)
        cases.load(partnership, today)
        lessons.load(partnership, today)
        other = accounts.found_partnership(
            slug="marlowe", name="Marlowe Vale Safeguarding Children Partnership", short_name="Marlowe Vale",
            area="Marlowe Vale (an invented borough)",
        )  # fmt: skip
        _people(other, MARLOW, "marlowe.example", today)
        return partnership


LEADS = (
    ("Owen Tadesse", "childrens-social-care", ("missing", "safeguarding", "section_11")),
    ("Rosa Whitlock", "libraries", ("safeguarding", "section_11")),
    ("Grace Mbeki", "metropolitan-police", ("missing", "exploitation")),
    ("Nia Farrow", "childrens-social-care", ("champions",)),
)
"""Who of the invented people leads on which topic: the published report names none, so that the list shows its gaps."""


def _leads(partnership: Partnership, today: date) -> None:
    by = accounts_queries.system_actor(partnership, "Sample year")
    names = {row["key"]: row["name"] for row in read()["agencies"]}
    people = {person.name: person for person in accounts_queries.people_of(by, today)}
    agencies = {agency.name: agency for agency in Agency.objects.filter(partnership=partnership)}
    for name, agency, topics in LEADS:
        for topic in topics:
            meetings.name_lead(
                topic=topic, agency=agencies[names[agency]], person=people[name], starts_on=today, by=by, today=today
            )  # fmt: skip


def _open_report(partnership: Partnership) -> Report:
    by = accounts_queries.system_actor(partnership, "Sample year")
    year = reporting_queries.years(by)[0]
    report = annual_report.open_report(
        year=year, title="Our first annual report", where_published=WEBSITE, by=by
    )
    for position, row in enumerate(read().get("narratives", []), start=1):
        annual_report.write(
            report=report,
            section=row["section"],
            title=row["title"],
            text=row["text"].strip(),
            position=position,
            by=by,
        )
    return report


def _people(partnership: Partnership, personas: tuple[Persona, ...], domain: str, today: date) -> None:
    by = accounts_queries.system_actor(partnership, "Sample year")
    keys = {row["key"]: row["name"] for row in read()["agencies"]}
    agencies = {agency.name: agency for agency in Agency.objects.filter(partnership=partnership)}
    for persona in personas:
        person = accounts.add_person(
            by=by, name=persona.name, email=f"{persona.word}@{domain}", today=today, post=persona.post, password=PASSWORD,
            agency=agencies.get(keys.get(persona.agency, "")), is_invented=True, is_staff=persona.is_staff,
        )  # fmt: skip
        accounts.grant_role(person=person, role=persona.role, by=by, today=today)
