// Comfort for pages that work without any of this.
import { initAll } from "govuk-frontend";
import htmx from "htmx.org";
import { startBoards } from "./board.js";
import { startLines } from "./lines.js";
import { startReveals } from "./reveal.js";
import { settleScrollRegions } from "./scroll.js";

// The content security policy allows neither eval nor inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// Pages may name children: never keep a copy of one in the browser's storage for the Back button.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
// Show what the server answers to a form that it refused, too.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

function start(root) {
  initAll({ scope: root });
  startReveals(root);
  startLines(root);
  startBoards(root);
  settleScrollRegions(root);
}

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
start(document);

document.addEventListener("htmx:load", (event) => {
  const arrived = event.detail.elt;
  if (arrived !== document.body && arrived.parentElement) {
    start(arrived.parentElement);
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});
