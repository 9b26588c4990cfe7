"""Old messages go after two people have looked; what is held stays; a person's data is answered with a second look."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]


def _old_messages() -> None:
    from shield.kernel.accounts.models import Partnership, Person
    from shield.kernel.notices.models import Message

    partnership = Partnership.objects.get(slug="bexley")
    rosa = Person.objects.get(name="Rosa Whitlock")
    for day in (1, 2, 3):
        Message.objects.create(
            partnership_id=partnership.pk, person_id=rosa.pk if day == 3 else None, template="report_ready",
            address="lead@example.invalid", subject=f"Old message {day}", body="Ready.", status="sent",
            queued_at=datetime(2010, 1, day, 12, 0, tzinfo=UTC),
        )  # fmt: skip


def _work() -> None:
    from shield.kernel.jobs.tests.test_services import work

    work()


def _hold(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/bexley/partnership/")
    page.get_by_role("link", name="Retention, legal holds and subject access").click()
    page.get_by_role("link", name="Legal holds").click()
    page.get_by_role("link", name="Place a legal hold").click()
    page.get_by_label("Everything of a person").check()
    page.get_by_label("Person", exact=True).select_option("Rosa Whitlock")
    page.get_by_label("Who asked for it?").fill("Legal services")
    page.get_by_label("Why is it held?").fill("A claim is going on.")
    page.get_by_role("button", name="Place the hold").click()
    expect(page.locator("main")).to_contain_text("In force")


def test_a_manager_proposes_a_partner_confirms_and_what_is_held_stays(
    site: Site, page: Page, browser: Browser, sign_in: Become
) -> None:
    _old_messages()
    sign_in(page, "Marian Okoro")
    _hold(site, page)
    page.goto(f"{site.url}/bexley/retention/due/")
    page.get_by_role("link", name="E-mail", exact=True).click()
    for name in ("Old message 1", "Old message 2", "Old message 3"):
        page.get_by_label(name).check()
    page.get_by_label("Propose to dispose of them").check()
    page.get_by_label("Reason").fill("Nobody needs them any more.")
    page.get_by_role("button", name="Do this").click()
    expect(page.get_by_role("alert")).to_contain_text("Held since 4 November 2019: A claim is going on.")
    expect(page.get_by_label("Reason")).to_have_value("Nobody needs them any more.")
    page.get_by_label("Old message 3").uncheck()
    page.get_by_role("button", name="Do this").click()
    expect(page.locator("main")).to_contain_text("Waits for a second person")
    expect(page.get_by_role("link", name="Confirm this disposal")).to_have_count(0)
    disposal = page.url

    partner = browser.new_context().new_page()
    sign_in(partner, "Callum Reyes")
    partner.goto(disposal)
    partner.get_by_role("link", name="Confirm this disposal").click()
    partner.get_by_role("button", name="Dispose of them for good").click()
    expect(partner.locator("main")).to_contain_text("Confirmed, being carried out")
    _work()
    partner.goto(f"{site.url}/bexley/retention/log/")
    row = partner.get_by_role("row").filter(has_text="Marian Okoro")
    expect(row).to_contain_text("Callum Reyes")
    expect(row).to_contain_text("6 years from: the end of the reporting year")
    partner.goto(disposal)
    expect(partner.locator("main")).to_contain_text("Carried out")
    partner.context.close()
    page.goto(f"{site.url}/bexley/retention/due/notices.message")
    expect(page.locator("main")).to_contain_text("Old message 3")
    expect(page.locator("main")).not_to_contain_text("Old message 1")


def test_a_request_is_recorded_reviewed_looked_at_twice_and_released(
    site: Site, page: Page, sign_in: Become
) -> None:
    sign_in(page, "Marian Okoro")
    page.goto(f"{site.url}/bexley/retention/requests/open")
    page.get_by_label("Who asks?").select_option("Priya Nair")
    page.get_by_role("button", name="Record it and gather").click()
    expect(page.locator("main")).to_contain_text("Being gathered")
    request = page.url
    _work()
    page.goto(f"{request}?decision=open")
    while page.get_by_role("link", name=re.compile(r"Item \d")).count():
        page.get_by_role("link", name=re.compile(r"Item \d")).first.click()
        page.get_by_label("Disclose it").check()
        for box in page.get_by_label("Redact it").all():
            box.check()
        for reason in page.get_by_label("Why, for").all():
            reason.fill("Somebody else.")
        page.get_by_role("button", name="Decide").click()
        page.goto(f"{request}?decision=open")
    page.get_by_role("link", name="Finish the review").click()
    page.get_by_role("button", name="Finish it").click()
    page.get_by_role("link", name="Take a second look and release it").click()
    expect(page.locator("main")).to_contain_text("Name: Priya Nair")
    page.get_by_label("I have read the answer as it will leave").check()
    page.get_by_role("button", name="Release the answer").click()
    expect(page.locator("main")).to_contain_text("Fingerprint")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the answer as PDF").click()
    assert download.value.suggested_filename == "answer-sar-0001.pdf"
