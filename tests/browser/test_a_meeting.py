"""A Board from its agenda to its minutes, by those who take part in it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.databases import Site

Become = Callable[[Page, str], Page]
TITLE = "Partnership Board, 4 November 2019"


def _plan(site: Site, page: Page) -> str:
    """A Board planned for today, with a standing item and a paper asked of the local health partner."""
    page.goto(f"{site.url}/bexley/bodies/")
    page.get_by_role("link", name="Partnership Board", exact=True).click()
    page.get_by_role("link", name="Standing items").click()
    page.get_by_label("Item 1", exact=True).fill("Welcome and apologies")
    page.get_by_role("button", name="Save the standing items").click()
    page.get_by_role("link", name="Plan a meeting").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Kind", exact=True).select_option("Board meeting")
    for part, value in (("Day", "4"), ("Month", "11"), ("Year", "2019")):
        page.get_by_role("group", name="Date", exact=True).get_by_label(part).fill(value)
    page.get_by_label("Begins at").fill("9:30am")
    page.get_by_role("button", name="Plan it").click()
    meeting = page.url
    page.get_by_role("link", name="Put the agenda together").click()
    page.get_by_label("6-month impact review of Priority 1").check()
    page.get_by_role("button", name="Put these on the agenda").click()
    page.goto(f"{meeting}/papers/ask")
    page.get_by_label("Title").fill("Missing children: the quarter")
    page.get_by_label("Agency that writes it").select_option("LB Bexley Libraries")
    page.get_by_role("button", name="Ask for it").click()
    return meeting


def _hand_in(site: Site, page: Page, paper: Path) -> None:
    """Its author finds the paper on their own list and hands it in."""
    page.goto(f"{site.url}/bexley/")
    page.get_by_role("link", name="Paper: Missing children: the quarter").first.click()
    page.get_by_role("button", name="Hand it in").click()
    page.get_by_label("The paper").set_input_files(paper)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("main")).to_contain_text("Handed in")


def _type(page: Page, words: str) -> None:
    page.get_by_label("What was said, decided or is to be done").fill(words)
    page.keyboard.press("Enter")


def test_a_board_is_prepared_held_and_minuted_by_three_people(
    site: Site, page: Page, browser: Browser, sign_in: Become, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(_a_pdf())
    sign_in(page, "Marian Okoro")
    meeting = _plan(site, page)

    author = browser.new_context().new_page()
    sign_in(author, "Rosa Whitlock")
    _hand_in(site, author, paper)

    page.goto(meeting)
    with page.expect_download() as download:
        page.get_by_role("link", name="Agenda and papers as one PDF").click()
    pack = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert "Paper 1: Missing children: the quarter" in [
        m.title for m in pack.outline if not isinstance(m, list)
    ]

    # Two people take notes at once, one of them through a lost connection; neither loses a word.
    page.goto(f"{meeting}/live")
    second = browser.new_context().new_page()
    sign_in(second, "Theo Lindqvist")
    second.goto(f"{meeting}/live")
    _type(page, "The police reported on the quarter.")
    _type(second, "Schools asked for figures by school.")
    expect(second.locator("#notes")).to_contain_text("Schools asked")
    page.context.set_offline(True)
    _type(page, "Typed while the line was down.")
    expect(page.locator("[data-line-state]")).to_contain_text("waiting to be sent")
    page.context.set_offline(False)
    expect(page.locator("#notes")).to_contain_text("Typed while the line was down.")
    expect(page.locator("#notes")).to_contain_text("Schools asked for figures by school.")
    page.keyboard.press("Alt+d")
    _type(page, "Publish the figures each quarter.")
    expect(page.locator("#notes")).to_contain_text("Publish the figures each quarter.")
    page.get_by_role("button", name="Everybody else is present").click()
    expect(page.locator("#roll")).to_contain_text("0 not marked")

    page.goto(f"{meeting}/minutes")
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.locator("main")).to_contain_text("Decision (agreed): Publish the figures each quarter.")
    minutes = page.url
    page.get_by_role("button", name="Circulate them").click()
    page.get_by_role("button", name="Circulate them").click()
    author.goto(minutes)
    expect(author.locator("main")).to_contain_text("Typed while the line was down.")
    for other in (author, second):
        other.context.close()


def _a_pdf() -> bytes:
    from datetime import UTC, datetime

    from shield.kernel.documents.exchange import pdf
    from shield.kernel.documents.rules import blocks as b

    made = b.Document(
        title="The quarter", organisation="Libraries", layout="note", blocks=(b.Heading(1, "The quarter"),)
    )
    return pdf.pdf(made, at=datetime(2019, 11, 1, tzinfo=UTC))
