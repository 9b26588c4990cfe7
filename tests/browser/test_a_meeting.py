"""A Board from its agenda to its minutes, by those who take part in it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

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
    page.get_by_role("button", name="Put the agenda together").click()
    page.get_by_label("6-month impact review of Priority 1").check()
    page.get_by_role("button", name="Put these on the agenda").click()
    page.goto(f"{meeting}/papers/ask")
    page.get_by_label("Title").fill("Missing children: the quarter")
    page.get_by_label("Agency that writes it").select_option("LB Bexley Libraries")
    page.get_by_role("button", name="Ask for it").click()
    return meeting


def _seat_thirty_two() -> None:
    """The sample names few seats of its Board; as many agencies of it take one as make thirty-two."""
    from shield.kernel.accounts import queries
    from shield.kernel.accounts.models import Agency, Partnership
    from shield.meetings import services
    from shield.meetings.models import Body, BodyMember

    partnership = Partnership.objects.get(slug="bexley")
    by = queries.system_actor(partnership)
    board = Body.objects.get(partnership=partnership, name="Partnership Board")
    seats = BodyMember.objects.filter(body=board, ends_on__isnull=True)
    seated = seats.filter(agency__isnull=False).values("agency_id")
    free = Agency.objects.filter(partnership=partnership).exclude(pk__in=seated)
    for agency in free.order_by("name")[: 32 - seats.count()]:
        services.add_member(body=board, role="member", agency=agency, by=by)
    assert seats.count() == 32


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


def _hold(page: Page, second: Page, meeting: str) -> None:
    """Two people take notes at once, one of them through a lost connection; neither loses a word. All are marked."""
    for each in (page, second):
        each.goto(f"{meeting}/live")
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
    expect(page.locator("#roll")).to_contain_text("32 not marked")
    for number, left in ((0, 31), (1, 30)):
        page.locator("#roll form.shield-roll").nth(number).get_by_label("Apologies").check()
        expect(page.locator("#roll")).to_contain_text(f"{left} not marked")
    page.get_by_role("button", name="Everybody else is present").click()
    expect(page.locator("#roll")).to_contain_text("30 there, 0 not marked")


def test_a_board_of_thirty_two_is_prepared_held_minuted_and_approved_by_three_people(
    site: Site, page: Page, browser: Browser, sign_in: Become, tmp_path: Path, settings: Any
) -> None:
    _seat_thirty_two()
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

    second = browser.new_context().new_page()
    sign_in(second, "Theo Lindqvist")
    _hold(page, second, meeting)

    page.goto(f"{meeting}/minutes")
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.locator("main")).to_contain_text("Decision (agreed): Publish the figures each quarter.")
    minutes = page.url
    page.get_by_role("button", name="Circulate them").click()
    page.get_by_role("button", name="Circulate them").click()
    author.goto(minutes)
    expect(author.locator("main")).to_contain_text("Typed while the line was down.")
    _correct(author, second, minutes)
    _approve(site, page, second, minutes, settings)
    for other in (author, second):
        other.context.close()


def _correct(author: Page, second: Page, minutes: str) -> None:
    """A reader asks for a correction; whoever writes the minutes answers it."""
    author.get_by_role("button", name="Ask for a correction").click()
    author.get_by_label("What should be put right?").fill("It was the first quarter.")
    author.get_by_role("button", name="Ask for it").click()
    second.goto(minutes)
    second.get_by_role("link", name="It was the first quarter.").click()
    second.get_by_label("Taken up", exact=True).check()
    second.get_by_role("button", name="Answer", exact=True).click()
    expect(second.locator("main")).to_contain_text("taken up")


def _approve(site: Site, page: Page, reader: Page, minutes: str, settings: Any) -> None:
    """The next Board approves them; then they are frozen, with a fingerprint."""
    settings.SHIELD_TODAY = date(2020, 1, 27)
    page.goto(f"{site.url}/bexley/bodies/")
    page.get_by_role("link", name="Partnership Board", exact=True).click()
    page.get_by_role("link", name="Partnership Board, 27 January 2020").click()
    page.goto(f"{page.url}/live")
    _type(page, "The minutes of the last meeting were agreed.")
    expect(page.locator("#notes")).to_contain_text("were agreed")
    page.goto(minutes)
    page.get_by_role("button", name="Record that they were approved").click()
    page.get_by_label("At which meeting were they approved?").select_option(
        "Partnership Board, 27 January 2020"
    )
    page.get_by_role("button", name="Freeze them").click()
    expect(page.locator("main")).to_contain_text("Unchanged")
    expect(page.get_by_role("button", name="Change them")).to_have_count(0)
    reader.goto(f"{minutes}")
    with reader.expect_download() as download:
        reader.get_by_role("link", name="PDF").click()
    text = " ".join(each.extract_text() for each in PdfReader(download.value.path()).pages)
    assert "Typed while the line was down." in text
    assert "Fingerprint" in text


def _a_pdf() -> bytes:
    from datetime import UTC, datetime

    from shield.kernel.documents.exchange import pdf
    from shield.kernel.documents.rules import blocks as b

    made = b.Document(
        title="The quarter", organisation="Libraries", layout="note", blocks=(b.Heading(1, "The quarter"),)
    )
    return pdf.pdf(made, at=datetime(2019, 11, 1, tzinfo=UTC))
