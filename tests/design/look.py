"""Look at the components page: pictures at 1280 and 320 px, light, dark, high contrast and print; axe; CSP.

    python -m tests.design.look /tmp/look

Prints what axe found, what the console said and whether any page scrolls sideways. A tool for people; the
suite's own browser tests are in tests/browser.
"""

import functools
import http.server
import os
import sys
import threading
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.design.settings_design")

import django

django.setup()

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from shield.kernel.design import views  # noqa: E402

DESIGN = Path(__file__).resolve().parents[2] / "shield/kernel/design"
SOURCES = dict.fromkeys(("script", "style", "font", "img", "connect"), "'self'")
POLICY = "; ".join(f"{kind}-src {source}" for kind, source in {"default": "'none'", **SOURCES}.items())
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
SITE = {
    "product": "Shield",
    "partnership_name": "Example Safeguarding Children Partnership",
    "home_url": "/",
    "nav": [
        {"text": text, "href": f"#nav-{number}", "current": number == 1}
        for number, text in enumerate(
            ["Home", "Meetings", "Improvement", "Learning", "Reviews", "Training", "Annual report"]
        )
    ],
    "person_name": "Ama Boateng",
    "person_role": "Business manager",
    "sign_out_url": "/out",
    "switch_url": "/switch",
    "help_url": "/help",
    "is_demo": True,
    "today_text": "4 November 2019",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """The components page at every address, and the built files under /static/."""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            super().do_GET()
            return
        request = RequestFactory().get(self.path)
        body = render_to_string(
            "design/components.html", {**views.components_context(request), "site": SITE}, request
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


def check(page: Page, name: str, folder: Path) -> None:
    """One picture, one run of axe, one measure of the width."""
    page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    print(name, "| sideways:", wide, "| axe:", len(result.response["violations"]))
    for violation in result.response["violations"]:
        print("  ", violation["id"], violation["help"])
        for node in violation["nodes"][:4]:
            print("     ", node["html"][:140], "|", node.get("failureSummary", "")[:300].replace("\n", " "))


def main(folder: Path) -> None:
    """Every look in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(DESIGN))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for width in (1280, 1100, 800, 320):
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page.on("console", lambda message: print("  console:", message.type, message.text[:200]))
                page.goto(address)
                check(page, f"{scheme}-{width}", folder)
                page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900}, forced_colors="active")
        page.goto(address)
        check(page, "forced-1280", folder)
        page.close()
        context = browser.new_context(viewport={"width": 320, "height": 900}, java_script_enabled=False)
        page = context.new_page()
        page.goto(address)
        page.screenshot(path=str(folder / "noscript-320.png"), full_page=True)
        context.close()
        page = browser.new_page()
        page.goto(address)
        page.pdf(path=str(folder / "print.pdf"), format="A4")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "/tmp/look"))
