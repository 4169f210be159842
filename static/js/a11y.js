// Focus and announcements after something changed, and one press of a button being one request.
// Everything works without it; nothing here knows what a page is about.
(() => {
  const announcementGap = 5000;
  let announcedAt = 0;
  let waiting = [];
  let said;

  const region = (name) => document.getElementById(`live-${name}`);

  // A region that is set to the same text twice is read once; clearing it first makes every announcement heard.
  const say = (text, name) => {
    const target = region(name);
    if (!target) return;
    target.textContent = "";
    setTimeout(() => { target.textContent = text; }, 50);
  };

  // Live updates may come in bursts: the newest is spoken at most every five seconds.
  const announce = (text) => {
    waiting.push(text);
    if (waiting.length > 1) return;
    const wait = Math.max(0, announcedAt + announcementGap - Date.now());
    setTimeout(() => {
      announcedAt = Date.now();
      say(waiting[waiting.length - 1], "polite");
      waiting = [];
    }, wait);
  };

  const focusOn = (element) => {
    if (!element) return;
    if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
    element.focus();
  };

  const settle = () => focusOn(document.querySelector(".error-summary"));

  // A link of the summary leads to the field itself, so that typing can start.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  // The second press of a button waits for the first; after 400 ms the button says what it does.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    const words = button.dataset.busy;
    if (words) setTimeout(() => { if (form.dataset.sent) { button.dataset.idle = button.innerHTML; button.textContent = words; } }, 400);
  });
  // Where several lines are written, Enter begins a new one; with Ctrl it presses the button that the form is about.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.target.closest?.("textarea")?.form?.querySelector("button.primary")?.click();
  });
  const release = () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      if (button.dataset.idle) { button.innerHTML = button.dataset.idle; delete button.dataset.idle; }
    }
  };
  window.addEventListener("pageshow", release);

  document.addEventListener("htmx:before:request", (event) => event.detail.ctx?.target?.setAttribute?.("aria-busy", "true"));
  document.addEventListener("htmx:finally:request", (event) => {
    event.detail.ctx?.target?.removeAttribute?.("aria-busy");
    if (event.target.closest?.("form")) release();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const context = event.detail.ctx;
    if (context?.response?.status === 422) settle();
    const text = document.querySelector("[data-announce]")?.dataset.announce;
    if (text && text !== said) announce(text);
    said = text;
  });
  // The server may name what to focus: HX-Trigger: {"focus-on": "#heading"}.
  document.addEventListener("focus-on", (event) => focusOn(document.querySelector(event.detail?.value ?? event.detail)));

  document.addEventListener("DOMContentLoaded", () => {
    said = document.querySelector("[data-announce]")?.dataset.announce;
    settle();
  });
})();
