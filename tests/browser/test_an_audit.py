"""An audit of two agencies, from its plan to what the panel agreed, by the people who would live it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]
MANAGER, SOCIAL_CARE, LIBRARIES = "Theo Lindqvist", "Owen Tadesse", "Rosa Whitlock"
TITLE = "Adolescents known to two agencies"
LIST = "Ref,Age band\n" + "".join(f"LCS {n},{'10 to 13' if n < 6 else '14 to 17'}\n" for n in range(12))


def _said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert", name="Done")).to_contain_text(words)


def _day(page: Page, group: str, day: str, month: str, year: str) -> None:
    asked = page.get_by_role("group", name=group, exact=False).first
    for part, value in (("Day", day), ("Month", month), ("Year", year)):
        asked.get_by_label(part).fill(value)


def _plan(page: Page, site: Site) -> str:
    page.goto(f"{site.url}/bexley/audits/tools/standard")
    page.get_by_role("button", name="Make it").click()
    _said(page, "The tool is there")
    page.goto(f"{site.url}/bexley/audits/plan")
    page.get_by_label("What is audited?").fill(TITLE)
    page.get_by_label("Multi-agency audit", exact=True).check()
    page.get_by_label("For which priority?").select_option(label="Priority 4: Adolescent vulnerability")
    page.get_by_label("Out of which records are they chosen?").fill("Young people discussed in October 2019")
    _day(page, "When does the audit begin?", "1", "11", "2019")
    page.get_by_role("button", name="Plan it").click()
    _said(page, "The audit was planned")
    return page.url


def _choose(page: Page) -> None:
    page.get_by_role("button", name="Upload the list of records").click()
    page.get_by_label("The list").set_input_files(
        {"name": "young-people.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    page.get_by_label("Which columns do you want to group by?").fill("Age band")
    page.get_by_role("button", name="Upload it").click()
    _said(page, "The list is on the audit")
    page.get_by_label("At random within groups").check()
    page.get_by_label("How many, if they are drawn?").fill("2")
    page.get_by_label("Column to group by").select_option("Age band")
    page.get_by_role("button", name="Choose them").click()
    _said(page, "The records were chosen")


def _ask(page: Page) -> None:
    page.get_by_role("button", name="Ask the agencies").click()
    page.get_by_label("Multi-agency audit, version 1").check()
    page.get_by_label("LB Bexley Children's Social Care").check()
    page.get_by_label("LB Bexley Libraries").check()
    page.get_by_role("button", name="Ask them").click()
    _said(page, "in its work list")


def _answer(page: Page, site: Site, audit: str, grade: str) -> None:
    """Answer both parts of one's own agency: one line of what waits leads to the audit, where each of them stands."""
    page.goto(f"{site.url}/bexley/work")
    expect(page.get_by_role("row", name=TITLE).get_by_role("link", name="Answer them")).to_be_visible()
    for _ in range(2):
        page.goto(audit)
        page.get_by_role("listitem").filter(has_text="Asked for").get_by_role(
            "link", name="Child "
        ).first.click()
        for radio in page.get_by_role("radio", name=grade, exact=True).all():
            radio.check()
        for radio in page.get_by_role("radio", name="Yes", exact=True).all():
            radio.check()
        for box in page.locator("textarea").all():
            box.fill("The record shows it on two visits.")
        page.get_by_role("button", name="Submit the answers").click()
        _said(page, "Your answers were submitted")


def _accept_all(page: Page, site: Site, audit: str) -> None:
    page.goto(f"{site.url}/bexley/work")
    expect(page.get_by_role("row", name=TITLE).get_by_role("link", name="Read them")).to_be_visible()
    page.goto(audit)
    records = [
        link.get_attribute("href") for link in page.locator("main").get_by_role("link", name="Child ").all()
    ]
    for record in [each for each in dict.fromkeys(records) for _ in range(2)]:
        page.goto(f"{site.url}{record}")
        page.get_by_role("listitem").filter(has_text="Submitted").get_by_role("link").first.click()
        page.get_by_role("button", name="Accept it").click()
        page.get_by_label("I have read it").check()
        page.get_by_role("button", name="Accept it").click()
        _said(page, "The part was accepted")


def test_two_agencies_audit_and_the_panel_agrees(site: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, MANAGER)
    audit = _plan(page, site)
    _choose(page)
    _ask(page)

    # Social care answers; libraries answer otherwise, and do not see what social care wrote.
    sign_in(page, SOCIAL_CARE)
    _answer(page, site, audit, "Good")
    page.goto(audit)
    page.locator("main").get_by_role("link", name="Child ").first.click()
    others = page.url
    sign_in(page, LIBRARIES)
    assert page.goto(others).status == 404  # type: ignore[union-attr]
    _answer(page, site, audit, "Inadequate")

    # The manager accepts, the panel compares and agrees.
    sign_in(page, MANAGER)
    _accept_all(page, site, audit)
    page.goto(audit)
    page.get_by_role("button", name="Put it before the panel").click()
    page.get_by_role("button", name="Begin the comparison").click()
    page.locator("#main-content, main").get_by_role("link", name="Child ").first.click()
    expect(page.get_by_text("2 steps apart").or_(page.get_by_text("3 steps apart")).first).to_be_visible()
    page.get_by_role("button", name="Record what the panel agreed").click()
    page.get_by_role("radio", name="Requires improvement").first.check()
    page.get_by_label("Why the panel agreed so").first.fill("One agency had asked, the other had not.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The panel agreed:").first).to_be_visible()

    # Now libraries see what social care said.
    sign_in(page, LIBRARIES)
    page.goto(others)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Child")
