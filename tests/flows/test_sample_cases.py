"""The cases of the sample year as section 6.2.5 of the published report has them, and the clocks of 6.2.2."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("sample", "undone")

MOBILE, DIFFERENTIAL = (
    "Unexplained injuries in pre-mobile babies",
    "Unexplained injuries: differential diagnoses",
)
SHARED = "Information sharing between agencies and boroughs"
THEMES = {
    "Child O": {SHARED, "Special guardianship orders"},
    "Baby G": {
        "Engaging with fathers", "Escalation", "Parental mental health", "Strategy discussions", DIFFERENTIAL, MOBILE,
    },
    "Baby John": {
        "Suspected non-accidental injury", "Engaging with fathers", "Parental consent", DIFFERENTIAL, "Professional curiosity",
        "Strategy discussions", "Safe uncertainty", MOBILE,
    },
    "Baby I": {"Fabricated or induced illness", MOBILE},
    "Baby L": {
        "Engaging with fathers", "Joint pre-birth assessments", "Genograms", "Professional curiosity", "Safe uncertainty",
        DIFFERENTIAL, MOBILE,
    },
    "R": {
        "Children missing education", "Respectful practice", "Voice of the child", "Communication between local authorities",
        "Child protection procedures not followed",
    },
    "Ms M": {"Supporting care leavers"},
    "Family N": {
        "Adult mental health", "Domestic abuse", "Substance misuse", "Engaging with fathers", "Genograms", SHARED,
        "Record keeping", "Respectful practice", "Think family",
    },
    "Mr K": {"Joint working", "Self-neglect", "Think family", "Young carers"},
    "Mrs BA": {
        "Domestic abuse", "Access to perinatal mental health services", "Escalation", "Joint pre-birth assessments",
        "Joint working", "Parental mental health", "Think family",
    },
}  # fmt: skip
"""By case; the eleventh case of the demonstration is invented and has none yet."""


def _cases() -> Any:
    from shield.domain.reviews.models import Case

    return Case.objects.filter(partnership__slug="bexley").exclude(pseudonym="Invented case")


def test_the_themes_across_cases_are_those_of_the_published_table() -> None:
    found = {case.pseudonym: set(case.themes.values_list("title", flat=True)) for case in _cases()}
    assert found == THEMES
    assert len(set().union(*THEMES.values())) == 30


def test_child_o_is_counted_in_working_days_and_its_clocks_are_due_when_they_were() -> None:
    from shield.domain.reviews import rules
    from shield.kernel.clocks.models import Clock
    from shield.kernel.clocks.queries import working_calendar

    case = _cases().get(pseudonym="Child O")
    days = working_calendar()
    assert case.notified_on == date(2019, 7, 11)
    assert rules.days_from(case.notified_on, case.rapid.met_on, days) == "5 working days"
    assert rules.days_from(case.notified_on, case.rapid.sent_on, days) == "12 working days"
    clocks = {row.code: (row.state, row.due_on, row.met_on) for row in Clock.objects.filter(about_id=case.pk)}
    assert clocks == {
        "review.rapid": ("met", date(2019, 8, 1), date(2019, 7, 29)),
        "review.publication": ("running", date(2020, 3, 1), None),
    }
