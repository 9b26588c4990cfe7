// A wide table scrolls inside a region of its own. The region takes the keyboard's focus only while there is
// something to scroll to, so that nobody has to tab past regions that do nothing.

function settle(region) {
  if (region.scrollWidth > region.clientWidth + 1) {
    region.setAttribute("tabindex", "0");
  } else {
    region.removeAttribute("tabindex");
  }
}

const watcher =
  "ResizeObserver" in window
    ? new ResizeObserver((entries) => entries.forEach((entry) => settle(entry.target)))
    : null;

export function settleScrollRegions(root) {
  root.querySelectorAll(".shield-scroll").forEach((region) => {
    settle(region);
    if (watcher) {
      watcher.observe(region);
    }
  });
}
