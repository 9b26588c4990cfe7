"""What a case taught is written on one page without its child, found by a practitioner, and good practice is brought and accepted."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]
MANAGER, LEAD, PRACTITIONER = "Theo Lindqvist", "Owen Tadesse", "Nia Farrow"
TITLE = "Ask who lives there"


def _said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert", name="Done")).to_contain_text(words)


def _write(page: Page, site: Site) -> str:
    """A note on the invented case, with the child's name left in it."""
    page.goto(f"{site.url}/bexley/cases/")
    page.get_by_role("link", name="Invented case").click()
    page.get_by_role("link", name="Write a briefing note").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What we looked at").fill("A child who was found alone.")
    page.get_by_label("What needs to develop").fill("- Nobody asked whether Kayden lived there.")
    page.get_by_label("Questions for your team").fill("Whom do we ask who else lives in a home?")
    page.get_by_text("Themes it is found by").click()
    page.get_by_label("Think family").check()
    page.get_by_role("button", name="Save the draft").click()
    _said(page, "The note is a draft")
    return page.url


def _issue(page: Page) -> None:
    page.get_by_role("button", name="Issue it").click()
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Issue it").click()


def _read(page: Page, site: Site) -> None:
    """By its theme, and as a file."""
    page.goto(f"{site.url}/bexley/learnt/")
    page.get_by_role("list").get_by_role("link", name="Think family").click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("Nobody asked whether the child lived there.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="The note as a PDF").click()
    assert download.value.suggested_filename.startswith("briefing-note-bri-")


def test_a_note_on_a_case_goes_out_without_its_child_and_is_found_by_theme(
    page: Page, site: Site, sign_in: Become
) -> None:
    sign_in(page, MANAGER)
    note = _write(page, site)
    _issue(page)
    expect(page.get_by_role("alert")).to_contain_text("What needs to develop holds “Kayden”")
    page.goto(note)
    page.get_by_role("link", name="Change the words").click()
    page.get_by_label("What needs to develop").fill("- Nobody asked whether the child lived there.")
    page.get_by_role("button", name="Save").click()
    _said(page, "The note was changed")
    _issue(page)
    _said(page, "The note was issued")
    sign_in(page, PRACTITIONER)
    _read(page, site)


def test_an_agency_lead_brings_good_practice_and_everybody_finds_it_once_it_is_accepted(
    page: Page, site: Site, sign_in: Become
) -> None:
    sign_in(page, LEAD)
    page.goto(f"{site.url}/bexley/learnt/")
    page.get_by_role("button", name="Bring an example of good practice").click()
    page.get_by_label("Title").fill("A visit with the school nurse")
    page.get_by_label("What was done?").fill("Two services went together.")
    page.get_by_label("Why did it work?").fill("The family told its story once.")
    asked = page.get_by_role("group", name="When was it?").first
    for part, value in (("Day", "7"), ("Month", "10"), ("Year", "2019")):
        asked.get_by_label(part).fill(value)
    page.get_by_role("button", name="Bring it").click()
    _said(page, "It is read before everybody can find it")
    example = page.url
    sign_in(page, MANAGER)
    page.goto(example)
    page.get_by_role("button", name="Accept it").click()
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Accept it").click()
    _said(page, "Everybody here can find it")
    sign_in(page, PRACTITIONER)
    page.goto(f"{site.url}/bexley/learnt/?words=school+nurse")
    page.get_by_role("link", name="A visit with the school nurse").click()
    expect(page.get_by_text("The family told its story once.")).to_be_visible()
