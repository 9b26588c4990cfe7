"""A Friday afternoon: a serious incident from the practitioner's referral to the Panel, by the people who would live it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]
MANAGER, PRACTITIONER, OUTSIDER = "Theo Lindqvist", "Nia Farrow", "Rosa Whitlock"
AGENCIES = {
    "LB Bexley Children's Social Care": "Owen Tadesse",
    "Metropolitan Police Service": "Callum Reyes",
    "Bexley Clinical Commissioning Group": "Ffion Abara",
}
SIGNERS = ("Priya Nair", "Callum Reyes", "Ffion Abara")
CHILD = "Marlon Featherby"
"""Wholly invented."""


def _said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert", name="Done")).to_contain_text(words)


def _refer(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/bexley/")
    page.get_by_role("link", name="Learning", exact=True).click()
    page.get_by_role("link", name="Refer an incident", exact=True).click()
    page.get_by_role("button", name="Refer a serious incident").click()
    page.get_by_label("Which child or children?").fill(f"{CHILD}, 7 3 2015")
    page.get_by_label("What happened, and why do you think it is serious?").fill(
        f"{CHILD} was found badly hurt at home."
    )
    page.get_by_label("Day", exact=True).fill("1")  # the Friday before; the story holds at any hour
    page.get_by_label("At what time, if you know?").fill("4pm")
    page.get_by_role("button", name="Refer it").click()
    _said(page, "The incident was referred")
    expect(page.get_by_role("table")).to_contain_text("Its team has it")


def _screen(page: Page, site: Site) -> str:
    page.goto(f"{site.url}/bexley/cases/?stage=referred")
    page.get_by_role("link", name="Case CAS").click()
    page.get_by_role("button", name="Screen the referral").click()
    for words, answer in (("abuse or neglect", "Yes"), ("child died", "No"), ("seriously harmed", "Yes"), ("happen in this area", "Yes"),
                          ("looked after", "No")):  # fmt: skip
        page.get_by_role("group", name=words).get_by_label(answer, exact=True).check()
    page.get_by_label("The criteria are met: notify").check()
    page.get_by_label("Reasons").fill("Neglect is suspected, and the harm is serious.")
    page.get_by_role("button", name="Save").click()
    _said(page, "The screening is on record")
    return page.url


def _notify(page: Page) -> None:
    page.get_by_role("button", name="Note the notification").click()
    expect(page.get_by_label("Whom is it about?")).to_have_value(f"{CHILD}, born 7 March 2015")
    for agency in AGENCIES:
        page.get_by_label(agency, exact=True).check()
    page.get_by_role("button", name="Begin the rapid review").click()
    _said(page, "The rapid review has begun")
    expect(page.get_by_role("main")).to_contain_text("Due: Send the rapid review to the Panel")


def _answer(page: Page, site: Site, reference: str) -> None:
    page.goto(f"{site.url}/bexley/work")
    page.get_by_role("row", name=reference).get_by_role("link", name="Answer it").click()
    for label in (
        "What happened, as your agency knows it",
        "How your agency was involved",
        "What was done at once",
    ):
        page.get_by_label(label).fill("As we know it.")
    page.get_by_role("button", name="Keep the draft").click()
    _said(page, "The draft was kept")
    page.get_by_role("button", name="Write the answer").click()
    expect(page.get_by_label("What was done at once")).to_have_value("As we know it.")
    page.get_by_label("Who signs this off in your agency?").fill("Head of service")
    page.get_by_role("button", name="Hand it in").click()
    _said(page, "Your answer was handed in")


def _summarise(page: Page, case: str) -> None:
    page.goto(case)
    page.get_by_role("link", name="Note the review meeting").click()
    page.get_by_role("button", name="Save").click()
    _said(page, "The meeting is on record")
    page.get_by_role("button", name="Write the one-page summary").click()
    page.get_by_text("As we know it.").first.wait_for(state="attached")
    page.get_by_label("The facts, and the family").fill("A child was found badly hurt.")
    page.get_by_label("Local child safeguarding practice review").check()
    page.get_by_label("Reasons").fill("Three agencies knew of the home.")
    page.get_by_role("button", name="Save").click()
    _said(page, "The three partners can sign")


def _sign(page: Page, case: str) -> None:
    page.goto(case)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_label("Agrees", exact=True).check()
    page.get_by_label("Your reasons").fill("There is learning for all of us.")
    page.get_by_role("button", name="Sign", exact=True).click()
    _said(page, "Your signature is on record")


def test_an_incident_goes_from_referral_to_the_panel(page: Page, site: Site, sign_in: Become) -> None:
    _refer(sign_in(page, PRACTITIONER), site)
    case = _screen(sign_in(page, MANAGER), site)
    _notify(page)
    reference = page.locator(".govuk-caption-l").inner_text().removeprefix("Case ")
    for person in AGENCIES.values():
        _answer(sign_in(page, person), site, reference)
    sign_in(page, OUTSIDER)
    page.goto(case)
    expect(page.get_by_role("heading", level=1)).to_contain_text("not found")
    _summarise(sign_in(page, MANAGER), case)
    for person in SIGNERS:
        _sign(sign_in(page, person), case)
    sign_in(page, MANAGER)
    page.goto(case)
    page.get_by_role("link", name="Whole history, and everybody who looked").click()
    expect(page.get_by_role("main")).to_contain_text(f"{OUTSIDER} asked for a page and was refused")
    page.goto(case)
    page.get_by_role("link", name="Send it to the Panel").click()
    page.get_by_role("button", name="It was sent").click()
    _said(page, "Its clock is met")
    page.get_by_role("link", name="Show it to the wider group").click()
    page.get_by_label("What happened, in words for the wider group").fill("Marlon was badly hurt.")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("alert").first).to_contain_text("could be the name of somebody")
    page.get_by_label("What happened, in words for the wider group").fill("A child of four was badly hurt.")
    page.get_by_role("button", name="Show it").click()
    _said(page, "The wider group can read it")
