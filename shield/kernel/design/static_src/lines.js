// Lines typed during a meeting. Each gets a key of its own and waits in this tab until the server has it: a lost
// connection loses nothing, and a line that arrives twice is one line. Two people who type at once never meet.
import htmx from "htmx.org";

const RETRY = 4000;

export function startLines(root) {
  root.querySelectorAll("form[data-line-form]").forEach((form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "yes";
    begin(form);
  });
}

function begin(form) {
  const place = `shield-lines/${form.dataset.lineForm}`;
  const state = form.querySelector("[data-line-state]");
  const text = form.elements.namedItem("text");
  let sending = false;

  const waiting = () => JSON.parse(sessionStorage.getItem(place) || "[]");
  const keep = (lines) =>
    lines.length ? sessionStorage.setItem(place, JSON.stringify(lines)) : sessionStorage.removeItem(place);
  const say = (words) => {
    state.textContent = words;
  };

  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (let lines = waiting(); lines.length; lines = waiting()) {
        const answer = await deliver(form, lines[0]);
        if (answer === "later") {
          say(`${lines.length} waiting to be sent. Nothing is lost: go on typing.`);
          window.setTimeout(send, RETRY);
          return;
        }
        keep(waiting().filter((line) => line.key !== lines[0].key));
        if (answer.refused) {
          text.value = text.value || lines[0].text;
          say(`Not kept: ${answer.refused}`);
          return;
        }
        say("Kept.");
        htmx.swap("#notes", answer.html, { swapStyle: "outerHTML" });
      }
    } finally {
      sending = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!text.value.trim()) {
      say("Type what was said, decided or is to be done.");
      text.focus();
      return;
    }
    const line = Object.fromEntries(new FormData(form));
    line.key = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    delete line.once;
    keep([...waiting(), line]);
    text.value = "";
    text.focus();
    send();
  });

  form.addEventListener("keydown", (event) => {
    if (event.target === text && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    const chosen = event.altKey && { n: "note", d: "decision", a: "action" }[event.key.toLowerCase()];
    const box = chosen && form.querySelector(`input[name=sort][value=${chosen}]`);
    if (box) {
      event.preventDefault();
      box.click();
      text.focus();
    }
  });

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    if (waiting().length) event.preventDefault();
  });
  send();
}

async function deliver(form, line) {
  const body = new URLSearchParams(line);
  body.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  try {
    const answer = await fetch(window.location.pathname, {
      method: "POST",
      body,
      headers: { "HX-Request": "true", "X-Shield-Line": "yes" },
    });
    if (answer.status === 422) return { refused: await answer.text() };
    if (!answer.ok || answer.redirected) return "later";
    return { html: await answer.text() };
  } catch {
    return "later";
  }
}
