"""E-mails as people meet them: one says what they want, the manager mends what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]


def test_an_agency_lead_says_which_e_mails_they_want(site: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, "Owen Tadesse")
    page.goto(f"{site.url}/account/")
    page.get_by_role("link", name="Which e-mails you get from").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your e-mails")
    actions = page.get_by_role("group", name="An action is given to you or your agency")
    expect(actions.get_by_label("At once")).to_be_checked()
    actions.get_by_label("In the weekly summary").check()
    summary = page.get_by_role("group", name="The weekly summary")
    summary.get_by_label("Not at all").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("keep the summary or choose otherwise")
    expect(actions.get_by_label("In the weekly summary")).to_be_checked()
    summary.get_by_label("Every Monday").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert", name="Done")).to_contain_text("Your choice was saved")
    page.reload()
    expect(actions.get_by_label("In the weekly summary")).to_be_checked()


def test_a_manager_sees_what_failed_and_sends_it_again(site: Site, page: Page, sign_in: Become) -> None:
    from shield.kernel.notices import services
    from shield.kernel.notices.models import Message
    from tests.browser import addresses

    addresses.prepare_emails()
    sign_in(page, "Marian Okoro")
    expect(page.locator("main")).to_contain_text("waiting: the mail server does not answer since")
    page.get_by_role("link", name="See which e-mails wait").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("E-mails")
    page.get_by_role("link", name="Clear filters").click()
    row = page.get_by_role("row").filter(has_text="Given up")
    expect(row).to_contain_text("Owen Tadesse")
    expect(row).to_contain_text("The mail server does not answer")
    row.get_by_role("link", name="Send again").click()
    page.get_by_role("button", name="Send it again").dblclick()
    expect(page.get_by_role("alert", name="Done")).to_contain_text("It is on its way again")
    expect(page.locator("main")).to_contain_text("Waiting")
    assert Message.objects.filter(status="failed").count() == 0

    services.send_waiting(now=timezone.now() + timedelta(hours=1))
    page.reload()
    expect(page.locator("main")).to_contain_text("Handed over")
    page.goto(f"{site.url}/bexley/")
    expect(page.locator("main")).not_to_contain_text("the mail server does not answer")


def test_an_agency_lead_finds_no_way_to_the_register(site: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, "Owen Tadesse")
    answer = page.goto(f"{site.url}/bexley/people/e-mails/")
    assert answer is not None
    assert answer.status == 403
