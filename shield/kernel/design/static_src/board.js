// A board of cards in columns: a card is dragged to a column, or moved by the keyboard. Either way the page's own form
// is sent, with that one card and that column chosen, so that nothing here can do what the form could not.
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export function startBoards(root) {
  root.querySelectorAll("form[data-board]").forEach((form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "yes";
    begin(form);
  });
}

function begin(form) {
  const piles = [...form.querySelectorAll("[data-pile]")];

  function move(card, from, to) {
    if (!to || to === from) return;
    if (!to.dataset.pile) {
      send(form, "take", `${card.dataset.card}|${from.dataset.pile}`);
    } else if (from.dataset.pile) {
      send(form, "move", `${card.dataset.card}|${from.dataset.pile}|${to.dataset.pile}`);
    } else {
      send(form, "put", `${card.dataset.card}|${to.dataset.pile}`);
    }
  }

  form.querySelectorAll("[data-card]").forEach((card) => {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", card.dataset.card);
      event.dataTransfer.effectAllowed = "move";
      form.dragged = card;
    });
    card.addEventListener("keydown", (event) => {
      if (!event.altKey) return;
      const from = card.closest("[data-pile]");
      if (event.key in STEPS) {
        event.preventDefault();
        move(card, from, piles[piles.indexOf(from) + STEPS[event.key]]);
      } else if ("123".includes(event.key)) {
        const offered = card.querySelectorAll('button[name="put"]')[Number(event.key) - 1];
        if (offered) {
          event.preventDefault();
          offered.click();
        }
      }
    });
  });

  piles.forEach((pile) => {
    pile.addEventListener("dragover", (event) => {
      event.preventDefault();
      pile.classList.add("shield-pile--over");
    });
    pile.addEventListener("dragleave", () => pile.classList.remove("shield-pile--over"));
    pile.addEventListener("drop", (event) => {
      event.preventDefault();
      pile.classList.remove("shield-pile--over");
      if (form.dragged) move(form.dragged, form.dragged.closest("[data-pile]"), pile);
    });
  });
}

function send(form, name, value) {
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name, value });
  form.append(hidden);
  form.submit();
}
