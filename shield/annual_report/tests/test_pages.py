"""Pages of the report: writing beside the figures, the public page, and how many statements a page costs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from shield.annual_report import queries, services
from shield.kernel.reporting import services as reporting
from tests.cast import TODAY


@pytest.fixture
def office(person: Any, client_of: Any, actor: Any) -> dict[str, Any]:
    """The business manager at their desk, with an open report."""
    system = actor("system")
    year = reporting.add_year(
        name="2018-19", starts_on=date(2018, 10, 1), ends_on=date(2019, 10, 31), as_at=TODAY, edition="WT2018", by=system
    )  # fmt: skip
    report = services.open_report(year=year, title="Our first report", by=system)
    return {"client": client_of(person("business_manager")), "report": report, "system": system}


def _publish(office: dict[str, Any]) -> None:
    report, by = office["report"], office["system"]
    for covered in queries.assemble(report, by).coverage:
        if covered.standing.value == "missing":
            services.excuse_item(
                report=report, item=covered.item.code, reason="Nothing of this kind in the year.", by=by
            )
    services.publish(report=services.issue_report(report=report, by=by, today=TODAY), by=by, today=TODAY)


def test_the_report_page_says_what_stands_in_the_way(office: dict[str, Any], count_queries: Any) -> None:
    with count_queries() as sent:
        answer = office["client"].get(f"/testbury/report/{office['report'].pk}")
    assert "statutory items are missing" in answer.content.decode()
    assert len(sent) < 60, "The first look after a change works everything out; later ones read what is kept."


def test_a_typed_number_is_flagged_where_it_was_written(office: dict[str, Any]) -> None:
    address = f"/testbury/report/{office['report'].pk}/write/2.3"
    page = office["client"].get(address)
    form = page.context["form"]
    sent = {
        "title": "Working together",
        "text": "We met 12 times.",
        "once": form["once"].value(),
        "version": 0,
    }
    answer = office["client"].post(address, sent, follow=True)
    text = answer.content.decode()
    assert "typed by hand" in text
    assert "stand by it" in text


def test_a_second_submission_of_the_same_form_does_nothing_twice(office: dict[str, Any]) -> None:
    address = f"/testbury/report/{office['report'].pk}/write/2.3"
    once = office["client"].get(address).context["form"]["once"].value()
    for _ in range(2):
        answer = office["client"].post(address, {"title": "T", "text": "Text.", "once": once, "version": 0})
        assert answer.status_code == 302
    assert office["report"].narratives.get(section="2.3").version == 1


def test_nobody_reads_a_report_before_it_is_published_and_everybody_after(office: dict[str, Any]) -> None:
    public = Client()
    assert public.get("/testbury/report/published/2018-19").status_code == 404
    _publish(office)
    answer = public.get("/testbury/report/published/2018-19")
    assert answer.status_code == 200
    assert "Our first report" in answer.content.decode()
    pdf = public.get("/testbury/report/published/2018-19/report.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert "attachment" in pdf.headers["Content-Disposition"]
    assert "Our first report" in public.get("/").content.decode()


def test_a_withdrawn_report_says_so_to_everybody(office: dict[str, Any]) -> None:
    _publish(office)
    office["report"].refresh_from_db()
    services.withdraw(
        report=office["report"], reason="A figure in chapter 4 was wrong.", by=office["system"], today=TODAY
    )
    answer = Client().get("/testbury/report/published/2018-19")
    assert answer.status_code == 410
    assert "A figure in chapter 4 was wrong." in answer.content.decode()
    assert Client().get("/testbury/report/published/2018-19/report.pdf").status_code == 404


def test_every_figure_page_shows_the_records_it_counted(office: dict[str, Any]) -> None:
    answer = office["client"].get("/testbury/figures/of/accounts.relevant_agencies")
    text = answer.content.decode()
    assert "Hillside School" in text
    assert "Testbury Young Voices" in text
    assert office["client"].get("/testbury/figures/of/no.such_figure").status_code == 404
