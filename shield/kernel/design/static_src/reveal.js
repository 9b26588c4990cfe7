// Fields under a choice are shown while it is chosen. The Design System's own script says so by aria-expanded, which
// radios may not carry; here the fields simply follow their choice, which is what a reader meets next anyway.

function follow(choice) {
  const fields = document.getElementById(choice.dataset.reveals);
  if (fields) {
    fields.classList.toggle("shield-reveal--hidden", !choice.checked);
  }
}

export function startReveals(root) {
  root.querySelectorAll("[data-reveals]").forEach((choice) => {
    follow(choice);
    const form = choice.closest("form") || document;
    form.addEventListener("change", (event) => {
      if (event.target.name === choice.name) {
        follow(choice);
      }
    });
  });
}
