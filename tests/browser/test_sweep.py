"""Every page, full, empty and in error: axe finds nothing, the console is silent, 320 px wide it does not slide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from shield.project.routes import Route
from tests.browser import addresses
from tests.databases import Site

pytestmark = pytest.mark.sweep
TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
CHUNKS = 6
MISTAKEN = (
    "gathering_record", "gathering_decide", "body_add", "evidence_add", "action_add", "priority_add", "finding_add",
    "theme_add", "recommendation_add", "impact_review_hold", "progress_add", "statement_add", "person_role",
    "activity_add", "said_add", "said_answer", "said_decline", "told", "quotation_add", "quotation_consent", "promise_add",
    "survey_add", "question_add", "survey_open", "survey_answer", "circle_join",
    "invite", "invitation_act", "person_leave", "own_emails",
    "hold_place", "due_list", "retention_period", "subject_request_open", "subject_request_look",
    "agency_add", "year_add", "cycle_start", "step_add", "excuse_item", "settle", "clock_meet", "report_withdraw",
    "audit_plan", "audit_record", "audit_begin", "audit_typed", "audit_discussion_add", "audit_finding_add", "audit_stop",
    "case_refer", "case_record", "case_screen", "case_notify", "case_ask", "case_summary", "letter_add", "case_route",
    "output_add", "identity_add", "team_join", "team_conflict", "return_send_back",
    "audit_tool_add", "audit_question_add", "audit_scale_add",
)  # fmt: skip
"""Forms that refuse to be sent empty."""


@pytest.fixture(scope="module")
def prepared(site: Site) -> Site:
    """The site, with one of everything that can be opened."""
    addresses.prepare()
    return site


class Sweep:
    """Opens page after page and keeps what is wrong with each."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site, self.axe = page, site, Axe()
        self.wrong: list[str] = []
        self.said: list[str] = []
        page.on(
            "console", lambda message: self.said.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, place: str, status: int = 200) -> None:
        """Open a page and judge it."""
        self.page.set_viewport_size(WIDE)
        self.said.clear()
        answer = self.page.goto(self.site.url + place)
        if answer is None or answer.status != status:
            self.wrong.append(f"{place}: status {answer and answer.status}")
            return
        self.judge(place)

    def judge(self, place: str) -> None:
        """Everything that is wrong with the page as it stands."""
        page = self.page
        expect(page.locator("[hx-trigger=load]")).to_have_count(0)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for violation in self.axe.run(page, options=TAGS).response["violations"]:
            where = "; ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
            self.wrong.append(f"{place}: {violation['id']} ({len(violation['nodes'])}): {where}")
        page.set_viewport_size(NARROW)
        wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if wide[0] > wide[1]:
            self.wrong.append(f"{place}: slides sideways at 320 px ({wide[0]} wide)")
        self.wrong += [f"{place}: console: {line}" for line in self.said]

    def send_empty(self, place: str) -> None:
        """Empty a form, send it, and judge the page that refuses it."""
        self.page.set_viewport_size(WIDE)
        self.said.clear()
        self.page.goto(self.site.url + place)
        form = self.page.locator("main form[method=post]").last
        form.evaluate(
            "form => { form.noValidate = true; for (const field of form.elements) {"
            " if (field.type == 'checkbox' || field.type == 'radio') field.checked = false;"
            " else if (field.tagName != 'BUTTON' && field.type != 'hidden') field.value = '' } }"
        )
        form.locator("button:not(.govuk-button--secondary)").last.click()  # not what only sets it aside
        expect(self.page.locator(".govuk-error-summary")).to_be_visible()
        self.judge(f"{place}, sent empty")


@contextmanager
def sweeping(page: Page, site: Site) -> Iterator[Sweep]:
    """Judge many pages, then say everything at once."""
    sweep = Sweep(page, site)
    yield sweep
    assert sweep.wrong == [], "\n".join(sweep.wrong)


Become = Callable[[Page, str], Page]
OF_A_RECORD = {
    "settle",
    "identities",
    "identity_add",
    "names_decide",
    "chronology_open",
    "briefing_note_write",
}
"""Pages about a record that is named in the address; where there is none, there is no page."""
OF_A_PARTNER = {"case_sign"}
"""Pages for one of the three partners alone."""


def _inside(route: Route) -> bool:
    """Whether one is signed in to see it."""
    return (
        "<slug:partnership>" in route.path
        or route.name in {"components", "start"}
        or route.path.startswith("/account/")
    )


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_page_of_the_sample_year(chunk: int, prepared: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, "Marian Okoro")
    with sweeping(page, prepared) as sweep:
        for route in [r for r in addresses.opened() if _inside(r) and r.name not in OF_A_PARTNER][
            chunk::CHUNKS
        ]:
            sweep.open(addresses.address(route))


def test_the_page_on_which_a_partner_signs(prepared: Site, page: Page, sign_in: Become) -> None:
    by_name = {route.name: route for route in addresses.opened()}
    sign_in(page, "Priya Nair")
    with sweeping(page, prepared) as sweep:
        for name in sorted(OF_A_PARTNER):
            sweep.open(addresses.address(by_name[name]))


@pytest.mark.parametrize("chunk", range(2))
def test_every_form_sent_empty(chunk: int, prepared: Site, page: Page, sign_in: Become) -> None:
    by_name = {route.name: route for route in addresses.opened()}
    sign_in(page, "Marian Okoro")
    with sweeping(page, prepared) as sweep:
        for name in MISTAKEN[chunk::2]:
            sweep.send_empty(addresses.address(by_name[name]))


def test_every_page_of_a_partnership_that_holds_nothing(prepared: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, "Hugh Penrose")
    with sweeping(page, prepared) as sweep:
        for route in addresses.opened():
            if (
                route.path.count("<") == 1
                and route.path.startswith("/<slug:partnership>")
                and route.name not in OF_A_RECORD
            ):
                sweep.open(addresses.address(route, "marlowe"))


def test_every_page_that_anybody_sees(prepared: Site, page: Page) -> None:
    with sweeping(page, prepared) as sweep:
        for route in addresses.opened():
            if not _inside(route) and route.declared and route.declared.public:
                sweep.open(addresses.address(route))
        sweep.send_empty("/sign-in")


def test_a_search_in_every_state(prepared: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, "Marian Okoro")
    with sweeping(page, prepared) as sweep:
        for typed in (
            "",
            "recomendation",
            "priority astronomy",
            "the of",
            "xyzzyq",
            "children&page=2&kind=improvement.action",
        ):
            sweep.open(f"/bexley/search?q={typed}")


def test_what_is_not_there_is_a_page_as_well(prepared: Site, page: Page, sign_in: Become) -> None:
    sign_in(page, "Owen Tadesse")
    places: dict[str, Any] = {
        "/bexley/actions/018f0000-0000-7000-8000-000000000000": 404,
        "/bexley/clocks/": 403,
        "/nowhere": 404,
    }
    sweep = Sweep(page, prepared)
    for place, status in places.items():
        sweep.open(place, status)
    # The browser itself notes the status of a page that is refused.
    assert [line for line in sweep.wrong if "Failed to load resource" not in line] == []
