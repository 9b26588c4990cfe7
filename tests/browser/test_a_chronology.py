"""Four agencies send what they keep as they keep it, and a reader finds what contradicts and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from shield.project.sample import chronologies as sample
from tests.databases import Site

Become = Callable[[Page, str], Page]
READER = "Theo Lindqvist"
AGENCIES = {
    "council": "Owen Tadesse",
    "police": "Callum Reyes",
    "health": "Ffion Abara",
    "school": "Rosa Whitlock",
}
"""Who sends which of the four tables; nobody in the demonstration is of a school, so the libraries send its notes."""
SETTLED = {
    "council": {5: "2:30pm"},
    "health": {4: "25 April 2018", 7: "22 June 2018"},
    "school": {7: "29 May 2018"},
}
TEAM = "Review of Child K"


@pytest.fixture
def team(site: Site) -> str:
    """A team in which the reader is, until a record of a case brings its own."""
    from shield.kernel.accounts.models import Partnership, Person, Team, TeamMembership

    partnership = Partnership.objects.get(slug="bexley")
    made = Team(partnership=partnership, title=TEAM, purpose="Reads a chronology").store()
    person = Person.objects.get(name=READER)
    TeamMembership(partnership=partnership, team=made, person=person, starts_on=date(2019, 1, 1)).store()
    return str(made.ref.as_text())


def _said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert", name="Done")).to_contain_text(words)


def _start(page: Page, site: Site, team: str) -> str:
    page.goto(f"{site.url}/bexley/chronologies/open?about={team}")
    page.get_by_label("What is it called?").fill("Child K")
    page.get_by_label("Who is it about").fill("Kayden Thornley-Marsh, everything since September 2017")
    page.get_by_role("button", name="Start it").click()
    _said(page, "The chronology was started")
    made = page.url
    page.get_by_role("link", name="Ask agencies").or_(
        page.get_by_role("button", name="Ask agencies")
    ).first.click()
    for name in ("LB Bexley Children's Social Care", "LB Bexley Libraries"):
        page.get_by_label(name, exact=False).first.check()
    for word in ("Metropolitan Police Service", "Bexley Clinical Commissioning Group"):
        page.get_by_role("checkbox", name=word).first.check()
    page.get_by_role("button", name="Ask them").click()
    _said(page, "in its work list")
    return made


def _give(page: Page, site: Site, agency: str) -> None:
    """Send one's table, say what its columns are, settle what is in doubt, hand it in."""
    page.goto(f"{site.url}/bexley/work")
    page.get_by_role("link", name="Write it").first.click()
    part = page.url
    name, content = sample.file_of(agency)
    if name:
        page.get_by_role("link", name="Upload a table").or_(
            page.get_by_role("button", name="Upload a table")
        ).first.click()
        page.get_by_label("The file").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        page.get_by_role("button", name="Upload it").click()
    else:
        page.get_by_role("link", name="Paste text").or_(
            page.get_by_role("button", name="Paste text")
        ).first.click()
        page.get_by_label("The events").fill(content.decode())
        page.get_by_role("button", name="Read it").click()
    if agency in {"police", "school"}:
        page.get_by_label("Where is this recorded").fill("Our records")
    page.get_by_role("button", name="Read the table so").click()
    _settle(page, SETTLED.get(agency, {}))
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("button", name="Take it in").click()
    _said(page, "The table was taken in")
    page.goto(part)
    page.get_by_role("button", name="Hand it in").click()
    page.get_by_role("button", name="Hand it in").click()
    _said(page, "was handed in")


def _settle(page: Page, answers: dict[int, str]) -> None:
    if not answers:
        return
    page.get_by_role("button", name="Settle the dates").click()
    for row, words in answers.items():
        offered = page.get_by_role("group", name=f"Row {row}:").get_by_role("radio", name=words)
        if offered.count():
            offered.first.check()
        else:
            page.get_by_label(f"Row {row}:").last.fill(words)
    page.get_by_role("button", name="Save").click()
    _said(page, "The dates are read as you said")


def test_four_messy_files_become_one_chronology(site: Site, page: Page, sign_in: Become, team: str) -> None:
    sign_in(page, READER)
    made = _start(page, site, team)
    for agency, name in AGENCIES.items():
        sign_in(page, name)
        _give(page, site, agency)
    assert page.goto(made).status == 404  # type: ignore[union-attr]

    # The reader sees all in one order, and what was found in it.
    sign_in(page, READER)
    page.goto(f"{made}/merged")
    expect(page.get_by_role("heading", name="about September 2017", exact=True)).to_be_visible()
    page.goto(f"{made}/conflicts")
    expect(page.get_by_text("Date of birth of Kayden: 3 December 2011, and 12 March 2011")).to_be_visible()
    page.goto(f"{made}/gaps")
    expect(page.get_by_role("row", name="No contact of any agency").first).to_be_visible()

    # Two agencies told of one meeting on two days: said to be the same, it becomes a conflict, and that is settled.
    page.goto(f"{made}/same")
    page.get_by_role("link", name="21 June 2018").first.click()
    page.get_by_role("button", name="Same event").click()
    _said(page, "shown together")
    page.goto(f"{made}/conflicts")
    expect(page.get_by_text("The same event is told of 21 June 2018, and 22 June 2018")).to_be_visible()
    page.get_by_role("link", name="Day or time").first.click()
    page.get_by_label("What is taken to be so").fill("The minutes say 21 June")
    page.get_by_role("button", name="Settle it").click()
    _said(page, "The conflict is settled")
    page.goto(f"{made}/timeline")
    page.locator("main").get_by_role("link", name="2018").first.click()
    page.locator("main").get_by_role("link", name="May 2018").first.click()
    expect(page.get_by_role("img", name="Entries of May 2018").first).to_be_visible()
