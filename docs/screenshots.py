"""`make screenshots`: draw the pictures of README and docs/tour.md from the running demonstration, so that they stay true."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
BROWSER = os.environ.get("SHIELD_TEST_BROWSER", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
SHOTS: tuple[tuple[str, str, str, int], ...] = (
    ("home", "Marian Okoro", "/bexley/", 1280),
    ("chain", "Marian Okoro", "/bexley/chain/", 1280),
    ("meetings", "Marian Okoro", "/bexley/meetings/", 1280),
    ("hub", "Theo Lindqvist", "/bexley/hub/", 1280),
    ("case", "Theo Lindqvist", "/bexley/cases/ > Child O", 1280),
    ("learnt", "Theo Lindqvist", "/bexley/learnt/", 1280),
    ("report", "Marian Okoro", "/bexley/report/ > 2018-19", 1280),
    ("discrepancies", "Marian Okoro", "/bexley/figures/discrepancies", 1280),
    ("figure", "Judith Amsel", "/bexley/figures/of/meetings.board_held", 1280),
    ("priority", "Judith Amsel", "/bexley/priorities/ > Reduce the number", 1280),
    ("contents", "Marian Okoro", "/bexley/report/ > 2018-19 > Item by item", 1280),
    ("partner", "Priya Nair", "/bexley/", 1280),
    ("agency", "Owen Tadesse", "/bexley/", 1280),
    ("phone", "Owen Tadesse", "/bexley/actions/", 390),
)
"""Name, persona, address (then the words of each link to follow), width."""


def main() -> None:
    """Set up a demonstration of its own, serve it, take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # Ended from outside, it still stops what it serves.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="shield-pictures-") as data:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        served = subprocess.Popen(
            [sys.executable, "-m", "shield", "demo", "--data", data, "--port", str(port)], cwd=ROOT
        )
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            _take(f"http://127.0.0.1:{port}")
        finally:
            served.terminate()
            served.wait(timeout=20)


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demonstration did not start.")


def _take(site: str) -> None:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        for name, persona, place, width in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            sign_in(page, site, persona)
            address, *links = place.split(" > ")
            page.goto(site + address)
            for link in links:
                page.get_by_role("main").get_by_role("link", name=link).first.click()
                page.wait_for_load_state()
            page.wait_for_load_state("networkidle")
            expect(page.locator("[hx-trigger=load]")).to_have_count(0)
            page.evaluate("document.fonts.ready.then(() => true)")
            page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
            print(f"docs/pictures/{name}.png  {page.title()}")
            page.close()
        browser.close()


def sign_in(page: Page, site: str, persona: str) -> None:
    """Become one of the demonstration's people with one click."""
    page.goto(f"{site}/personas")
    page.get_by_role("button", name=persona).first.click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main()
